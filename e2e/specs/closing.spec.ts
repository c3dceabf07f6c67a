/** Closing by either peer at any time: the other peer is informed, and nothing is left behind. */
import { expect, test } from '../fixtures.ts';
import { connect, expectChat, FAILED_REQUEST, meet } from '../pages/harness-page.ts';

test('the host closes when connected', async ({ registry, host, guest }) => {
  await connect(host, guest);
  await host.close();
  await expect(host.at('room-created-info')).toBeHidden();
  await guest.expectState('disconnected');
  await expect(guest.at('chat-input')).not.toBeEditable();
  await expect.poll(() => registry.openRooms).toBe(0);
  await guest.close();
  await expect(guest.at('room-joined-info')).toBeHidden();
  await host.expectNoError();
});

test('the guest closes when connected', async ({ registry, host, guest }) => {
  await connect(host, guest);
  await guest.close();
  await host.expectState('disconnected');
  await host.close();
  await host.expectNoError();
  // The host closes its rooms. The Registry would not let a guest do so, and the guest does not try.
  await expect.poll(() => registry.openRooms).toBe(0);
});

test('the host closes a room before anybody has joined: its code is worthless', async ({ registry, host, guest }) => {
  guest.expectComplaint(FAILED_REQUEST);
  const invitation = await host.createRoom();
  await host.close();
  await expect.poll(() => registry.count('close', 204)).toBe(1);
  await guest.submitGuest(invitation);
  await guest.expectError(/no such room/i);
});

test('the guest leaves before starting: the host can still close', async ({ host, guest }) => {
  await meet(host, guest);
  await guest.close();
  await expect(guest.at('room-joined-info')).toBeHidden();
  await host.startAsHost();
  await host.expectState('connecting');
  await host.close();
  await host.expectNoError();
});

test('the host closes while the guest waits for the offer: the guest is informed', async ({ registry, host, guest }) => {
  guest.expectComplaint(FAILED_REQUEST);
  await meet(host, guest);
  await guest.startAsGuest();
  await expect.poll(() => registry.count('room')).toBeGreaterThan(0);
  await host.close();
  await guest.expectState('error');
  await guest.expectError(/room is gone|host closed/i);
  await guest.close();
  await guest.expectNoError();
});

test('the host closes while its room is being created: no room is left behind', async ({ registry, host }) => {
  const release = registry.hold('create');
  await host.submitHost();
  await host.expectState('creating');
  await host.close();
  release();
  await expect.poll(() => registry.count('create')).toBe(1);
  await host.expectState('idle');
  await expect(host.at('room-created-info')).toBeHidden();
  await host.expectNoError();
  await host.createRoom();
});

test('the guest closes while joining', async ({ registry, host, guest }) => {
  const invitation = await host.createRoom();
  const release = registry.hold('join');
  await guest.submitGuest(invitation);
  await guest.expectState('joining');
  await guest.close();
  release();
  await guest.expectState('idle');
  await expect(guest.at('room-joined-info')).toBeHidden();
  await guest.expectNoError();
});

test('no request is sent after closing in mid-handshake', async ({ registry, blank }) => {
  const host = blank;
  await host.installClock();
  await host.open(registry.url);
  await host.createRoom();
  await host.startAsHost();
  await expect.poll(() => registry.count('room')).toBeGreaterThan(0);
  await host.close();
  await expect.poll(() => registry.count('close', 204)).toBe(1);
  const seen = registry.seen.length;
  await host.page.clock.runFor(60_000);
  expect(registry.seen).toHaveLength(seen);
  await host.expectState('idle');
  await host.expectNoError();
});

test('closing twice is the same as closing once', async ({ registry, host, guest }) => {
  await connect(host, guest);
  await host.page.evaluate(async () => {
    const { client } = window.harness;
    await Promise.all([client.closeRoom(), client.closeRoom()]);
    await client.closeRoom();
  });
  await host.expectState('idle');
  await host.expectNoError();
  expect(registry.count('close')).toBe(registry.count('create'));
});

test('a second room after the first, with the roles swapped', async ({ host, guest }) => {
  await connect(host, guest);
  await expectChat(host, guest);
  await host.close();
  await guest.expectState('disconnected');
  await guest.close();
  await connect(guest, host);
  await expect(host.messagesFrom('peer')).toHaveCount(0);
  await expectChat(guest, host);
});
