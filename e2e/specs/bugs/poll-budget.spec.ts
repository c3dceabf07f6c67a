/**
 * A base Registry limits snapshots for each room. A client that counted them over all its rooms fell silent for seconds
 * in the third room within ten seconds, and the handshake there waited for nothing.
 */
import { expect, test } from '../../fixtures.ts';
import type { HarnessPage } from '../../pages/harness-page.ts';
import type { Registry } from '../../support/registry.ts';

/** Lets two seconds pass for the page, and says how often it asked for its room in them. */
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
  // From here on time passes only when it is told to.
  await host.page.clock.pauseAt(await host.page.evaluate(() => Date.now() + 1000));
  for (const room of ['first', 'second', 'third', 'fourth']) {
    await host.createRoom();
    await host.startAsHost();
    await expect.poll(() => registry.count('offer', 204), room).toBeGreaterThan(0);
    expect(await pollsInTwoSeconds(host, registry), `polls of the ${room} room`).toBeGreaterThanOrEqual(3);
    await host.close();
  }
});
