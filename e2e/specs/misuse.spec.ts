/** Calls and clicks at the wrong time: defined, typed, and without consequences. */
import { expect, test } from '../fixtures.ts';
import { connect, meet, type HarnessPage } from '../pages/harness-page.ts';
import type { Client } from '../pages/window.ts';

interface Refusal {
  isError: boolean;
  message: string;
  code: string;
}

/** The error of a call through the page's client; `null` if it succeeds. */
const refusal = ({ page }: HarnessPage, call: (client: Client) => unknown): Promise<Refusal | null> =>
  page.evaluate(`(async () => {
    try {
      await (${call})(window.harness.client);
      return null;
    } catch (thrown) {
      return { isError: thrown instanceof Error, message: thrown.message, code: thrown.code };
    }
  })()`);

test('pressing Start twice is the same as once', async ({ registry, host, guest }) => {
  await meet(host, guest);
  await host.at('start-connection-host-btn').dblclick();
  await guest.at('start-connection-guest-btn').dblclick();
  await host.expectConnected();
  await guest.expectConnected();
  expect(registry.count('offer')).toBe(1);
  expect(registry.count('answer')).toBe(1);
  await host.expectNoError();
  await guest.expectNoError();
});

test('pressing Create twice creates one room', async ({ registry, host }) => {
  await host.at('role-host').click();
  await host.at('host-username').fill('HostUser');
  await host.at('create-room-btn').dblclick();
  await host.expectState('created');
  expect(registry.count('create')).toBe(1);
  await host.expectNoError();
});

test('the second of two startConnection calls reports that one is in progress', async ({ host, guest }) => {
  await meet(host, guest);
  await host.startAsHost();
  await host.expectState('connecting');
  const refused = await refusal(host, (client) => client.startConnection());
  expect(refused).toMatchObject({ isError: true, code: 'invalid_transition' });
  expect(refused?.message).toMatch(/already being established/);
  await guest.startAsGuest();
  await host.expectConnected();
  await guest.expectConnected();
});

test('createRoom and joinRoom within a room are rejected, and the room stays', async ({ registry, host, guest }) => {
  const invitation = await host.createRoom();
  for (const call of [
    (client: Client) => client.createRoom('Again'),
    (client: Client) => client.joinRoom('ACDE2345', '123456', 'Again'),
  ]) {
    expect(await refusal(host, call)).toMatchObject({ isError: true, code: 'invalid_transition' });
  }
  await host.expectState('created');
  expect(await host.readInvitation()).toEqual(invitation);
  expect(registry.count('create')).toBe(1);
  await guest.joinRoom(invitation);
});

test('startConnection without a room is rejected', async ({ host }) => {
  const refused = await refusal(host, (client) => client.startConnection());
  expect(refused).toMatchObject({ isError: true, code: 'invalid_transition' });
  expect(refused?.message).toMatch(/create or join a room first/);
  await host.expectState('idle');
});

test('sendMessage before and after a connection is rejected', async ({ host, guest }) => {
  const send = (client: Client) => client.sendMessage('early');
  expect(await refusal(host, send)).toMatchObject({ isError: true, code: 'not_connected' });
  await connect(host, guest);
  expect(await refusal(host, send)).toBeNull();
  await guest.close();
  await host.expectState('disconnected');
  expect(await refusal(host, send)).toMatchObject({ isError: true, code: 'not_connected' });
});

test('malformed arguments are rejected before anything is sent', async ({ registry, host }) => {
  const calls: ((client: Client) => unknown)[] = [
    (client) => client.createRoom(''),
    (client) => client.createRoom(undefined as unknown as string),
    (client) => client.createRoom('<b>'),
    (client) => client.joinRoom('short', '123456', 'Guest'),
    (client) => client.joinRoom('ACDE2345', '12345', 'Guest'),
    (client) => client.joinRoom('ACDE2345', 123456 as unknown as string, 'no name'),
  ];
  for (const call of calls) expect(await refusal(host, call), String(call)).toMatchObject({ isError: true });
  await host.expectState('idle');
  expect(registry.seen).toEqual([]);
});

test('a message that is not JSON is rejected, and the channel stays open', async ({ host, guest }) => {
  await connect(host, guest);
  const cyclic = (client: Client) => {
    const value: unknown[] = [];
    value.push(value);
    return client.sendMessage(value);
  };
  for (const call of [cyclic, (client: Client) => client.sendMessage(1n), (client: Client) => client.sendMessage(undefined)]) {
    expect(await refusal(host, call), String(call)).toMatchObject({ isError: true });
  }
  await host.say('still here');
  await expect(guest.messagesFrom('peer')).toContainText('still here');
});

test('callbacks that throw affect nothing else', async ({ host, guest }) => {
  host.expectComplaint(/deliberate/);
  await host.page.evaluate(() => {
    const fail = () => {
      throw new Error('deliberate');
    };
    window.harness.client.onStateChange(fail);
    window.harness.client.onMessage(fail);
    window.harness.client.onError(fail);
  });
  await connect(host, guest);
  await guest.say('hello');
  await expect(host.messagesFrom('peer')).toContainText('hello');
  await host.expectState('connected');
});
