/** Everything works without a mouse. */
import { expect, test } from '../fixtures.ts';
import type { HarnessPage } from '../pages/harness-page.ts';

/** Presses Tab until the control has the focus, as a user would; no control may be further away than this. */
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
  await page.page.keyboard.press('Delete');
  await page.page.keyboard.type(text);
}

async function press(page: HarnessPage, testId: string, key = 'Enter'): Promise<void> {
  await tabTo(page, testId);
  await page.page.keyboard.press(key);
}

test('a complete handshake by keyboard alone', async ({ host, guest }) => {
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

test('settings, copying, the timeline and the theme by keyboard alone', async ({ host }) => {
  await host.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await fill(host, 'stun-url', 'stun:stun.example.com');
  await expect(host.at('stun-url')).toHaveValue('stun:stun.example.com');
  await fill(host, 'stun-url', '');
  await host.at('turn-settings').locator('summary').focus();
  await host.page.keyboard.press('Enter');
  await fill(host, 'turn-url', 'turn:turn.example.com');
  await press(host, 'relay-only', 'Space');
  await expect(host.at('relay-only')).toBeChecked();
  await press(host, 'relay-only', 'Space');
  await fill(host, 'turn-url', '');
  const theme = () => host.page.evaluate(() => document.documentElement.dataset.theme);
  const before = await theme();
  await press(host, 'theme-toggle');
  await expect.poll(theme).not.toBe(before);

  await press(host, 'role-host', 'Space');
  await fill(host, 'host-username', 'HostUser');
  await press(host, 'create-room-btn');
  const { joinCode } = await host.readInvitation();
  await press(host, 'copy-join-code');
  await expect.poll(() => host.page.evaluate(() => navigator.clipboard.readText())).toBe(joinCode);

  await press(host, 'debug-log', 'End');
  await expect(host.at('debug-details')).toBeVisible();
  await host.page.keyboard.press('Home');
  await expect(host.at('debug-details')).toContainText('#1 ');
  await press(host, 'collapse-debug-log');
  await expect(host.at('debug-log')).toBeHidden();
  await press(host, 'close-room-btn');
  await host.expectState('idle');
});

test('the focus is visible', async ({ host }) => {
  await tabTo(host, 'registry-url');
  const outline = await host.at('registry-url').evaluate((element) => {
    const { outlineStyle, boxShadow } = getComputedStyle(element);
    return { outlineStyle, boxShadow };
  });
  expect(outline.outlineStyle !== 'none' || outline.boxShadow !== 'none').toBe(true);
});

test('controls have names, and changes are announced', async ({ host }) => {
  await host.createRoom();
  for (const control of await host.page.locator('button:visible, input:visible, select:visible').all()) {
    await expect(control).toHaveAccessibleName(/\S/);
  }
  const live = host.page.locator('[aria-live]:not([aria-live="off"]), [role="status"], [role="alert"], [role="log"]');
  await expect(live.filter({ hasText: 'created' }).first()).toBeAttached();
});
