/** Lists while many messages arrive: they show the newest, stay where the reader has scrolled them, and catch up. */
import type { Page } from '@playwright/test';

import { expect, test } from '../fixtures.ts';
import { connect } from '../pages/harness-page.ts';

const LISTS = ['debug-log', 'chat-messages'] as const;
type List = (typeof LISTS)[number];

/** Sends 500 messages a second until the function that is returned is called, which returns how many they were. */
async function traffic(page: Page): Promise<() => Promise<number>> {
  const sender = await page.evaluateHandle(() => {
    const sender = { sent: 0, stop: () => clearInterval(timer) };
    const timer = setInterval(() => {
      for (let i = 0; i < 10; i += 1) window.harness.client.sendMessage({ text: `number ${(sender.sent += 1)}` });
    }, 20);
    return sender;
  });
  return () => sender.evaluate((sender) => (sender.stop(), sender.sent));
}

/** Waits for so many more messages. */
const moreMessages = (page: Page, count: number) =>
  page.evaluate(
    (count) =>
      new Promise<void>((resolve) => {
        let seen = 0;
        window.harness.client.on('message', () => {
          if ((seen += 1) === count) resolve();
        });
      }),
    count,
  );

/** How far the end of a list is below what is in view, in pixels. */
const below = (page: Page, list: List) =>
  page.getByTestId(list).evaluate((list) => Math.round(list.scrollHeight - list.clientHeight - list.scrollTop));

/** What is nearest to the middle of a list's view. */
const inMiddle = (page: Page, list: List) =>
  page.getByTestId(list).evaluate((list) => {
    const middle = (of: Element) => of.getBoundingClientRect().top + of.getBoundingClientRect().height / 2;
    const items = [...list.querySelectorAll('[data-testid=debug-entry], [data-testid=chat-message]')];
    const distance = (item: Element) => Math.abs(middle(item) - middle(list));
    return items.reduce((one, other) => (distance(other) < distance(one) ? other : one)).textContent;
  });

for (const list of LISTS) {
  test(`${list} shows the newest, and stays where the reader has scrolled it`, async ({ host, guest }) => {
    await connect(host, guest);
    const { page } = host;
    const stop = await traffic(guest.page);
    await moreMessages(page, 750);
    await expect.poll(() => below(page, list)).toBeLessThan(30);

    await page.getByTestId(list).hover();
    await page.mouse.wheel(0, -200);
    await expect.poll(() => below(page, list)).toBeGreaterThan(100);
    await moreMessages(page, 250);
    const read = await inMiddle(page, list);
    expect(read).toMatch(/message|number/);
    await moreMessages(page, 500);
    expect(await inMiddle(page, list)).toBe(read);

    if (list === 'debug-log') await host.at('debug-log-newest').click();
    else await page.getByTestId(list).evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await expect.poll(() => below(page, list)).toBeLessThan(30);
    const sent = await stop();
    await expect(host.messagesFrom('peer').last()).toContainText(`number ${sent}`);
    await expect(host.messagesFrom('peer')).toHaveCount(Math.min(sent, 200));
    expect(await below(page, list)).toBeLessThan(30);
    await expect(page.getByTestId(list).getByTestId(list === 'debug-log' ? 'debug-entry' : 'chat-message').last()).toBeInViewport();
  });
}

test('earlier messages are drawn when no more come, and the reader can go back to them', async ({ host, guest }) => {
  await connect(host, guest);
  await guest.page.evaluate(() => {
    for (let i = 1; i <= 1000; i += 1) window.harness.client.sendMessage({ text: `number ${i}` });
  });
  const messages = host.messagesFrom('peer');
  await expect(messages.last()).toContainText('number 1000');
  await expect(messages).toHaveCount(200);
  await expect(messages.last()).toBeInViewport();
  await host.at('chat-earlier').click();
  await expect(messages).toHaveCount(400);
  await expect(messages.first()).toContainText('number 601');
});
