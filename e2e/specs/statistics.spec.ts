/** The view of statistics over time. */
import { expect, test } from '../fixtures.ts';
import { connect, type HarnessPage } from '../pages/harness-page.ts';

const chart = (page: HarnessPage, metric: string) => page.page.locator(`[data-testid="chart"][data-metric="${metric}"]`);

/** The path data of a chart's first line. */
const drawn = (page: HarnessPage, metric: string) => chart(page, metric).locator('path').first().getAttribute('d');

test('charts move with what is sent', async ({ host, guest }) => {
  await host.at('tab-statistics').click();
  await expect(host.at('statistics')).toContainText('No samples yet');
  await connect(host, guest);
  for (const metric of ['round-trip', 'bytes', 'messages', 'buffered']) await expect(chart(host, metric)).toBeVisible();
  const before = await drawn(host, 'bytes');
  const talk = host.page.evaluate(async () => {
    const began = performance.now();
    while (performance.now() - began < 3000) {
      window.harness.client.sendMessage('x'.repeat(10_000));
      await new Promise(requestAnimationFrame);
    }
  });
  // More than any heartbeat.
  await expect(chart(host, 'bytes').getByTestId('chart-now').first()).toContainText(/out .* [kM]B\/s/);
  await expect(chart(host, 'messages').getByTestId('chart-range')).toContainText(/to ([2-9]|\d{2,})(\.\d)?\/s/);
  await talk;
  expect(await drawn(host, 'bytes')).not.toBe(before);
  await expect(host.at('untold-statistics')).toContainText('available outgoing bitrate');
});

test('nothing is sampled without a peer connection, and never twice at a time', async ({ blank, registry, guest }) => {
  await blank.installClock();
  await blank.page.addInitScript(() => {
    const count = { asked: 0, pending: 0, most: 0 };
    Object.assign(window, { count });
    const Original = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Original {
      override async getStats(): Promise<RTCStatsReport> {
        count.asked += 1;
        count.pending += 1;
        count.most = Math.max(count.most, count.pending);
        const report = await super.getStats();
        count.pending -= 1;
        return report;
      }
    };
  });
  const count = () => blank.page.evaluate(() => (window as unknown as { count: { asked: number; most: number } }).count);
  await blank.open(registry.url);
  await blank.page.clock.runFor(5000);
  expect((await count()).asked).toBe(0);
  await connect(blank, guest);
  await expect.poll(async () => (await count()).asked).toBeGreaterThan(4);
  await blank.close();
  const { asked, most } = await count();
  // The client asks once for the selected pair, too.
  expect(most).toBeLessThanOrEqual(2);
  await blank.page.clock.runFor(60_000);
  expect((await count()).asked).toBe(asked);
});
