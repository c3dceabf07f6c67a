/** Order does not matter: guest first, host first, or either one a minute late, they connect. */
import { expect, test } from '../fixtures.ts';
import { meet, type HarnessPage } from '../pages/harness-page.ts';
import type { Registry } from '../support/registry.ts';

/** Advances a page's clock by a minute in small steps, in each of which it polls the Registry. */
async function passMinute(page: HarnessPage, registry: Registry): Promise<void> {
  for (let seconds = 0; seconds < 60; seconds += 3) {
    const polls = registry.count('room', 200);
    await page.page.clock.runFor(3000);
    await expect.poll(() => registry.count('room', 200)).toBeGreaterThan(polls);
  }
}

test('guest starts first', async ({ registry, host, guest }) => {
  await meet(host, guest);
  await guest.startAsGuest();
  await guest.expectState('connecting');
  await expect.poll(() => registry.count('room')).toBe(1);
  expect(registry.count('offer')).toBe(0);
  await host.startAsHost();
  await host.expectConnected();
  await guest.expectConnected();
  await host.expectNoError();
  await guest.expectNoError();
});

test('host starts before anybody has joined', async ({ registry, host, guest }) => {
  const invitation = await host.createRoom();
  await host.startAsHost();
  await host.expectState('connecting');
  await expect.poll(() => registry.count('offer', 200)).toBe(1);
  await guest.joinRoom(invitation);
  await guest.startAsGuest();
  await host.expectConnected();
  await guest.expectConnected();
});

test.describe('at a base Registry', () => {
  test.use({ registryFlags: ['--base'] });

  test('host starts a minute before the guest', async ({ registry, blank, guest }) => {
    const host = blank;
    await host.installClock();
    await host.open(registry.url);
    const invitation = await host.createRoom();
    await host.startAsHost();
    await passMinute(host, registry);
    await host.expectState('connecting');
    await guest.joinRoom(invitation);
    await guest.startAsGuest();
    await host.expectConnected();
    await guest.expectConnected();
    await host.expectNoError();
  });

  test('guest starts a minute before the host', async ({ registry, blank, guest }) => {
    // The pages swap roles: the one with the controllable clock is the guest here.
    const [late, early] = [guest, blank];
    await early.installClock();
    await early.open(registry.url);
    await early.joinRoom(await late.createRoom());
    await early.startAsGuest();
    await passMinute(early, registry);
    await early.expectState('connecting');
    await late.startAsHost();
    await late.expectConnected();
    await early.expectConnected();
    await early.expectNoError();
  });

  test('a page that slept for a minute wakes up and connects', async ({ registry, blank, guest }) => {
    const host = blank;
    await host.installClock();
    await host.open(registry.url);
    const invitation = await host.createRoom();
    await host.startAsHost();
    await expect.poll(() => registry.count('offer', 204)).toBe(1);
    await host.page.clock.fastForward(60_000);
    await guest.joinRoom(invitation);
    await guest.startAsGuest();
    await host.expectConnected();
    await guest.expectConnected();
  });
});
