/** Everything can be done without a mouse. */
import { expect, test } from '../fixtures.ts';
import type { HarnessPage } from '../pages/harness-page.ts';

/** Presses Tab until the control has the focus, as a person would; no control may be further than this. */
async function tabTo({ page }: HarnessPage, testId: string): Promise<void> {
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
  for (let presses = 0; presses < 60; presses += 1) {
    if ((await focused()) === testId) return;
    await page.keyboard.press('Tab');
  }
  expect(await focused(), 'reached by Tab').toBe(testId);
}

async function fill(page: HarnessPage, testId: string, text: string): Promise<void> {
  await tabTo(page, testId);
  await page.page.keyboard.press('Control+A');
  await page.page.keyboard.type(text);
}

async function press(page: HarnessPage, testId: string, key = 'Enter'): Promise<void> {
  await tabTo(page, testId);
  await page.page.keyboard.press(key);
}

test('a whole handshake by keyboard alone', async ({ host, guest }) => {
  await press(host, 'role-host', 'Space');
  await fill(host, 'host-username', 'HostUser');
  await press(host, 'create-room-btn');
  const { roomCode, joinCode } = await host.readInvitation();

  await press(guest, 'role-guest', 'Space');
  await fill(guest, 'guest-username', 'GuestUser');
  await fill(guest, 'guest-room-code', roomCode);
  await fill(guest, 'guest-join-code', joinCode);
  await press(guest, 'join-room-btn', 'Space');
  await guest.expectState('joined');

  await press(host, 'start-connection-host-btn');
  await press(guest, 'start-connection-guest-btn');
  await host.expectConnected();
  await guest.expectConnected();
  await fill(host, 'chat-input', 'no mouse');
  await press(host, 'send-message-btn');
  await expect(guest.messagesFrom('peer')).toContainText('no mouse');
  await press(host, 'close-room-btn');
  await host.expectState('idle');
  await guest.expectState('disconnected');
});

test('the focus can be seen', async ({ host }) => {
  await tabTo(host, 'registry-url');
  const outline = await host.at('registry-url').evaluate((element) => {
    const { outlineStyle, boxShadow } = getComputedStyle(element);
    return { outlineStyle, boxShadow };
  });
  expect(outline.outlineStyle !== 'none' || outline.boxShadow !== 'none').toBe(true);
});

test('controls have names, and what changes is announced', async ({ host }) => {
  await host.createRoom();
  for (const control of await host.page.locator('button:visible, input:visible, select:visible').all()) {
    await expect(control).toHaveAccessibleName(/\S/);
  }
  const live = host.page.locator('[aria-live]:not([aria-live="off"]), [role="status"], [role="alert"], [role="log"]');
  await expect(live.filter({ hasText: 'created' }).first()).toBeAttached();
});
