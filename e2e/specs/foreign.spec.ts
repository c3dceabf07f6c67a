/** Text from others: whatever it contains and however long it is, it stays in its place and is visible. */
import { expect, test } from '../fixtures.ts';
import { connect, FAILED_REQUEST, type HarnessPage } from '../pages/harness-page.ts';
import { answer } from '../support/faults.ts';

const RLO = '\u202e';
const PDI = '\u2069';
/** Maximum height of a message before it is expanded, in pixels. */
const MOST_PX = 350;

const tell = ({ page }: HarnessPage, message: unknown) =>
  page.evaluate((message) => void window.harness.client.sendMessage(message), message);

const heightOf = async (page: HarnessPage) => (await page.at('chat-message').last().boundingBox())!.height;

/** The characters of an element's first line, from left to right as rendered. */
const asDrawn = (page: HarnessPage, testId: string, containing: string) =>
  page
    .at(testId)
    .filter({ hasText: containing })
    .last()
    .evaluate((element) => {
      const drawn: { left: number; text: string }[] = [];
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        for (let at = 0; at < node.textContent!.length; at += 1) {
          const range = document.createRange();
          range.setStart(node, at);
          range.setEnd(node, at + 1);
          const { left, width } = range.getBoundingClientRect();
          if (width > 0) drawn.push({ left, text: range.toString() });
        }
      }
      return drawn.sort((one, other) => one.left - other.left).map(({ text }) => text).join('');
    });

test('a message of only invisible characters is shown as such on both sides', async ({ host, guest }) => {
  await connect(host, guest);
  for (const [text, words] of [
    ['\u200b\u200b\u200b', '(invisible characters: U+200B ×3)'],
    [`${RLO}${PDI}`, '(invisible characters: U+202E, U+2069)'],
    ['  \n', '(invisible characters: space ×2, line break)'],
    ['\u2800\u3164', '(invisible characters: U+2800, U+3164)'],
    ['', '(empty)'],
  ] as const) {
    await tell(guest, { text });
    await expect(host.messagesFrom('peer').last()).toContainText(words);
    await expect(guest.messagesFrom('self').last()).toContainText(words);
  }
  // JSON other than a text message shows its content anyway.
  await tell(guest, { any: `\u200b${RLO}` });
  await expect(host.messagesFrom('peer').last()).toContainText('{"any":"\\u200b\\u202e"}');
});

