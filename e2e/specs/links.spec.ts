/** What a link to the page can set, what it cannot, and how a host shares an invitation. */
import jsQR from 'jsqr';
import { PNG } from 'pngjs';

import { expect, test } from '../fixtures.ts';
import { expectChat, FAILED_REQUEST, HarnessPage } from '../pages/harness-page.ts';

/** Decodes the QR code in the page. */
async function scanned(page: HarnessPage): Promise<string | undefined> {
  const { data, width, height } = PNG.sync.read(await page.at('invitation-qr').screenshot({ scale: 'device' }));
  return jsQR.default(new Uint8ClampedArray(data), width, height)?.data;
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a scanned QR code opens the guest form filled in, ${colorScheme}`, async ({
    registry,
    host,
    guestBrowser,
  }) => {
    await host.page.emulateMedia({ colorScheme });
    const { roomCode, joinCode } = await host.createRoom();
    const link = await scanned(host);
    expect(link).toBe(`${registry.url}/#room=${roomCode}&join=${joinCode}`);
    await expect(host.at('invitation-link')).toHaveAttribute('href', link!);

    const context = await guestBrowser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, colorScheme });
    const phone = new HarnessPage(await context.newPage());
    await phone.open(link!);
    await expect(phone.at('guest-room-code')).toHaveValue(roomCode);
    await expect(phone.at('guest-join-code')).toHaveValue(joinCode);
    await expect(phone.at('join-room-btn')).toBeInViewport();
    await phone.at('join-room-btn').tap();
    await phone.expectState('joined');
    expect(phone.complaints).toEqual([]);
    await context.close();
  });
}

test('the invitation can be shared where the system supports it', async ({ registry, blank }) => {
  await blank.page.addInitScript(() => {
    const shared: ShareData[] = [];
    Object.assign(window, { shared });
    navigator.share = async (data) => void shared.push(data!);
  });
  await blank.open(registry.url);
  const { roomCode, joinCode } = await blank.createRoom();
  await blank.at('share-invitation').click();
  const shared = () => blank.page.evaluate(() => (window as unknown as { shared: ShareData[] }).shared);
  const url = `${registry.url}/#room=${roomCode}&join=${joinCode}`;
  await expect.poll(shared).toEqual([{ title: expect.any(String), url }]);
});

test('without system support there is no share button', async ({ registry, blank }) => {
  await blank.page.addInitScript(() => Object.defineProperty(navigator, 'share', { value: undefined }));
  await blank.open(registry.url);
  await blank.createRoom();
  await expect(blank.at('copy-invitation')).toBeVisible();
  await expect(blank.at('share-invitation')).toBeHidden();
});

test('with auto=1 host and guest connect without a click', async ({ registry, blank, guest }) => {
  await blank.page.goto(`${registry.url}/?role=host&name=Ann&auto=1`);
  const { roomCode, joinCode } = await blank.readInvitation();
  await guest.page.goto('about:blank');
  await guest.page.goto(`${registry.url}/?auto=1&name=Bob#room=${roomCode}&join=${joinCode}`);
  await blank.expectConnected();
  await guest.expectConnected();
  await expect(guest.at('chat-interface')).toContainText('Ann');
  await expectChat(blank, guest);
  // A room closed by the user stays closed.
  await blank.close();
  await expect(blank.at('create-room-btn')).toBeVisible();
  await blank.expectState('idle');
});

test('with peers=2 a host and a guest connect in one tab', async ({ registry, blank }) => {
  await blank.page.goto(`${registry.url}/?peers=2&auto=1`);
  const [host, guest] = [blank.at('peer-host'), blank.at('peer-guest')];
  for (const peer of [host, guest]) await expect(peer.getByTestId('state-text')).toHaveText('connected');
  await host.getByTestId('chat-input').fill('ping');
  await host.getByTestId('send-message-btn').click();
  await expect(guest.getByTestId('chat-message')).toContainText('ping');
  // Scripts get the host's client.
  expect(await blank.page.evaluate(() => window.harness.client.getRoomInfo()?.role)).toBe('host');
  const ids = await blank.page.evaluate(() => [...document.querySelectorAll('[id]')].map((element) => element.id));
  expect(ids.length).toBe(new Set(ids).size);
});

test('with peers=2 and without auto, the guest form is filled in', async ({ registry, blank }) => {
  await blank.page.goto(`${registry.url}/?peers=2`);
  await blank.at('create-room-btn').click();
  const { roomCode, joinCode } = await blank.readInvitation();
  await expect(blank.at('guest-room-code')).toHaveValue(roomCode);
  await expect(blank.at('guest-join-code')).toHaveValue(joinCode);
});

const LONG = 'x'.repeat(10_000);
const HOSTILE: [string, string, RegExp][] = [
  ['a script as Registry', '?registry=javascript:alert(1)&auto=1&role=host', /Registry/],
  ['an overlong Registry URL', `?registry=http://${LONG}&auto=1&role=host`, /Registry/],
  ['an HTTP URL as STUN server', '?stun=http://evil.example&auto=1&role=host', /STUN/],
  ['markup as name', `?name=${encodeURIComponent('<img src=x onerror=alert(1)>')}&auto=1&role=host`, /name/],
  ['an overlong name', `?name=${LONG}&auto=1&role=host`, /name/],
  ['an unknown role', '?role=admin&auto=1', /role/],
  ['a malformed room code', `?auto=1#room=${encodeURIComponent('<b>')}&join=123456`, /code/],
  ['a malformed join code', '?auto=1#room=ABCD2345&join=12345', /code/],
  ['a wildcard as parent', '?embed=1&parent=*&auto=1&role=host', /parent/],
];

for (const [what, address, words] of HOSTILE) {
  test(`a link with ${what} is rejected, and the page says so`, async ({ registry, blank }) => {
    const asked: string[] = [];
    blank.page.on('request', (request) => asked.push(new URL(request.url()).origin));
    await blank.page.goto(`${registry.url}/${address}`);
    await expect(blank.at('link-refused')).toContainText(words);
    await blank.expectState('idle');
    await expect(blank.at('link-refused').locator('*').filter({ hasText: /<|evil|xxx/ })).toHaveCount(0);
    await expect(blank.page.locator('img')).toHaveCount(0);
    expect(new Set(asked)).toEqual(new Set([registry.url]));
    expect(registry.seen).toEqual([]);
  });
}

test('a link can name another Registry, and so does its invitation', async ({ registry, host }) => {
  host.expectComplaint(FAILED_REQUEST);
  await host.page.goto(`${registry.url}/?registry=${encodeURIComponent(`${registry.url}/`)}&stun=`);
  await expect(host.at('registry-url')).toHaveValue(`${registry.url}/`);
  await expect(host.at('stun-url')).toHaveValue('');
  await host.createRoom();
  await expect(host.at('invitation-link')).toHaveText(new RegExp(`^${registry.url}/#room=`));
});
