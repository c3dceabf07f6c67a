/** The specification's section *Integration Testing*, literally: a script drives the client of each page. */
import { expect, test } from '../fixtures.ts';
import type { HarnessPage } from '../pages/harness-page.ts';

/** Records what the client's callbacks receive, for the script to read. */
const listen = ({ page }: HarnessPage) =>
  page.evaluate(() => {
    const { client } = window.harness;
    window.recorded = { states: [], messages: [] };
    client.onStateChange((state) => window.recorded.states.push(state));
    client.onMessage((message) => window.recorded.messages.push(message));
  });

const states = ({ page }: HarnessPage) => expect.poll(() => page.evaluate(() => window.recorded.states));
const messages = ({ page }: HarnessPage) => expect.poll(() => page.evaluate(() => window.recorded.messages));

test('two browsers connect through the Registry and exchange messages in both directions', async ({ host, guest }) => {
  await listen(host);
  await listen(guest);

  const roomCode = await host.page.evaluate(() => window.harness.client.createRoom('HostUser'));
  const joinCode = await host.page.evaluate(() => window.harness.client.getRoomInfo()?.joinCode ?? '');
  expect(roomCode).toMatch(/^[2345679ACDEFGHJKMNPQRSTUVWXYZ]{8}$/);
  expect(joinCode).toMatch(/^\d{6}$/);

  await guest.page.evaluate(
    ([room, join]) => window.harness.client.joinRoom(room, join, 'GuestUser'),
    [roomCode, joinCode] as const,
  );
  await Promise.all([host, guest].map(({ page }) => page.evaluate(() => window.harness.client.startConnection())));

  await states(host).toEqual(['creating', 'created', 'connecting', 'connected']);
  await states(guest).toEqual(['joining', 'joined', 'connecting', 'connected']);

  await host.page.evaluate(() => void window.harness.client.sendMessage('ping'));
  await messages(guest).toEqual(['ping']);
  await guest.page.evaluate(() => void window.harness.client.sendMessage('ping'));
  await messages(host).toEqual(['ping']);

  // What a script does through the client is visible in the page.
  await host.expectConnected();
  await guest.expectConnected();
  await expect(guest.messagesFrom('peer')).toContainText('ping');
  await expect(host.messagesFrom('self')).toContainText('ping');

  await host.page.evaluate(() => window.harness.client.closeRoom());
  await guest.page.evaluate(() => window.harness.client.closeRoom());
  await host.expectState('idle');
  await guest.expectState('idle');
  expect(await host.page.evaluate(() => window.harness.client.getRoomInfo())).toBeNull();
});

test('any JSON value arrives unchanged', async ({ host, guest }) => {
  const values = ['', 'ünïcödé 🦀', 0, -1.5, true, null, [], [1, [2]], {}, { text: 'x' }, { type: 'greeting', n: { a: 1 } }];
  await listen(guest);
  const roomCode = await host.page.evaluate(() => window.harness.client.createRoom('HostUser'));
  const joinCode = await host.page.evaluate(() => window.harness.client.getRoomInfo()?.joinCode ?? '');
  await guest.page.evaluate(
    ([room, join]) => window.harness.client.joinRoom(room, join, 'GuestUser'),
    [roomCode, joinCode] as const,
  );
  await Promise.all([host, guest].map(({ page }) => page.evaluate(() => window.harness.client.startConnection())));
  await host.page.evaluate((all) => all.forEach((value) => window.harness.client.sendMessage(value)), values);
  await messages(guest).toEqual(values);
});

test('two clients created by a script in one tab connect', async ({ host }) => {
  const recorded = await host.page.evaluate(async () => {
    const config = { registryApiUrl: location.origin, iceServers: [] };
    const [one, two] = [new window.WebRTCRegistryClient(config), new window.WebRTCRegistryClient(config)];
    const heard = Promise.all(
      [one, two].map((client) => new Promise((resolve) => void client.onMessage((message) => resolve(message)))),
    );
    const code = await one.createRoom('One');
    await two.joinRoom(code, one.getRoomInfo()?.joinCode ?? '', 'Two');
    await Promise.all([one.startConnection(), two.startConnection()]);
    one.sendMessage({ from: 'one' });
    two.sendMessage({ from: 'two' });
    const messages = await heard;
    await one.closeRoom();
    await two.closeRoom();
    return { messages, states: [one.getConnectionState(), two.getConnectionState()] };
  });
  expect(recorded).toEqual({ messages: [{ from: 'two' }, { from: 'one' }], states: ['idle', 'idle'] });
  // The page's own client was not involved.
  await host.expectState('idle');
});
