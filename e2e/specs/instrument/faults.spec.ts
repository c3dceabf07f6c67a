/** Faults on purpose and messages that are held, by hand in the tab *Faults*. */
import { expect, test } from '../../fixtures.ts';
import { connect, expectChat, FAILED_REQUEST, meet, type HarnessPage } from '../../pages/harness-page.ts';
import { NO_STUN } from '../../support/findings.ts';

test.use({ query: NO_STUN });

const held = (page: HarnessPage, carries: string) => page.page.locator(`[data-testid="held-message"][data-carries="${carries}"]`);

/** What was injected, as the trace marks it. */
const injected = ({ page }: HarnessPage) =>
  page.evaluate(() =>
    window.harness
      .trace()
      .filter(({ name }) => name === 'fault:injected')
      .map(({ details }) => (details as { action: string }).action),
  );

test('an offer is held and released by hand, and the handshake goes on', async ({ host, guest }) => {
  await meet(host, guest);
  await host.at('tab-faults').click();
  await host.at('hold-offers').check();
  await host.startAsHost();
  await guest.startAsGuest();
  await expect(held(host, 'offer')).toBeVisible();
  await host.expectState('connecting');
  expect(await host.page.evaluate(() => window.harness.trace().some(({ name }) => name === 'offer:posted'))).toBe(false);
  // From now on they go by themselves.
  await host.at('hold-offers').uncheck();
  await held(host, 'offer').getByTestId('held-release').click();
  await host.expectConnected();
  await guest.expectConnected();
  await expect(held(host, 'offer')).toHaveCount(0);
  expect(await injected(host)).toEqual(['held', 'released']);
});

test('a held answer is edited, and the browser’s own words say what is wrong with it', async ({ host, guest }) => {
  for (const page of [host, guest]) page.expectComplaint(FAILED_REQUEST);
  await meet(host, guest);
  await guest.at('tab-faults').click();
  await guest.at('hold-answers').check();
  await host.startAsHost();
  await guest.startAsGuest();
  const answer = held(guest, 'answer');
  await answer.getByTestId('held-edit').click();
  const content = answer.getByTestId('held-content');
  await expect(content).toHaveValue(/"sdp": "v=0/);
  const written = await content.inputValue();

  await content.fill('no JSON');
  await answer.getByTestId('held-send').click();
  await expect(guest.at('held').getByRole('alert')).toBeVisible();
  await expect(answer).toBeVisible();

  await content.fill(written.replace('a=setup:active', 'a=setup:actpass'));
  await guest.at('hold-answers').uncheck();
  await answer.getByTestId('held-send').click();
  await expect.poll(() => injected(guest)).toContain('edited');
  await expect.poll(() => host.page.evaluate(() => window.harness.findings()[0]?.cause)).toBe('description-rejected');
  await expect(host.at('finding').first()).toContainText(/setRemoteDescription/);
});

test('a request that is sent twice by hand harms nobody', async ({ host, guest }) => {
  await meet(host, guest);
  await host.at('tab-faults').click();
  await host.at('hold-offers').check();
  await host.startAsHost();
  await guest.startAsGuest();
  await held(host, 'offer').getByTestId('held-repeat').click();
  await host.at('hold-offers').uncheck();
  await host.expectConnected();
  await guest.expectConnected();
  await expectChat(host, guest);
  expect(await injected(host)).toContain('repeated');
});

test('a Registry that a switch makes unreachable is there again with it', async ({ host, guest }) => {
  await meet(host, guest);
  await host.at('tab-faults').click();
  await host.at('fault-offline').check();
  await host.startAsHost();
  await guest.startAsGuest();
  await expect.poll(() => injected(host)).toContain('lost');
  await host.at('fault-offline').uncheck();
  await host.expectConnected();
  await guest.expectConnected();
});

test('rules are added, listed, applied and removed', async ({ host, guest }) => {
  await host.at('tab-faults').click();
  await host.at('rule-effect').selectOption('500');
  await host.at('rule-call').selectOption('createRoom');
  await host.at('rule-add').click();
  await expect(host.at('rule')).toHaveText(/"call":"createRoom".*"status":500/);
  await host.submitHost();
  await expect.poll(() => injected(host)).toContain('refused');
  await host.at('rule-remove').click();
  await expect(host.at('rule')).toHaveCount(0);
  // The attempts go on, and the next one arrives.
  await host.expectState('created', 'error');
  if (await host.at('error-remedy-btn').isVisible()) await host.at('error-remedy-btn').click();
  const invitation = await host.readInvitation();
  await host.at('fault-preset').selectOption('congested-mobile');
  await expect(host.at('rule')).toHaveCount(3);
  // What is lost is found missing only after seconds; who is delayed connects soon.
  await host.at('rule').filter({ hasText: '"effect":"lose"' }).getByTestId('rule-remove').click();
  await expect(host.at('rule')).toHaveCount(2);
  await guest.joinRoom(invitation);
  await host.startAsHost();
  await guest.startAsGuest();
  await host.expectConnected();
  await expect.poll(() => injected(host)).toContain('delayed');
  await host.at('faults-clear').click();
  await expect(host.at('rule')).toHaveCount(0);
});

test('a cut is repaired, and says that it was on purpose', async ({ host, guest }) => {
  await connect(host, guest);
  await host.at('tab-faults').click();
  await host.at('fault-cut').click();
  await host.expectEvent('fault:injected', { action: 'cut' });
  await host.expectConnected();
  await guest.expectConnected();
  await expectChat(host, guest);
  await host.at('fault-restart-ice').click();
  await host.expectEvent('fault:injected', { action: 'restarted' });
  await expectChat(host, guest);
});

test('candidates of a type are dropped, and the page finds that there are none', async ({ host, guest }) => {
  await meet(host, guest);
  await host.at('tab-faults').click();
  for (const kind of ['host', 'srflx', 'relay']) await host.at(`fault-drop-${kind}`).check();
  await host.startAsHost();
  await guest.startAsGuest();
  await expect.poll(() => injected(host)).toContain('dropped');
});
