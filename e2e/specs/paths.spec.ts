/** The view of candidates and pairs. */
import { expect, test } from '../fixtures.ts';
import { Relay } from '../networks/relay.ts';
import { connect, FAILED_REQUEST, meet, type HarnessPage } from '../pages/harness-page.ts';
import { isInstalled } from '../support/programs.ts';

/** The candidates of one side that are shown, by an attribute. */
const candidates = (page: HarnessPage, side: string, rest = '') =>
  page.page.locator(`[data-testid="path-candidate"][data-side="${side}"]${rest}`);

const pairs = (page: HarnessPage, state: string) =>
  page.page.locator(`[data-testid="path-pair"][data-state="${state}"]`);

test('candidates and pairs are shown with what became of them, and the selected pair with its numbers', async ({
  host,
  guest,
}) => {
  await host.at('tab-paths').click();
  await expect(host.at('paths')).toContainText('No candidates yet');
  await connect(host, guest);
  for (const side of ['local', 'remote']) {
    await expect(candidates(host, side, '[data-life="selected"]')).toHaveCount(1);
    await expect(candidates(host, side).first()).toHaveAttribute('data-type', /^(host|prflx)$/);
  }
  const chosen = candidates(host, 'local', '[data-life="selected"]');
  for (const stage of ['gathered', 'posted', 'paired', 'selected']) await expect(chosen).toContainText(stage);
  await expect(pairs(host, 'succeeded').first()).toContainText('selected');
  await expect(pairs(host, 'succeeded').first()).toContainText(/\d+ sent, \d+ answered/);
  await expect(host.at('selected-pair-history')).toHaveCount(1);
  await expect(host.at('selected-pair-history')).toHaveAttribute('data-kind', 'direct');
  await expect(host.at('path-now')).toContainText(/direct.* out, .* in/);
  await expect(host.at('nat-kind')).toHaveAttribute('data-kind', 'unknown');
  // What is drawn is what was recorded.
  await host.expectEvent('ice:pairs');
});

/** Lets the page's peer connections look for the other side where nobody is, which fails after a while. */
const mislead = ({ page }: HarnessPage) =>
  page.addInitScript(() => {
    const Original = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Original {
      override addIceCandidate(candidate?: RTCIceCandidateInit | null): Promise<void> {
        const line = candidate?.candidate?.replace(/ \d+ typ/, ' 65009 typ');
        return super.addIceCandidate(candidate && { ...candidate, candidate: line! });
      }
    };
  });

/** Lets the page's peer connections wait for somewhere to look, which does not fail. */
const deafen = ({ page }: HarnessPage) =>
  page.addInitScript(() => {
    RTCPeerConnection.prototype.addIceCandidate = () => Promise.resolve();
  });

test('when ICE fails, the last pairs stay to be seen, and the server that gave no answer is named', async ({
  registry,
  blank,
  guest,
}) => {
  await mislead(blank);
  // Else it could fail first, and the host would find the room closed before its own checks have failed.
  await deafen(guest);
  guest.expectComplaint(FAILED_REQUEST);
  await blank.open(`${registry.url}/?stun=stun:nowhere.invalid:3478`);
  await guest.page.reload();
  await blank.at('tab-paths').click();
  await meet(blank, guest);
  await blank.startAsHost();
  await guest.startAsGuest();
  await expect(blank.at('path-pair').first()).toHaveAttribute('data-state', /^(in-progress|waiting)$/);
  await expect(blank.at('state-text')).toHaveText('error', { timeout: 60_000 });
  await expect(pairs(blank, 'failed').first()).toBeVisible();
  await expect(candidates(blank, 'remote', '[data-life="failed"]').first()).toContainText('no check succeeded');
  await expect(blank.at('path-now')).toContainText('not selected');
  await expect(blank.at('server-error')).toContainText('701');
});

test.describe('with a relay', () => {
  test.skip(!isInstalled('turnserver'), 'coturn is not installed');
  let relay: Relay;
  test.beforeEach(async ({}, { parallelIndex }) => {
    relay = await Relay.start('127.0.0.1', 3478 + parallelIndex);
  });
  test.afterEach(() => relay.stop());

  /** Makes the page use nothing but the relay. */
  async function relayOnly(page: HarnessPage): Promise<void> {
    const { urls, username, credential } = relay.iceServers[0]!;
    await page.page.getByText('TURN relay').click();
    await page.at('turn-url').fill(String(urls));
    await page.at('turn-username').fill(username!);
    await page.at('turn-credential').fill(credential!);
    await page.at('relay-only').check();
  }

  test('it names the server and how it is reached', async ({ host, guest }) => {
    for (const page of [host, guest]) await relayOnly(page);
    await host.at('tab-paths').click();
    await connect(host, guest);
    const chosen = candidates(host, 'local', '[data-life="selected"]');
    await expect(chosen).toHaveAttribute('data-type', 'relay');
    const { urls } = relay.iceServers[0]!;
    await expect(host.at('path-now')).toContainText('relayed on');
    await expect(host.at('path-now')).toContainText(`by ${urls}, over udp`);
    await expect(chosen).toContainText(`${urls} over udp`);
    await expect(host.at('selected-pair-history')).toHaveAttribute('data-kind', 'relayed');
    await expect(host.page.locator('[data-testid="server"][data-usable="true"]')).toContainText(/turn:|stun:/);
  });
});