test('bidirectional control characters do not affect the rest of a timeline row', async ({ registry, host }) => {
  host.expectComplaint(FAILED_REQUEST);
  const message = `${PDI}${RLO}מספר`;
  registry.fault('create', answer(403, JSON.stringify({ error: { code: `bad${RLO}`, message, retryable: false } })));
  await host.submitHost();
  await host.expectState('error');
  const row = await asDrawn(host, 'debug-entry', '403 bad');
  expect(row).toMatch(/#1 403 bad\[U\+202E\] POST \/rooms in .*B$/);
  await expect(host.at('error-message')).toContainText('[U+2069][U+202E]מספר');
  const log = await copied(host, 'copy-debug-log');
  expect(log).not.toContain(RLO);
  // It represents the same value.
  const said = log.trim().split('\n').map((line) => JSON.parse(line) as { details?: { message?: string } });
  expect(JSON.stringify(said)).toContain(message);
});

test('bidirectional control characters in a message do not affect its sender and time', async ({ host, guest }) => {
  await connect(host, guest);
  await tell(guest, { text: `${PDI}${RLO}abc` });
  const bubble = host.messagesFrom('peer').last();
  await expect(bubble).toContainText('abc');
  await expect(bubble.locator('bdi')).toHaveCSS('unicode-bidi', 'isolate');
  const [text, time] = await Promise.all(['bdi', '.time'].map((part) => bubble.locator(part).boundingBox()));
  expect(text!.x + text!.width).toBeLessThanOrEqual(time!.x);
  await expect(bubble.locator('.time')).toHaveText(/^\d\d:\d\d$/);
  const row = await asDrawn(host, 'debug-entry', 'u2069');
  expect(row).toMatch(/B \{"text":"\\u2069\\u202eabc"\}$/);
});

async function copied(page: HarnessPage, testId: string): Promise<string> {
  await page.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.page.evaluate(() => navigator.clipboard.writeText(''));
  await page.at(testId).last().click();
  const read = () => page.page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(async () => (await read()).length).toBeGreaterThan(0);
  return read();
}

test('a message of 5,000 characters is collapsed, expands by keyboard, and is copied in full', async ({ host, guest }) => {
  await connect(host, guest);
  const text = 'lorem ipsum '.repeat(417).slice(0, 5_000);
  await tell(guest, { text });
  const button = host.at('show-all');
  await expect(button).toHaveText('Show all (5,000 characters)');
  await expect(button).toHaveAttribute('aria-expanded', 'false');
  expect(await heightOf(host)).toBeLessThan(MOST_PX);
  await expect(host.messagesFrom('peer').last()).toBeInViewport();
  expect(await copied(host, 'copy-text')).toBe(text);
  await button.focus();
  await button.press('Enter');
  await expect(button).toHaveText('Show less');
  await expect(button).toHaveAttribute('aria-expanded', 'true');
  await expect(host.messagesFrom('peer').last()).toContainText(text);
  await expect(host.at('left-out')).toBeHidden();
  // A reader is not scrolled away.
  const top = await host.at('chat-messages').evaluate((list) => list.scrollTop);
  await tell(guest, { text: 'news' });
  await expect(host.messagesFrom('peer').last()).toContainText('news');
  expect(await host.at('chat-messages').evaluate((list) => list.scrollTop)).toBe(top);
  await button.press('Space');
  await expect(button).toHaveText('Show all (5,000 characters)');
});

test('of a one-megabyte message the beginning is shown, the rest is counted, and all is copied', async ({ host, guest }) => {
  await connect(host, guest);
  await guest.page.evaluate(() => void window.harness.client.sendMessage({ text: 'x'.repeat(1_000_000) }));
  await expect(host.at('show-all')).toHaveText('Show 100,000 of 1,000,000 characters');
  expect(await heightOf(host)).toBeLessThan(MOST_PX);
  await host.at('show-all').click();
  await expect(host.at('left-out')).toHaveText('900,000 more characters are not shown. Copy to get the whole text.');
  const all = await copied(host, 'copy-text');
  expect([all.length, new Set(all).size]).toEqual([1_000_000, 1]);
  await expect(guest.at('show-all')).toBeVisible();
});

test('a message is limited in height whatever its content and the page’s width', async ({ host, guest }) => {
  await connect(host, guest);
  const high = { lines: 'line\n'.repeat(100), blanks: `${'\n'.repeat(300)}.`, wide: 'W'.repeat(600), json: [...'x'.repeat(900)] };
  for (const width of [1440, 360]) {
    await host.page.setViewportSize({ width, height: 800 });
    for (const [what, text] of Object.entries(high)) {
      await tell(guest, what === 'json' ? text : { text });
      await expect(host.at('show-all').last()).toHaveText(/^Show all/);
      expect(await heightOf(host), `${what}, ${width} px`).toBeLessThan(MOST_PX);
      await tell(guest, 'between');
      await expect(host.messagesFrom('peer').last()).toContainText('between');
    }
    await host.page.reload();
    await host.expectConnected();
  }
});

test('long text from a server is collapsed, too', async ({ registry, host }) => {
  host.expectComplaint(FAILED_REQUEST);
  const error = { code: 'x'.repeat(5_000), message: 'word '.repeat(10_000), retryable: false };
  registry.fault('create', answer(403, JSON.stringify({ error })));
  await host.submitHost();
  await host.expectState('error');
  expect((await host.at('error-box').boundingBox())!.height).toBeLessThan(500);
  await expect(host.at('error-box').getByTestId('show-all')).toHaveText(/^Show all \(50,\d{3} characters\)$/);
  await host.page.getByText('Diagnostics').click();
  expect((await host.at('error-box').boundingBox())!.height).toBeLessThan(800);
  await host.at('debug-entry').last().click();
  await expect(host.at('debug-details')).toContainText('more characters; copy the timeline to get them all');
});
