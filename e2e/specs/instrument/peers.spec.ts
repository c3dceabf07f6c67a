/** Two peers in one tab: host and guest side by side, and one instrument for both. */
import { expect, test } from '../../fixtures.ts';
import type { HarnessPage } from '../../pages/harness-page.ts';
import { rowsOf } from '../../support/diagram.ts';
import { NO_STUN } from '../../support/findings.ts';

test.use({ query: NO_STUN });

const peer = ({ page }: HarnessPage, index: number) => page.getByTestId(index === 0 ? 'peer-host' : 'peer-guest');

/** Connects both peers of the tab by hand. */
async function connectBoth(page: HarnessPage): Promise<void> {
  const [host, guest] = [peer(page, 0), peer(page, 1)];
  await host.getByTestId('host-username').fill('Ann');
  await host.getByTestId('create-room-btn').click();
  await expect(guest.getByTestId('guest-room-code')).toHaveValue(/^[A-Z0-9]{8}$/);
  await expect(guest.getByTestId('guest-join-code')).toHaveValue(/^\d{6}$/);
  await guest.getByTestId('guest-username').fill('Bob');
  await guest.getByTestId('join-room-btn').click();
  await host.getByTestId('start-connection-host-btn').click();
  await guest.getByTestId('start-connection-guest-btn').click();
  for (const side of [host, guest]) await expect(side.getByTestId('state-text')).toHaveText('connected');
}

test('one click away: both connect through the Registry, and talk', async ({ registry, host: page }) => {
  await page.at('two-peers').click();
  await connectBoth(page);
  expect([registry.count('create'), registry.count('join')]).toEqual([1, 1]);
  const [host, guest] = [peer(page, 0), peer(page, 1)];
  await host.getByTestId('chat-input').fill('hello');
  await host.getByTestId('send-message-btn').click();
  await expect(guest.getByTestId('chat-message')).toContainText('hello');
});

test('timeline, diagram and waterfall have both on one clock', async ({ host: page }) => {
  await page.at('two-peers').click();
  await connectBoth(page);
  const both = page.at('both-peers');
  // Each event is marked with whose it is, and the newest of both are in view.
  await expect(both.getByTestId('debug-log')).toContainText(/H\d\d:\d\d:\d\d/);
  await expect(both.getByTestId('debug-log')).toContainText(/G\d\d:\d\d:\d\d/);

  await both.getByTestId('tab-diagram').click();
  // Both are here, so nothing has to be inferred.
  const rows = await rowsOf(both.getByTestId('diagram-rows'));
  for (const kind of ['offer', 'answer']) {
    const of = rows.filter((row) => row.kind === kind);
    expect(of.length, kind).toBeGreaterThan(1);
    expect(of.filter(({ inferred }) => inferred)).toEqual([]);
  }
  await both.getByTestId('tab-time').click();
  await expect(both.getByTestId('waterfall-longest')).toBeVisible();
  await both.getByTestId('tab-registry').click();
  await expect(both.getByText('The Registry, seen by the host')).toBeVisible();
  await expect(both.getByText('The Registry, seen by the guest')).toBeVisible();
  await both.getByTestId('tab-faults').click();
  await expect(both.getByTestId('faults-of-a-peer')).toHaveCount(2);
});

test('a fault of one peer is found, and says whose it is', async ({ host: page }) => {
  await page.at('two-peers').click();
  await connectBoth(page);
  const both = page.at('both-peers');
  await both.getByTestId('tab-faults').click();
  const guest = both.getByTestId('faults-of-a-peer').nth(1);
  await guest.getByTestId('fault-cut').click();
  await expect(both.getByTestId('debug-log').or(both.getByTestId('faults'))).toBeVisible();
  for (const index of [0, 1]) await expect(peer(page, index).getByTestId('state-text')).toHaveText('connected');
  await both.getByTestId('tab-time').click();
  await expect(both.getByTestId('waterfall-part').last()).toBeVisible();
});

test('a saved trace has both peers, and opens with both', async ({ host: page }) => {
  await page.at('two-peers').click();
  await connectBoth(page);
  const both = page.at('both-peers');
  await both.getByTestId('tab-traces').click();
  const [download] = await Promise.all([page.page.waitForEvent('download'), both.getByTestId('save-trace').click()]);
  const path = await download.path();
  await both.getByTestId('open-trace').setInputFiles(path);
  await expect(both.getByTestId('opened-trace')).toBeVisible();
  await both.getByTestId('compare-trace').setInputFiles(path);
  await expect(both.getByTestId('comparison')).toHaveCount(2);
  await expect(both.getByTestId('comparison').first()).toContainText('They go alike');
});
