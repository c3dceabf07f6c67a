/** What is wrong with the browser, the device, its candidates or the path to the peer: each cause really happens. */
import { expect, test as base } from '../../fixtures.ts';
import { connect, FAILED_REQUEST, HarnessPage } from '../../pages/harness-page.ts';
import { newContext } from '../../support/browsers.ts';
import { chromium } from '../../support/environment.ts';
import { expectFound, findings, NO_STUN, printFindings, type Known } from '../../support/findings.ts';
import { isInstalled } from '../../support/programs.ts';
import { Coturn } from '../../support/coturn.ts';
import { ScriptedPeer } from '../../support/scripted-peer.ts';

const test = base.extend<{ coturn: Coturn }>({
  host: async ({ blank, registry, query }, use) => {
    blank.expectComplaint(FAILED_REQUEST);
    await blank.open(`${registry.url}/${query}`);
    await use(blank);
  },
  coturn: async ({}, use, testInfo) => {
    testInfo.skip(!isInstalled('turnserver'), 'coturn is not installed');
    const coturn = await Coturn.start();
    await use(coturn);
    await coturn.stop();
  },
});
test.use({ query: NO_STUN });
test.describe.configure({ mode: 'default' });
printFindings(test);

const applied = (after: number): Known => ({ name: 'answer:processed', after });
/** Without a network interface, some browsers never say that they have gathered everything. */
const GATHERED: Known = { name: 'ice:gathering:state', details: { state: 'gathering' }, after: 10_000 };
const serverError = (code: number, after = 0): Known => ({ name: 'ice:candidate:error', details: { code }, after });

/** Nothing listens at this port. */
const DEAD = '127.0.0.1:9';

/** The host creates a room and starts. */
async function starts(page: HarnessPage): Promise<void> {
  await page.createRoom();
  await page.startAsHost();
}

async function useTurn({ page }: HarnessPage, url: string, password: string, relayOnly: boolean): Promise<void> {
  await page.getByText('TURN relay').click();
  await page.getByTestId('turn-url').fill(url);
  await page.getByTestId('turn-username').fill('user');
  await page.getByTestId('turn-credential').fill(password);
  await page.getByTestId('turn-credential').press('Tab');
  if (relayOnly) await page.getByTestId('relay-only').check();
}

test('a browser without WebRTC', async ({ host: page }) => {
  await page.page.addInitScript(() => Reflect.deleteProperty(window, 'RTCPeerConnection'));
  await page.page.reload();
  await page.expectState('idle');
  await expectFound(page, 'no-web-rtc', 'RTCPeerConnection is taken away', { name: 'environment' });
});

test('too many peer connections', async ({ host: page }) => {
  await page.createRoom();
  await page.page.evaluate(() => {
    const kept: RTCPeerConnection[] = [];
    Object.assign(window, { kept });
    try {
      while (kept.length < 2000) kept.push(new RTCPeerConnection());
    } catch {
      // The limit is reached.
    }
  });
  await page.startAsHost();
  await expectFound(page, 'too-many-peer-connections', 'as many as the browser allows', { name: 'error' });
});

test('a page that does not run', async ({ host: page }) => {
  await starts(page);
  await page.page.evaluate(() => {
    const end = performance.now() + 7000;
    while (performance.now() < end);
  });
  await expectFound(page, 'page-slept', 'its tab does not run for 7 s', { name: 'page', details: { step: 'slept' } });
});

test('a STUN server that is dead', async ({ registry, host: page, guest }) => {
  await page.open(`${registry.url}/?stun=stun:${DEAD}`);
  await connect(page, guest);
  await expectFound(page, 'stun-unreachable', 'nothing listens at its port', serverError(701, 3000));
});

test('a STUN server whose name nobody knows', async ({ registry, host: page }) => {
  await page.open(`${registry.url}/?stun=stun:nowhere.invalid:3478`);
  await starts(page);
  await expectFound(page, 'ice-server-unknown', 'its name does not exist', serverError(701, 3000));
});

