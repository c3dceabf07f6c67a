/** When something fails, the page blames the right party and nobody else. */
import { expect, test } from '../fixtures.ts';
import { connect, FAILED_REQUEST, meet } from '../pages/harness-page.ts';
import { answer, rubbish } from '../support/faults.ts';

const noContent = answer(204, '');
const ICE_SERVERS = /STUN or TURN/;

for (const [how, take] of Object.entries({
  'taken away': () => Reflect.deleteProperty(window, 'RTCPeerConnection'),
  'set to undefined': () => Object.assign(window, { RTCPeerConnection: undefined }),
  'replaced by something else': () => Object.assign(window, { RTCPeerConnection: {} }),
})) {
  test(`RTCPeerConnection is ${how}: the browser is to blame, not the ICE servers`, async ({ registry, blank }) => {
    await blank.page.addInitScript(take);
    await blank.open(registry.url);
    await blank.createRoom();
    await blank.startAsHost();
    await blank.expectState('error');
    await expect(blank.at('error-box')).toHaveAttribute('data-code', 'webrtc_unsupported');
    await blank.expectError(/no WebRTC.*current Chromium, Firefox or Safari/is);
    await expect(blank.at('error-box')).not.toContainText(ICE_SERVERS);
  });
}

test('the browser’s limit on peer connections is reported, with an offer to try again', async ({ host }) => {
  await host.createRoom();
  const made = await host.page.evaluate(() => {
    const kept: RTCPeerConnection[] = [];
    Object.assign(window, { kept });
    try {
      while (kept.length < 2000) kept.push(new RTCPeerConnection());
    } catch {
      // The limit is reached.
    }
    return kept.length;
  });
  expect(made, 'there is a limit').toBeLessThan(2000);
  await host.startAsHost();
  await host.expectState('error');
  await expect(host.at('error-box')).toHaveAttribute('data-code', 'too_many_connections');
  await host.expectError(/close other tabs/i);
  await expect(host.at('error-box')).not.toContainText(ICE_SERVERS);
  await expect(host.at('error-remedy-btn')).toHaveText('Try again');
});

test('invalid ICE server settings are still blamed themselves', async ({ host }) => {
  const code = await host.page.evaluate(async () => {
    const { WebRTCRegistryClient } = window;
    const iceServers = [{ urls: 'turn:127.0.0.1:3478', username: 'u'.repeat(600), credential: 'p' }];
    const client = new WebRTCRegistryClient({ registryApiUrl: location.origin, iceServers });
    await client.createRoom('HostUser');
    const outcome = await client.startConnection().then(
      () => 'connected',
      (error) => error.code,
    );
    await client.closeRoom();
    return outcome;
  });
  expect(code).toBe('bad_ice_servers');
});

test('an ICE server that responds after an error is no longer reported as unusable', async ({ registry, blank }) => {
  await blank.page.addInitScript(() => {
    const Real = window.RTCPeerConnection;
    const made: RTCPeerConnection[] = Object.assign(window, { made: [] }).made;
    window.RTCPeerConnection = class extends Real {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        made.push(this);
      }
    };
  });
  /** Like Chromium's events for a server that one local address cannot reach and another one can. */
  const say = (url: string | null) =>
    blank.page.evaluate((url) => {
      const [connection] = (window as unknown as { made: RTCPeerConnection[] }).made;
      if (!connection) throw new Error('no peer connection');
      const error = { url: 'stun:one.example:3478', errorCode: 701, errorText: 'no', address: null, port: null };
      const candidate = { candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ srflx', sdpMid: '0', url };
      connection.dispatchEvent(
        url
          ? Object.defineProperty(new Event('icecandidate'), 'candidate', { value: candidate })
          : Object.assign(new Event('icecandidateerror'), error),
      );
    }, url);
  await blank.open(registry.url);
  await blank.createRoom();
  await blank.startAsHost();
  await blank.expectEvent('ice:gathering:state', { state: 'complete' });
  const error = blank.at('ice-server-error').filter({ hasText: 'stun:one.example:3478 could not be used: 701 no' });
  await say(null);
  await expect(error).toBeVisible();
  await say('stun:other.example:3478');
  await blank.expectEvent('ice:server:answered', { url: 'stun:other.example:3478' });
  await expect(error).toBeVisible();
  await say('stun:one.example:3478');
  await expect(error).toBeHidden();
});

test('a 204 for creating a room: the error shows the actual status', async ({ registry, host }) => {
  registry.fault('create', noContent, 1);
  await host.submitHost();
  await host.expectState('error');
  await host.expectError(/status 204.*no body/is);
  await expect(host.at('error-box')).not.toContainText(/refused|status 200/i);
  await host.at('error-remedy-btn').click();
  await host.readInvitation();
});

for (const [name, fault, words] of [
  ['204', noContent, /status 204.*no body/is],
  ['a web page', rubbish, /status 200.*web page/is],
] as const) {
  for (const flags of [[], ['--base']]) {
    test.describe(`${name} instead of a snapshot ${flags}`, () => {
      test.use({ registryFlags: flags });

      test('is reported for as long as it lasts', async ({ registry, host, guest }) => {
        await meet(host, guest);
        await expect(host.at('registry-trouble')).toBeHidden();
        registry.fault('room', fault);
        await host.startAsHost();
        await guest.startAsGuest();
        for (const page of [host, guest]) {
          await expect(page.at('registry-trouble')).toContainText(words);
          await page.expectState('connecting');
          await page.expectNoError();
        }
        registry.heal();
        await host.expectConnected();
        await guest.expectConnected();
        for (const page of [host, guest]) await expect(page.at('registry-trouble')).toBeHidden();
      });
    });
  }
}

test('a host closing its room is not reported as expiry or rejection', async ({ registry, host, guest }) => {
  guest.expectComplaint(FAILED_REQUEST);
  await meet(host, guest);
  await guest.startAsGuest();
  await expect.poll(() => registry.count('room')).toBeGreaterThan(0);
  await host.close();
  await guest.expectState('error');
  await guest.expectError(/the room is gone.*host closed it/is);
  await expect(guest.at('error-box')).not.toContainText(/expired|refused/i);
});

test('a goodbye is not a failure', async ({ host, guest }) => {
  await connect(host, guest);
  await expect(guest.at('peer-kind')).toHaveText('durable');
  await host.close();
  await guest.expectState('disconnected');
  await guest.expectError(/your peer has left/i);
  await expect(guest.at('error-box')).not.toContainText(/failed/i);
});
