/** The view of session descriptions. */
import { expect, test } from '../fixtures.ts';
import { connect, type HarnessPage } from '../pages/harness-page.ts';
import { changed } from '../support/faults.ts';

const PASSWORD = /a=ice-pwd:(?!\*\*\*)\S{22,}/;

const description = (page: HarnessPage, kind: string) =>
  page.page.locator(`[data-testid="sdp-description"][data-kind="${kind}"]`);

const line = (page: HarnessPage, kind: string, name: string) =>
  description(page, kind).locator(`[data-testid="sdp-line"][data-name="${name}"]`);

test('each description is checked at each step, and offer and answer differ in nothing that matters', async ({
  host,
  guest,
}) => {
  await host.at('tab-sdp').click();
  await expect(host.at('sdp')).toContainText('No descriptions yet');
  await connect(host, guest);
  await expect(host.at('sdp-check')).toHaveText([
    / same local offer: created = set = posted/,
    / same remote answer: received = applied/,
  ]);
  for (const check of await host.at('sdp-check').all()) await expect(check).toHaveAttribute('data-ok', 'true');
  await expect(host.at('sdp-diff')).toHaveAttribute('data-matters', '0');
  await expect(host.at('sdp-diff')).toContainText('They differ in nothing that matters.');
  await expect(description(host, 'offer')).toHaveAttribute('data-side', 'local');
  await expect(description(host, 'answer')).toHaveAttribute('data-side', 'remote');
});

test('a line is explained on demand, by keyboard, too', async ({ host, guest }) => {
  await connect(host, guest);
  await host.at('tab-sdp').click();
  await line(host, 'answer', 'setup').click();
  await expect(host.at('sdp-explanation')).toContainText('client: this side begins DTLS');
  await expect(host.at('sdp-explanation')).toContainText('RFC 8842');
  await line(host, 'offer', 'max-message-size').focus();
  await host.page.keyboard.press('Enter');
  await expect(host.at('sdp-explanation').first()).toContainText('256 KiB');
  await line(host, 'answer', 'setup').click();
  await expect(host.at('sdp-explanation')).toHaveCount(1);
});

test('passwords are hidden until they are asked for, also in what is copied', async ({ host, guest }) => {
  await host.page.context().grantPermissions(['camera', 'microphone', 'clipboard-read', 'clipboard-write']);
  await connect(host, guest);
  await host.at('tab-sdp').click();
  const text = () => host.page.locator('body').innerText();
  const copied = async () => {
    await description(host, 'offer').getByTestId('copy-sdp').click();
    await expect(description(host, 'offer').getByTestId('copy-sdp')).toHaveClass(/copied/);
    return host.page.evaluate(() => navigator.clipboard.readText());
  };
  await expect(line(host, 'offer', 'ice-pwd')).toHaveText('a=ice-pwd:***');
  expect(await text()).not.toMatch(PASSWORD);
  const hidden = await copied();
  expect(hidden).toMatch(/^v=0\r\n/);
  expect(hidden).not.toMatch(PASSWORD);

  await host.at('show-secrets').click();
  await expect(line(host, 'offer', 'ice-pwd')).toHaveText(PASSWORD);
  await expect(description(host, 'offer').getByTestId('copy-sdp')).not.toHaveClass(/copied/);
  expect(await copied()).toMatch(PASSWORD);

  await host.at('show-secrets').click();
  await expect(line(host, 'offer', 'ice-pwd')).toHaveText('a=ice-pwd:***');
});

test('of two peers in one tab, what one has posted is compared with what the other received', async ({ registry, blank }) => {
  await blank.page.goto(`${registry.url}/?peers=2&auto=1`);
  await blank.at('tab-sdp').click();
  await expect(blank.at('sdp-check')).toHaveText([
    / same local offer: created = set = posted/,
    / same remote answer: received = applied/,
    / same remote offer: received = applied/,
    / same local answer: created = set = posted/,
    / same offer: host’s posted = guest’s received/,
    / same answer: guest’s posted = host’s received/,
  ]);
});

test('what somebody has changed on the way is found and named', async ({ registry, blank }) => {
  // Both of them read it with the room; a browser answers with the smaller size itself.
  registry.fault('room', changed('max-message-size:262144', 'max-message-size:262143'));
  await blank.page.goto(`${registry.url}/?peers=2&auto=1`);
  await blank.at('tab-sdp').click();
  const wrong = blank.page.locator('[data-testid="sdp-check"][data-ok="false"]');
  await expect(wrong).toContainText(['offer: host’s posted = guest’s received']);
  await expect(wrong.locator('[data-name="max-message-size"]')).toContainText('262144 → 262143');
});

test('any two descriptions can be compared: an offer from before a reconnect is of another session', async ({ host, guest }) => {
  await connect(host, guest);
  await host.page.evaluate(() => window.harness.client.cut());
  await host.expectEvent('reconnect:success');
  await host.at('tab-sdp').click();
  await host.at('sdp-first').selectOption('local offer');
  await host.at('sdp-second').selectOption('local offer 2');
  await expect(description(host, 'offer')).toHaveCount(2);
  await expect(host.at('sdp-diff')).toHaveAttribute('data-matters', '0');
  await host.at('sdp-diff').locator('summary').click();
  await expect(host.at('sdp-diff').locator('[data-name="o"]')).toContainText('it always differs');
  await expect(host.at('sdp-diff').locator('[data-name="ice-pwd"]')).toContainText('*** → ***');
});
