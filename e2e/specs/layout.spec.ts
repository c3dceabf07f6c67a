/** Wide and narrow, dark and light: everything fits, from the initial view to the chat. */
import { expect, test } from '../fixtures.ts';
import { connect, FAILED_REQUEST, type HarnessPage } from '../pages/harness-page.ts';

const WIDTHS = [320, 768, 1440];
const SCHEMES = ['light', 'dark'] as const;

/** Checks that nothing overflows horizontally, and that the colour schemes differ. */
async function expectFits({ page }: HarnessPage, moment: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    const backgrounds = new Set<string>();
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      const overflow = () =>
        page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      await expect.poll(overflow, `${moment}, ${width} px, ${colorScheme}`).toBeLessThanOrEqual(0);
      backgrounds.add(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
    }
    expect(backgrounds.size).toBe(SCHEMES.length);
  }
}

test('the page fits when idle and with a room', async ({ host }) => {
  await expectFits(host, 'idle');
  await host.createRoom('x'.repeat(32));
  await expectFits(host, 'created');
});

test('the page fits with a check and several servers', async ({ host }) => {
  host.expectComplaint(FAILED_REQUEST);
  const long = `turn:${'a-long-name.'.repeat(8)}example:3478?transport=tcp`;
  await host.at('paste-ice-servers').click();
  await host.at('ice-servers-json').fill(JSON.stringify([{ urls: [long, long] }, { urls: long }]));
  await expectFits(host, 'pasting');
  await host.at('apply-ice-servers').click();
  await host.at('run-check').click();
  await expect(host.at('check-lines')).toBeVisible();
  await expect(host.at('check-lines')).not.toHaveAttribute('aria-busy');
  await expectFits(host, 'checked');
});

test('the page fits with an error', async ({ registry, host }) => {
  host.expectComplaint(FAILED_REQUEST);
  registry.down();
  await host.submitHost();
  await host.expectError(/cannot be reached/i);
  await expectFits(host, 'error');
});

test('the page fits with a chat, long words included', async ({ host, guest }) => {
  await connect(host, guest);
  const long = 'W'.repeat(500);
  await host.say(long);
  await expect(guest.messagesFrom('peer')).toContainText(long);
  await expectFits(host, 'chat of the host');
  await expectFits(guest, 'chat of the guest');
});