test('a TURN server and a wrong password', async ({ host: page, coturn }) => {
  await useTurn(page, `turn:${coturn.place}`, 'wrong', false);
  await starts(page);
  await expectFound(page, 'turn-credentials', 'coturn, and a wrong password', serverError(401));
  expect(JSON.stringify(await findings(page))).not.toContain('wrong"');
});

test('relay only, and a TURN server that is dead', async ({ host: page, guest }) => {
  await useTurn(page, `turn:${DEAD}`, 'password', true);
  await guest.joinRoom(await page.createRoom());
  await page.startAsHost();
  await expectFound(page, 'turn-unreachable', 'relay only, and nothing listens at its port', serverError(701, 3000));
});

test('an SDP that is too large', async ({ host: page }) => {
  await page.page.addInitScript(() => {
    const create = RTCPeerConnection.prototype.createOffer as () => Promise<RTCSessionDescriptionInit>;
    RTCPeerConnection.prototype.createOffer = async function (this: RTCPeerConnection) {
      const { type, sdp } = await create.call(this);
      return { type, sdp: `${sdp}${'a=x-padding:0123456789\r\n'.repeat(1000)}` };
    } as typeof RTCPeerConnection.prototype.createOffer;
  });
  await page.page.reload();
  await page.expectState('idle');
  await starts(page);
  await expectFound(page, 'description-too-large', 'an offer of 25 KB', { name: 'offer:created' });
});

test('no network interface but loopback', async ({ registry, playwright }) => {
  const args = chromium.args!.filter((flag) => flag !== '--allow-loopback-in-peer-connection');
  const browser = await playwright.chromium.launch({ ...chromium, args });
  const page = new HarnessPage(await (await newContext(browser)).newPage());
  await page.open(`${registry.url}/${NO_STUN}`);
  await starts(page);
  await expectFound(page, 'no-candidates', 'a device that has only loopback', GATHERED);
  await browser.close();
});

/** A guest that has a peer connection of its own, and posts what a test makes of its answer. */
async function answered(page: HarnessPage, registry: string, change: (sdp: string) => string, candidates: boolean): Promise<void> {
  const script = new ScriptedPeer(registry);
  await script.join(await page.createRoom());
  await page.startAsHost();
  const offer = await script.offer();
  const answer = await page.page.evaluate(
    async ([offer, candidates]) => {
      const guest = Object.assign(window, { guest: new RTCPeerConnection() }).guest;
      await guest.setRemoteDescription(offer);
      await guest.setLocalDescription();
      const gathered = () => guest.iceGatheringState === 'complete';
      const complete = new Promise((resolve) => (guest.onicegatheringstatechange = () => gathered() && resolve(0)));
      if (candidates && !gathered()) await complete;
      const lines = guest.localDescription!.sdp.split('\r\n');
      return lines.filter((line) => candidates || !line.startsWith('a=candidate')).join('\r\n');
    },
    [offer, candidates] as const,
  );
  await script.describe({ type: 'answer', sdp: change(answer) });
}

test('a peer without candidates', async ({ registry, host: page }) => {
  await answered(page, registry.url, (sdp) => sdp, false);
  await expectFound(page, 'no-remote-candidates', 'the peer posts no candidate', applied(5000));
});

test('another certificate than the description says', async ({ registry, host: page }) => {
  const other = (sdp: string) => sdp.replace(/(a=fingerprint:sha-256 )(..)/, (_, name, byte) => `${name}${byte === '00' ? '01' : '00'}`);
  await answered(page, registry.url, other, true);
  await expectFound(page, 'dtls-failed', 'a fingerprint that is changed on its way', {
    name: 'connection:state',
    details: { state: 'failed' },
  });
});

test('a device without a network, and a peer elsewhere', async ({ registry, host: page }) => {
  const nobody = (sdp: string) => `${sdp}a=candidate:1 1 udp 2122260223 198.51.100.1 9 typ host\r\n`;
  await answered(page, registry.url, nobody, false);
  await expectFound(page, 'only-loopback', 'only loopback here, and the peer has another address', applied(8000));
});
