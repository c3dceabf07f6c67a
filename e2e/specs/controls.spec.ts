/** A complete session as a user does it, through the page's controls. */
import { expect, test } from '../fixtures.ts';
import { connect, expectChat } from '../pages/harness-page.ts';

test('two users meet, connect, chat and close', async ({ host, guest }) => {
  await expect(host.at('close-room-btn')).toBeHidden();
  await expect(host.at('chat-interface')).toBeHidden();

  const invitation = await host.createRoom('Alice');
  await host.expectState('created');
  await expect(host.at('room-created-info')).toBeVisible();
  await expect(host.at('expires-at')).not.toBeEmpty();
  await expect(host.at('guest-interface')).toBeHidden();

  await guest.joinRoom(invitation, 'Bob');
  await expect(guest.at('host-name')).toContainText('Alice');
  await expect(guest.at('host-interface')).toBeHidden();

  await host.startAsHost();
  await host.expectState('connecting');
  await guest.startAsGuest();
  await host.expectConnected();
  await guest.expectConnected();
  await expectChat(host, guest);

  await host.close();
  await expect(host.at('chat-input')).toBeHidden();
  await guest.expectState('disconnected');
  await guest.close();
  await host.expectNoError();
});

test('the state is also an attribute, and the indicator is present', async ({ host }) => {
  await expect(host.at('state-indicator')).toBeVisible();
  await expect(host.at('state-text')).toHaveAttribute('data-state', 'idle');
  await host.createRoom();
  await expect(host.at('state-text')).toHaveAttribute('data-state', 'created');
});

test('messages arrive in order, as text and not as markup, on the right side', async ({ host, guest }) => {
  await connect(host, guest);
  const said = ['one', '<img src=x onerror="document.title=1">', '  three  ', 'https://example.org', '🦀'.repeat(200)];
  for (const text of said) await host.say(text);
  await expect(guest.messagesFrom('peer')).toHaveCount(said.length);
  for (const [i, text] of said.entries()) await expect(guest.messagesFrom('peer').nth(i)).toContainText(text);
  await expect(guest.at('chat-messages').locator('img')).toHaveCount(0);
  await expect(host.messagesFrom('self')).toHaveCount(said.length);
  await expect(host.messagesFrom('peer')).toHaveCount(0);
  await expect(guest.page).not.toHaveTitle('1');
});

test('JSON values other than chat messages are shown as JSON', async ({ host, guest }) => {
  await connect(host, guest);
  await host.page.evaluate(() => void window.harness.client.sendMessage({ type: 'greeting', n: 1 }));
  await expect(guest.messagesFrom('peer')).toContainText(/"type":\s*"greeting"/);
  await guest.say('hello');
  const received = host.messagesFrom('peer');
  await expect(received).toContainText('hello');
  await expect(received).not.toContainText('"text"');
});

test('an empty message is not sent', async ({ host, guest }) => {
  await connect(host, guest);
  await host.at('chat-input').fill('');
  await host.at('chat-input').press('Enter');
  await host.say('after');
  await expect(guest.messagesFrom('peer')).toHaveCount(1);
  await expect(guest.messagesFrom('peer')).toContainText('after');
});

test.describe('with the limits of a base Registry', () => {
  test.use({ registryFlags: ['--rate-limits', 'on'] });

  test('a handshake stays within them', async ({ registry, host, guest }) => {
    await connect(host, guest);
    expect(registry.seen.filter((seen) => (seen.status ?? 0) >= 400)).toEqual([]);
  });
});
