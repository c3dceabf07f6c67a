/** The tab *Registry*: the room as the server sees it, its clock, the calls and the limits. */
import { expect, test } from '../../fixtures.ts';
import { connect, FAILED_REQUEST, meet } from '../../pages/harness-page.ts';
import { rateLimitedFor } from '../../support/faults.ts';
import { NO_STUN } from '../../support/findings.ts';

test.use({ query: NO_STUN });

test('the room, its descriptions and every call are shown as they come', async ({ registry, host, guest }) => {
  await host.at('role-host').click();
  await host.at('tab-registry').click();
  await expect(host.at('registry')).toContainText('No calls yet');
  const { roomCode } = await meet(host, guest);
  await expect(host.at('registry-room')).toHaveText(roomCode);
  await expect(host.at('registry-call').first()).toHaveAttribute('data-operation', 'createRoom');
  await host.startAsHost();
  await guest.startAsGuest();
  await host.expectConnected();
  await expect(host.at('registry-offer')).toHaveText('there');
  await expect(host.at('registry-answer')).toHaveText('there');
  await expect(host.at('registry-status')).toHaveText('paired');
  const calls = host.page.locator('[data-testid="registry-call"][data-operation="exchange"]');
  await expect(calls.first()).toContainText('POST');
  await expect(calls.first()).toContainText('200');
  await expect(calls.first()).toContainText('ms');
  expect(await host.page.locator('[data-testid="registry-call"][data-bad]').count()).toBe(0);
  expect(registry.count('create')).toBe(1);
});

test('what counts against the limits is counted, and a refusal is marked', async ({ registry, host }) => {
  host.expectComplaint(FAILED_REQUEST);
  await host.at('role-host').click();
  await host.at('tab-registry').click();
  registry.fault('create', rateLimitedFor(3600), 1);
  await host.submitHost();
  await host.expectState('error');
  const limit = host.at('registry-limit').filter({ hasText: /create|rooms/i }).first();
  await expect(limit).toHaveAttribute('data-used', '1');
  await expect(limit).toHaveAttribute('data-limit', '5');
  await expect(limit.locator('td').last()).toHaveText('1');
  const refused = host.page.locator('[data-testid="registry-call"][data-bad]');
  await expect(refused).toContainText('429 rate_limited');
});

test('a device whose clock is ten minutes ahead sees when the room really expires', async ({ registry, blank, guest }) => {
  const host = blank;
  await host.page.addInitScript(() => {
    const ahead = 10 * 60_000;
    const now = Date.now.bind(Date);
    Date.now = () => now() + ahead;
  });
  await host.open(registry.url);
  await connect(host, guest);
  await host.at('tab-registry').click();
  await expect(host.at('registry-clock')).toHaveText(/^(9:5\d|10:0\d) behind this device’s$/);
  await expect(host.page.getByText(/expired/i).filter({ visible: true })).toHaveCount(0);
  expect(await host.page.evaluate(() => window.harness.findings().map(({ cause }) => cause))).toContain('clocks-differ');
});
