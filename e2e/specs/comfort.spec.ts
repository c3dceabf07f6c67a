/** Conveniences: Enter, copying, and remembered settings. */
import { expect, test } from '../fixtures.ts';
import { connect, type HarnessPage } from '../pages/harness-page.ts';

const pasted = ({ page }: HarnessPage) => page.evaluate(() => navigator.clipboard.readText());

test('Enter does what the form’s button does', async ({ host, guest }) => {
  await host.at('role-host').click();
  await host.at('host-username').fill('HostUser');
  await host.at('host-username').press('Enter');
  const invitation = await host.readInvitation();

  await guest.at('role-guest').click();
  await guest.at('guest-username').fill('GuestUser');
  await guest.at('guest-room-code').fill(invitation.roomCode);
  await guest.at('guest-join-code').fill(invitation.joinCode);
  await guest.at('guest-join-code').press('Enter');
  await guest.expectState('joined');

  await host.startAsHost();
  await guest.startAsGuest();
  await host.expectConnected();
  await host.at('chat-input').fill('by Enter');
  await host.at('chat-input').press('Enter');
  await expect(host.at('chat-input')).toBeEmpty();
  await expect(guest.messagesFrom('peer')).toContainText('by Enter');
});

test('each code has a button that copies it alone', async ({ host }) => {
  await host.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const { roomCode, joinCode } = await host.createRoom();
  await host.at('copy-room-code').click();
  await expect.poll(() => pasted(host)).toBe(roomCode);
  await host.at('copy-join-code').click();
  await expect.poll(() => pasted(host)).toBe(joinCode);
});

test('an invitation link opens the guest form filled in, and works', async ({ registry, host, guest }) => {
  await host.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const { roomCode, joinCode } = await host.createRoom();
  await host.at('copy-invitation').click();
  await expect.poll(() => pasted(host)).toBe(`${registry.url}/#room=${roomCode}&join=${joinCode}`);
  // Changing only the fragment would not reload the page.
  await guest.page.goto('about:blank');
  await guest.page.goto(await pasted(host));
  await expect(guest.at('guest-room-code')).toHaveValue(roomCode);
  await expect(guest.at('guest-join-code')).toHaveValue(joinCode);
  await guest.at('join-room-btn').click();
  await guest.expectState('joined');
});

test('only what applies is visible', async ({ host, guest }) => {
  for (const id of ['room-created-info', 'room-joined-info', 'chat-interface', 'error-box']) {
    await expect(host.at(id)).toBeHidden();
  }
  await host.at('role-host').click();
  await expect(host.at('host-interface')).toBeVisible();
  await expect(host.at('guest-interface')).toBeHidden();
  await guest.at('role-guest').click();
  await expect(guest.at('guest-interface')).toBeVisible();
  await expect(guest.at('host-interface')).toBeHidden();
});

test('the chat keeps the newest message in view after a hundred messages', async ({ host, guest }) => {
  await connect(host, guest);
  await host.page.evaluate(() => {
    for (let i = 0; i < 100; i += 1) window.harness.client.sendMessage({ text: `message ${i}` });
  });
  await expect(guest.messagesFrom('peer').last()).toContainText('message 99');
  await expect(guest.messagesFrom('peer').last()).toBeInViewport();
  await expect(host.messagesFrom('self').last()).toContainText('message 99');
});

test('settings survive a reload', async ({ registry, host }) => {
  const address = `${registry.url}/`;
  await host.at('registry-url').fill(address);
  await host.at('registry-url').press('Enter');
  await host.at('stun-url').fill('stun:127.0.0.1:3478');
  await host.at('stun-url').press('Enter');
  await host.page.reload();
  await expect(host.at('registry-url')).toHaveValue(new RegExp(`^${registry.url}/?$`));
  await expect(host.at('stun-url')).toHaveValue('stun:127.0.0.1:3478');
});

test('an invalid Registry URL is rejected at its field', async ({ registry, host }) => {
  const field = host.at('registry-url');
  for (const address of ['not an address', 'ftp://127.0.0.1', 'javascript:alert(1)', '']) {
    await field.fill(address);
    await host.expectRefused('registry-url', /url/i);
  }
  await field.fill(registry.url);
  await expect(field).not.toHaveAttribute('aria-invalid', 'true');
  await host.createRoom();
});

test('an invalid STUN URL is rejected at its field', async ({ host }) => {
  await host.at('stun-url').fill('http://example.org');
  await host.expectRefused('stun-url', /stun:/i);
});
