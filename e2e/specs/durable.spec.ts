/** Lost connections: what the user sees, and that no message is lost. */
import { expect, test } from '../fixtures.ts';
import { connect, expectChat, FAILED_REQUEST, type HarnessPage } from '../pages/harness-page.ts';

/** Connects both, and waits until both have a fallback room. */
async function connectForLong(host: HarnessPage, guest: HarnessPage): Promise<void> {
  await connect(host, guest);
  await host.expectEvent('standby', { step: 'ready' });
  await guest.expectEvent('standby', { step: 'ready' });
}

/** Checks that messages arrive, and that the sender sees that they did. */
async function expectDelivered(from: HarnessPage, to: HarnessPage, texts: string[]): Promise<void> {
  await expect(to.messagesFrom('peer')).toHaveCount(texts.length);
  for (const [n, text] of texts.entries()) await expect(to.messagesFrom('peer').nth(n)).toContainText(text);
  for (let n = 0; n < texts.length; n++) {
    await expect(from.messagesFrom('self').nth(n)).toHaveAttribute('data-delivery', 'delivered');
  }
}

for (const cutter of ['host', 'guest'] as const) {
  test(`the ${cutter}’s connection breaks: both reconnect, and messages sent meanwhile arrive`, async ({
    registry,
    host,
    guest,
  }) => {
    await connectForLong(host, guest);
    await host.say('before');
    await expectDelivered(host, guest, ['before']);
    const release = registry.hold('offer');
    await (cutter === 'host' ? host : guest).at('cut-connection-btn').click();
    await expect(host.at('reconnect')).toContainText(/attempt 1 of 5/i);
    await expect(guest.at('reconnect')).toContainText(/attempt 1 of 5/i);
    await host.say('while away');
    await guest.say('me too');
    await expect(host.messagesFrom('self').nth(1)).toHaveAttribute('data-delivery', 'waiting');
    await expect(host.at('messages-waiting')).toHaveText('1');
    release();
    await host.expectConnected();
    await guest.expectConnected();
    await expectDelivered(host, guest, ['before', 'while away']);
    await expectDelivered(guest, host, ['me too']);
    await expect(host.at('reconnect')).toHaveCount(0);
    await expect(host.at('messages-waiting')).toHaveText('–');
  });

  test(`the ${cutter} reloads when connected: the session resumes`, async ({ host, guest }) => {
    await connectForLong(host, guest);
    const [reloads, stays] = cutter === 'host' ? [host, guest] : [guest, host];
    await reloads.say('before');
    await expectDelivered(reloads, stays, ['before']);
    await reloads.page.reload();
    await stays.say('while away');
    await reloads.expectEvent('reconnect:success');
    await reloads.expectConnected();
    await stays.expectConnected();
    await expectDelivered(stays, reloads, ['while away']);
    await reloads.say('after');
    await expect(stays.messagesFrom('peer')).toHaveCount(2);
  });
}

test('the Registry is down as well: they reconnect when it is back', async ({ registry, host, guest }) => {
  host.expectComplaint(FAILED_REQUEST);
  guest.expectComplaint(FAILED_REQUEST);
  await connectForLong(host, guest);
  registry.down();
  await host.at('cut-connection-btn').click();
  await host.expectEvent('request:failed');
  await host.say('nobody hears');
  await registry.up();
  await host.expectConnected();
  await guest.expectConnected();
  await expectDelivered(host, guest, ['nobody hears']);
});

test('a network change restarts ICE without interruption', async ({ host, guest }) => {
  await connectForLong(host, guest);
  await guest.page.evaluate(() => window.harness.client.networkChanged());
  await host.expectEvent('ice:restart');
  await guest.expectEvent('answer:posted');
  await expectChat(host, guest);
  await host.expectState('connected');
});

test('a duplicated tab does not take over the original’s session', async ({ registry, host, guest }) => {
  await connectForLong(host, guest);
  const copy = await host.page.context().newPage();
  const kept = await host.page.evaluate(() => JSON.stringify(sessionStorage));
  await copy.addInitScript((kept) => {
    for (const [key, value] of Object.entries<string>(JSON.parse(kept))) sessionStorage.setItem(key, value);
  }, kept);
  await copy.goto(registry.url);
  await expect(copy.getByTestId('state-text')).toHaveText('idle');
  await expectChat(host, guest);
});

test('a peer that closes the room has left: no attempt to reconnect', async ({ host, guest }) => {
  await connectForLong(host, guest);
  await guest.close();
  await host.expectState('disconnected');
  await host.expectError(/has left/i);
  await expect(host.at('reconnect')).toHaveCount(0);
});
