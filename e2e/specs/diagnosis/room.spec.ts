/** What is wrong with a room, or with whoever should be in it: each cause really happens, and is named. */
import { expect, test } from '../../fixtures.ts';
import { connect, FAILED_REQUEST, HarnessPage, meet } from '../../pages/harness-page.ts';
import { expectFound, findings, NO_STUN, printFindings, type Known } from '../../support/findings.ts';
import { ScriptedPeer } from '../../support/scripted-peer.ts';

/** When waiting is unusual, in milliseconds: see the rules. */
const [GUEST_COMES, DESCRIPTION_COMES] = [30_000, 8_000];

test.beforeEach(({ host, guest }) => {
  for (const page of [host, guest]) page.expectComplaint(FAILED_REQUEST);
});
test.use({ query: NO_STUN });
test.describe.configure({ mode: 'default' });
printFindings(test);

const REFUSED: Known = { name: 'response', details: { operation: 'joinRoom' } };
const REPORTED: Known = { name: 'error' };
const lost = (after: number): Known => ({ name: 'state:changed', details: { newState: 'disconnected' }, after });

test('a room that does not exist', async ({ guest }) => {
  await guest.submitGuest({ roomCode: 'AAAAAAAA', joinCode: '123456' });
  await expectFound(guest, 'room-unknown', 'joining a room of that code', REFUSED);
});

test.describe('with rate limits', () => {
  test.use({ registryFlags: ['--rate-limits', 'on'] });

  test('a wrong join code, again and again', async ({ registry, host, guest }) => {
    const { roomCode, joinCode } = await host.createRoom();
    const wrong = { roomCode, joinCode: joinCode === '000000' ? '000001' : '000000' };
    await guest.submitGuest(wrong);
    await expectFound(guest, 'wrong-join-code', 'one wrong code', REFUSED);
    for (let tries = 2; tries <= 5; tries += 1) {
      await guest.submitGuest(wrong);
      // The state is `error` before and after.
      await expect.poll(() => registry.count('join', 403)).toBe(tries);
      await guest.expectState('error');
    }
    await guest.submitGuest({ roomCode, joinCode });
    await expectFound(guest, 'join-locked', 'the right code after five wrong ones', REFUSED);
  });
});

test('a room that somebody else has joined', async ({ registry, host, guest }) => {
  const invitation = await host.createRoom();
  await new ScriptedPeer(registry.url).join(invitation);
  await guest.submitGuest(invitation);
  await expectFound(guest, 'room-taken', 'another guest was quicker', REFUSED);
});

test.describe('short lives', () => {
  test.use({ registryFlags: ['--ttl-open', '2s'] });

  test('a room that expires', async ({ host }) => {
    await host.createRoom();
    await expectFound(host, 'room-expired', 'a room that lives for 2 s', REPORTED);
  });
});

test('the host closes the room while the guest waits', async ({ host, guest }) => {
  await meet(host, guest);
  await guest.startAsGuest();
  await guest.expectState('connecting');
  await host.close();
  await expectFound(guest, 'closed-by-host', 'the host closes it', REPORTED);
});

test('the Registry loses the room', async ({ registry, host, guest }) => {
  await meet(host, guest);
  await host.startAsHost();
  await expect.poll(() => registry.count('offer', 200)).toBe(1);
  await registry.restart();
  await expectFound(host, 'room-lost', 'the Registry is restarted', REPORTED);
});

test('no guest comes', async ({ host }) => {
  await host.createRoom();
  await host.startAsHost();
  await host.expectState('connecting');
  await expectFound(host, 'guest-never-came', 'nobody joins', { name: 'offer:posted', after: GUEST_COMES });
});

test('the host does not start', async ({ host, guest }) => {
  await meet(host, guest);
  await guest.startAsGuest();
  await guest.expectState('connecting');
  await expectFound(guest, 'host-never-offered', 'the host does not start', {
    name: 'state:changed',
    details: { newState: 'connecting' },
    after: DESCRIPTION_COMES,
  });
  await host.startAsHost();
  for (const page of [host, guest]) await page.expectConnected();
  expect(await findings(guest)).toEqual([]);
});

test('the guest does not start', async ({ host, guest }) => {
  await meet(host, guest);
  await host.startAsHost();
  await host.expectState('connecting');
  await expectFound(host, 'guest-never-answered', 'the guest does not start', {
    name: 'offer:posted',
    after: DESCRIPTION_COMES,
  });
});

test('an offer that no browser takes', async ({ registry, guest }) => {
  const script = new ScriptedPeer(registry.url);
  await guest.joinRoom(await script.create());
  await script.describe({ type: 'offer', sdp: 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=nonsense\r\n' });
  await guest.startAsGuest();
  await expectFound(guest, 'description-rejected', 'an offer with a malformed m= line', REPORTED);
  expect((await findings(guest))[0]?.quotes[0]?.source).toBe('browser');
});

test('an answer to another offer', async ({ registry, host, blank: _ }) => {
  const script = new ScriptedPeer(registry.url);
  await script.join(await host.createRoom());
  await host.startAsHost();
  await script.offer();
  const sdp = await host.page.evaluate(async () => {
    const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
    one.addTransceiver('audio');
    await one.setLocalDescription();
    await other.setRemoteDescription(one.localDescription!);
    await other.setLocalDescription();
    one.close();
    other.close();
    return other.localDescription!.sdp;
  });
  await script.describe({ type: 'answer', sdp });
  await expectFound(host, 'answer-for-another-offer', 'an answer with audio to an offer without', REPORTED);
});

test('a peer whose page crashes', async ({ registry, host, guest }) => {
  const victim = new HarnessPage(await guest.page.context().newPage());
  await victim.open(`${registry.url}/${NO_STUN}`);
  await connect(host, victim);
  await host.expectEvent('standby', { step: 'ready' });
  const crashed = victim.page.waitForEvent('crash');
  void victim.page.goto('chrome://crash').catch(() => {});
  await crashed;
  await expectFound(host, 'peer-gone', 'its page crashes', lost(5000));
});

test('a peer that is busy', async ({ host, guest }) => {
  await connect(host, guest);
  for (const page of [host, guest]) await page.expectEvent('standby', { step: 'ready' });
  const busy = guest.page.evaluate(() => {
    const end = performance.now() + 16_000;
    while (performance.now() < end);
  });
  // Three seconds in which a browser that is gone would be noticed.
  await expectFound(host, 'peer-busy', 'its page is in a loop for 16 s', lost(3000));
  await busy;
  await host.expectConnected();
  expect(await findings(host)).toEqual([]);
});
