/** Elements that are reloaded, moved and removed: whose room is it then, and what does the peer hear? */
import type { RegistryHarnessElement } from '../../static/embed.d.ts';
import { connectElement, expect, frameOf, openParent, test, withElement } from '../support/embedding.ts';
import { FAILED_REQUEST, type HarnessPage } from '../pages/harness-page.ts';

const seen = ({ page }: HarnessPage, element = 'registry-harness') =>
  page.locator(element).evaluate(({ state, room }: RegistryHarnessElement) => ({ state, room }));

/** Waits until a peer has been told that the other one left: connected, or just about to be again. */
async function hearsGoodbye(peer: HarnessPage): Promise<void> {
  // It may still be asking in the room that the host closes.
  peer.expectComplaint(FAILED_REQUEST);
  await peer.page.waitForFunction(() => {
    const reasons = window.harness.client.getTrace().map(({ name, details }) => name === 'state:changed' && details.reason);
    return reasons.some((reason) => reason === 'the peer left' || reason === 'peer_left');
  });
}

test.describe('on its own origin', () => {
  test.use({ registryFlags: [] });

  test('after a reload of a page with two elements, each has its own room again', async ({ registry, blank }) => {
    await blank.page.goto(`${registry.url}/demo.html`);
    await expect(blank.at('demo-log')).toContainText('host received: Hello, host.');
    for (const frame of blank.page.frames().slice(1)) {
      await frame.waitForFunction(() =>
        window.harness.client.getTrace().some(({ name, details }) => name === 'standby' && details.step === 'ready'),
      );
    }
    const { room, join, link } = (await seen(blank, '#host')).room!;
    await blank.page.reload();
    const again = { room, join, link, host: 'Ann', guest: 'Bob' };
    await expect.poll(() => seen(blank, '#host')).toMatchObject({ state: 'connected', room: again });
    await expect.poll(() => seen(blank, '#guest')).toMatchObject({ state: 'connected', room: { room, host: 'Ann' } });
    await blank.page.locator('#host').evaluate((host: RegistryHarnessElement) => host.send({ text: 'again' }));
    await expect(blank.at('demo-log')).toContainText('guest received: again');
    await expect(blank.at('demo-log')).not.toContainText('Close the current room first');
  });
});

test.describe('on another origin of the site', () => {
  test('a new element does not go on with the room of one that was removed', async ({ registry, site, blank, guest: peer }) => {
    await openParent(blank.page, site, withElement(registry.url, 'id="own"'), site.neighbour);
    await connectElement(blank, peer);
    const ready = await blank.page.evaluate(() => {
      document.querySelector('registry-harness')!.remove();
      const stranger = Object.assign(document.createElement('registry-harness'), { id: 'own' });
      const ready = new Promise((resolve) => stranger.addEventListener('ready', ({ detail }) => resolve(detail.state)));
      document.body.append(stranger);
      return ready;
    });
    expect(ready).toBe('idle');
    await hearsGoodbye(peer);
    expect(await seen(blank)).toEqual({ state: 'idle', room: null });
  });

  test('a frame without a name does not go on with the room of another', async ({ registry, site, blank, guest: peer }) => {
    const frame = `<iframe src="${registry.url}/?embed=1&parent=${site.neighbour}"></iframe>`;
    await openParent(blank.page, site, frame, site.neighbour);
    const inner = frameOf(blank.page);
    await inner.waitForFunction(() => window.harness?.client.getConnectionState() === 'idle');
    const invitation = await inner.evaluate(async () => {
      const { client } = window.harness;
      const roomCode = await client.createRoom('Ann');
      return { roomCode, joinCode: client.getRoomInfo()!.joinCode! };
    });
    await peer.joinRoom(invitation);
    await peer.startAsGuest();
    await inner.evaluate(() => window.harness.client.startConnection());
    await peer.expectEvent('standby', { step: 'ready' });
    await blank.page.evaluate(() => document.querySelector('iframe')!.remove());
    await hearsGoodbye(peer);
  });

  test('a page that is reloaded goes on, one that is opened again does not', async ({ registry, site, blank, guest: peer }) => {
    await openParent(blank.page, site, withElement(registry.url), site.neighbour);
    const { room } = await connectElement(blank, peer);
    await blank.page.reload();
    await expect.poll(() => seen(blank)).toMatchObject({ state: 'connected', room: { room } });
    await peer.expectState('connected');
    await blank.page.goto(`${site.neighbour}/?`);
    await frameOf(blank.page).waitForFunction(() => window.harness?.client.getConnectionState() === 'idle');
    expect(await seen(blank)).toEqual({ state: 'idle', room: null });
  });

  test('an element that is moved goes on, and knows its room', async ({ registry, site, blank, guest: peer }) => {
    await openParent(blank.page, site, `${withElement(registry.url)}<main></main>`, site.neighbour);
    const room = await connectElement(blank, peer);
    const pending = await blank.page.evaluate(() => {
      const harness = document.querySelector('registry-harness')!;
      const refused = harness.create('Ann').catch((error) => error.code);
      document.querySelector('main')!.append(harness);
      return refused;
    });
    expect(pending).toBe('closed');
    const { room: code, join, link } = room;
    await expect.poll(() => seen(blank)).toMatchObject({ state: 'connected', room: { room: code, join, link } });
    await peer.say('still there?');
    await expect(blank.page.frameLocator('iframe').getByTestId('chat-message')).toContainText(['still there?']);
    expect(blank.page.frames()).toHaveLength(2);
  });
});

