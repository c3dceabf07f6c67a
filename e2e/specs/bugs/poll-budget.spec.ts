/**
 * A base Registry limits snapshots per room. A client that counted them over all rooms stopped polling for seconds in
 * the third room within ten seconds, which delayed the handshake for no reason.
 */
import { expect, test } from '../../fixtures.ts';
import type { HarnessPage } from '../../pages/harness-page.ts';
import type { Registry } from '../../support/registry.ts';

/** Advances the page's clock by two seconds and returns how often it polled its room. */
async function pollsInTwoSeconds({ page }: HarnessPage, registry: Registry): Promise<number> {
  const before = registry.count('room');
  for (let passed = 0; passed < 2000; passed += 50) {
    await page.clock.runFor(50);
    await expect.poll(() => registry.seen.every(({ status }) => status !== undefined)).toBe(true);
  }
  return registry.count('room') - before;
}

test.use({ registryFlags: ['--base'] });

test('the next room is polled as quickly as the first', async ({ registry, blank }) => {
  const host = blank;
  await host.installClock();
  await host.open(registry.url);
  // From here on the test controls the clock.
  await host.page.clock.pauseAt(await host.page.evaluate(() => Date.now() + 1000));
  for (const room of ['first', 'second', 'third', 'fourth']) {
    await host.createRoom();
    await host.startAsHost();
    await expect.poll(() => registry.count('offer', 204), room).toBeGreaterThan(0);
    expect(await pollsInTwoSeconds(host, registry), `polls of the ${room} room`).toBeGreaterThanOrEqual(3);
    await host.close();
  }
});
