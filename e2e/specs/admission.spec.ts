/** What keeps a guest out, and how the page reports it. */
import { expect, test } from '../fixtures.ts';
import { FAILED_REQUEST, HarnessPage } from '../pages/harness-page.ts';

const HOSTILE = '<img src=x onerror="document.title=`owned`">';

async function expectNoMarkup({ page }: HarnessPage): Promise<void> {
  await expect(page.locator('img[src="x"]')).toHaveCount(0);
  await expect(page).not.toHaveTitle('owned');
}

test('a wrong join code is rejected, and the right one still works', async ({ host, guest }) => {
  guest.expectComplaint(FAILED_REQUEST);
  const invitation = await host.createRoom();
  const wrong = invitation.joinCode === '000000' ? '111111' : '000000';
  await guest.submitGuest({ ...invitation, joinCode: wrong });
  await guest.expectState('error');
  await guest.expectError(/join code is wrong/i);
  await guest.joinRoom(invitation);
  await guest.expectNoError();
});

test('the host replaces its join code: only the new one admits', async ({ host, guest }) => {
  guest.expectComplaint(FAILED_REQUEST);
  const old = await host.createRoom();
  await host.at('new-join-code-btn').click();
  await expect(host.at('join-code')).not.toHaveText(old.joinCode);
  await host.expectWords(/earlier one admits nobody/i);
  const invitation = await host.readInvitation();
  expect(invitation.roomCode).toBe(old.roomCode);
  await expect(host.at('invitation-link')).toHaveAttribute('href', new RegExp(invitation.joinCode));
  await guest.submitGuest(old);
  await guest.expectError(/join code is wrong/i);
  await guest.joinRoom(invitation);
  await host.startAsHost();
  await guest.startAsGuest();
  await host.expectConnected();
  await expect(host.at('new-join-code-btn')).toHaveCount(0);
});

test('a script replaces the join code of its room', async ({ host }) => {
  const [old, replaced, known] = await host.page.evaluate(async () => {
    const client = new window.WebRTCRegistryClient({ registryApiUrl: location.origin, iceServers: [] });
    await client.createRoom('Script');
    const known = () => client.getRoomInfo()?.joinCode;
    const codes = [known(), await client.replaceJoinCode(), known()];
    await client.closeRoom();
    return codes;
  });
  expect(replaced).toMatch(/^\d{6}$/);
  expect(replaced).not.toBe(old);
  expect(known).toBe(replaced);
});

test('a join code that cannot be replaced stays, and the host learns why', async ({ registry, host }) => {
  host.expectComplaint(FAILED_REQUEST);
  const { joinCode } = await host.createRoom();
  registry.down();
  await host.at('new-join-code-btn').click();
  await host.expectError(/replace it again/);
  await expect(host.at('join-code')).toHaveText(joinCode);
  await registry.up();
  await host.at('new-join-code-btn').click();
  await expect(host.at('join-code')).not.toHaveText(joinCode);
  await host.expectNoError();
});

test('a join code that has admitted somebody is not replaced, and nobody is thrown out', async ({ host, guest }) => {
  host.expectComplaint(FAILED_REQUEST);
  await guest.joinRoom(await host.createRoom());
  await host.at('new-join-code-btn').click();
  await host.expectError(/somebody has joined/i);
  await expect(host.at('error-box').getByRole('button', { name: /new room/i })).toHaveCount(0);
  await host.startAsHost();
  await guest.startAsGuest();
  await host.expectConnected();
  await host.expectNoError();
});

test('a malformed join code never reaches the Registry', async ({ registry, host, guest }) => {
  const { roomCode } = await host.createRoom();
  for (const joinCode of ['12345', '1234567', '12345a', '']) {
    await guest.submitGuest({ roomCode, joinCode });
    await guest.expectError(/a join code is 6 digits/i);
  }
  await guest.expectState('idle');
  expect(registry.count('join')).toBe(0);
});

test('an unknown room is reported', async ({ guest }) => {
  guest.expectComplaint(FAILED_REQUEST);
  await guest.submitGuest({ roomCode: 'ACDE2345', joinCode: '123456' });
  await guest.expectState('error');
  await guest.expectError(/no such room/i);
});

test('a malformed room code never reaches the Registry', async ({ registry, guest }) => {
  for (const roomCode of ['ACDE', '../../x', HOSTILE, '']) {
    await guest.submitGuest({ roomCode, joinCode: '123456' });
    await guest.expectError(/a room code is 8 capital letters and digits/i);
  }
  await guest.expectState('idle');
  await expectNoMarkup(guest);
  expect(registry.count('join') + registry.count('public')).toBe(0);
});

test('a room code can be pasted with surrounding spaces and in lower case', async ({ host, guest }) => {
  const { roomCode, joinCode } = await host.createRoom();
  await guest.joinRoom({ roomCode: ` ${roomCode.toLowerCase()} `, joinCode: ` ${joinCode} ` });
});

test('a room with a guest admits no second one', async ({ registry, host, guest, hostBrowser }) => {
  const invitation = await host.createRoom();
  const context = await hostBrowser.newContext();
  const page = await context.newPage();
  await new HarnessPage(page).open(registry.url);
  await page.evaluate(
    ({ roomCode, joinCode }) => window.harness.client.joinRoom(roomCode, joinCode, 'First'),
    invitation,
  );
  guest.expectComplaint(FAILED_REQUEST);
  await guest.submitGuest(invitation);
  await guest.expectState('error');
  await guest.expectError(/joined it already|taken/i);
  await context.close();
});

test.describe('rooms that live for six seconds', () => {
  test.use({ registryFlags: ['--ttl-open', '6'] });

  test('an expired room cannot be joined', async ({ registry, host, guest }) => {
    guest.expectComplaint(FAILED_REQUEST);
    host.expectComplaint(FAILED_REQUEST);
    const invitation = await host.createRoom();
    const address = `${registry.url}/rooms/${invitation.roomCode}/public`;
    await expect.poll(async () => (await fetch(address)).status).toBe(404);
    await guest.submitGuest(invitation);
    await guest.expectState('error');
    await guest.expectError(/expired/i);
  });

  test('a host who waits too long sees that the room expired, and when', async ({ host }) => {
    host.expectComplaint(FAILED_REQUEST);
    await host.createRoom();
    await host.startAsHost();
    await host.expectState('error');
    await host.expectError(/expired at \d\d?:\d\d/i);
    await host.expectError(/new room/i);
    // The error offers a way out.
    await host.at('error-remedy-btn').click();
    await host.readInvitation();
    await host.expectState('created');
  });
});

test('an invalid user name is rejected before anything is sent', async ({ registry, host, guest }) => {
  for (const name of ['', 'two words', 'ä', HOSTILE, 'x'.repeat(33)]) {
    await host.submitHost(name);
    await host.expectError(/a user name is 1 to 32 letters, digits/i);
    await host.expectState('idle');
    await guest.submitGuest({ roomCode: 'ACDE2345', joinCode: '123456' }, name);
    await guest.expectError(/a user name is 1 to 32 letters, digits/i);
    await guest.expectState('idle');
    await expectNoMarkup(host);
    await expectNoMarkup(guest);
  }
  expect(registry.seen).toEqual([]);
  await host.createRoom('Fine-name_1');
  await host.expectNoError();
});