for (const where of ['neighbour', 'origin'] as const) {
  test.describe(where === 'origin' ? 'on another site' : 'on another origin of the site, removed', () => {
    test('a connected host that is removed closes its rooms, and the peer hears that it left', async ({
      registry,
      site,
      blank,
      guest: peer,
    }) => {
      await openParent(blank.page, site, withElement(registry.url), site[where]);
      await connectElement(blank, peer);
      await blank.page.evaluate(() => document.querySelector('registry-harness')!.remove());
      await hearsGoodbye(peer);
      await expect.poll(() => registry.openRooms).toBe(0);
      await expect.poll(() => blank.page.frames().length).toBe(1);
    });

    test('the peer hears that a connected guest that is removed left', async ({ registry, site, blank, guest: peer }) => {
      await openParent(blank.page, site, withElement(registry.url), site[where]);
      const { roomCode, joinCode } = await peer.createRoom();
      const harness = blank.page.locator('registry-harness');
      await harness.evaluate((element: RegistryHarnessElement, codes) => element.join(...codes, 'Bob'), [roomCode, joinCode] as const);
      await peer.startAsHost();
      await harness.evaluate((element: RegistryHarnessElement) => element.start());
      await peer.expectEvent('standby', { step: 'ready' });
      await frameOf(blank.page).waitForFunction(() =>
        window.harness.client.getTrace().some(({ name, details }) => name === 'standby' && details.step === 'ready'),
      );
      await harness.evaluate((element) => element.remove());
      await hearsGoodbye(peer);
    });

    test('an element that is moved with moveBefore stays connected', async ({ registry, site, blank, guest: peer }) => {
      await openParent(blank.page, site, `${withElement(registry.url)}<main></main>`, site[where]);
      await connectElement(blank, peer);
      await blank.page.evaluate(() => {
        const main = document.querySelector('main') as HTMLElement & { moveBefore(node: Node, child: null): void };
        main.moveBefore(document.querySelector('registry-harness')!, null);
      });
      await blank.page.locator('main registry-harness').evaluate((element: RegistryHarnessElement) => element.send('hello'));
      await expect(peer.messagesFrom('peer')).toHaveCount(1);
      expect(await seen(blank)).toMatchObject({ state: 'connected' });
      await expect(peer.at('reconnect')).toHaveCount(0);
    });
  });
}
