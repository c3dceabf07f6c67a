/** Two browsers, one or both of them Firefox: a complete session through the page's controls. */
import { expect, test } from '../fixtures.ts';
import { connect, expectChat } from '../pages/harness-page.ts';

test('they connect, exchange messages and close', async ({ host, guest }) => {
  await connect(host, guest);
  await expectChat(host, guest);
  await host.close();
  await guest.expectState('disconnected');
  await guest.close();
});

test('they connect again after closing, guest first', async ({ host, guest }) => {
  await connect(host, guest);
  await guest.close();
  await host.expectState('disconnected');
  await host.close();

  const invitation = await host.createRoom();
  await guest.joinRoom(invitation);
  await guest.startAsGuest();
  await guest.expectState('connecting');
  await host.startAsHost();
  await host.expectConnected();
  await guest.expectConnected();
  await expectChat(host, guest);
});

test('any JSON value arrives unchanged in both directions', async ({ host, guest }) => {
  const values = ['', 'ünïcödé 🦀', 0, -1.5, true, null, [], { type: 'greeting', n: { a: [1] } }, 'x'.repeat(100_000)];
  await connect(host, guest);
  for (const [from, to] of [[host, guest], [guest, host]] as const) {
    await to.page.evaluate(() => {
      window.recorded = { states: [], messages: [] };
      window.harness.client.onMessage((message) => window.recorded.messages.push(message));
    });
    await from.page.evaluate((all) => all.forEach((value) => window.harness.client.sendMessage(value)), values);
    await expect.poll(() => to.page.evaluate(() => window.recorded.messages)).toEqual(values);
  }
});
