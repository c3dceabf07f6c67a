/**
 * The page embedded in another page, of the same origin and of an allowed origin. What else there is to know about the element
 * is in the other `embed-*` files.
 */
import AxeBuilder from '@axe-core/playwright';

import { expect, frameOf, openParent, test, withElement as element } from '../support/embedding.ts';

test.describe('on its own origin', () => {
  test.use({ registryFlags: [] });

  test('the demo: two embedded peers connect and exchange messages without any input', async ({ registry, blank }) => {
    await blank.page.goto(`${registry.url}/demo.html`);
    const log = blank.at('demo-log');
    await expect(log).toContainText('host: creating');
    await expect(log).toContainText('guest received: Hello, guest.');
    await expect(log).toContainText('host received: Hello, host.');
    for (const peer of ['Host', 'Guest']) {
      const frame = blank.page.frameLocator(`iframe[title="${peer}"]`);
      await expect(frame.getByTestId('state-text')).toHaveText('connected');
      await expect(frame.getByTestId('chat-message')).toHaveCount(2);
      await expect(frame.getByTestId('debug-section')).toBeHidden();
    }
  });

  test('the demo: axe finds nothing', async ({ registry, blank }) => {
    await blank.page.goto(`${registry.url}/demo.html`);
    await expect(blank.at('demo-log')).toContainText('host received: Hello, host.');
    const { violations } = await new AxeBuilder({ page: blank.page }).analyze();
    expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }))).toEqual([]);
  });
});

test.describe('on another origin', () => {
  test('the element executes commands and reports events', async ({ registry, site, blank }) => {
    await openParent(blank.page, site, element(registry.url));
    const room = await blank.page.evaluate(async () => {
      const harness = document.querySelector('registry-harness')!;
      const states: string[] = [];
      harness.addEventListener('state', ({ detail }) => states.push(detail.state));
      const room = await harness.create('Ann');
      return { ...room, states, all: JSON.stringify(harness.room) };
    });
    expect(room).toMatchObject({ host: 'Ann', states: ['creating', 'created'], room: expect.stringMatching(/^\w{8}$/) });
    expect(room.link).toBe(`${registry.url}/#room=${room.room}&join=${room.join}`);
    expect([...registry.tokens].filter((token) => room.all.includes(token))).toEqual([]);
    const frame = blank.page.frameLocator('iframe');
    await expect(frame.getByTestId('room-code')).toHaveText(room.room);
    // The frame is as high as its content.
    const height = () => frame.locator('body').evaluate((body) => innerHeight - (body as HTMLElement).offsetHeight);
    await expect.poll(height).toBe(0);
    await blank.page.evaluate(() => document.querySelector('registry-harness')!.close());
    await expect(frame.getByTestId('state-text')).toHaveText('idle');
  });

  test('an invalid command is rejected with an error', async ({ registry, site, blank }) => {
    await openParent(blank.page, site, element(registry.url));
    const refused = (call: string) =>
      blank.page.evaluate(async (call) => {
        const harness = document.querySelector('registry-harness')!;
        const calls: Record<string, () => Promise<unknown>> = {
          name: () => harness.create('two words'),
          twice: () => harness.create('Ann').then(() => harness.create('Ann')),
          codes: () => harness.join('nonsense', '1'),
        };
        return calls[call]!().then(String, (error) => `${error.name} ${error.code}`);
      }, call);
    // A repeated mistake is reported each time.
    expect(await refused('name')).toBe('RegistryHarnessError bad_argument');
    expect(await refused('name')).toBe('RegistryHarnessError bad_argument');
    expect(await refused('codes')).toBe('RegistryHarnessError bad_argument');
    expect(await refused('twice')).toBe('RegistryHarnessError invalid_transition');
  });

  test('the frame accepts messages only from the named origin, and only from its parent', async ({ registry, site, blank }) => {
    // The browser logs that the frame posted to the named origin and that nobody received it.
    blank.expectComplaint(/target origin provided \('https:\/\/other\.example'\) does not match/);
    const parent = site.origin;
    const address = `${registry.url}/?embed=1&parent=`;
    await openParent(
      blank.page,
      site,
      `<script>window.heard = []; addEventListener('message', (event) => heard.push(event.data.type))</script>
       <iframe id="other" src="${address}https://other.example"></iframe><iframe id="own" src="${address}${parent}"></iframe>`,
    );
    for (const id of ['other', 'own']) {
      await expect(blank.page.frameLocator(`#${id}`).getByTestId('state-text')).toHaveText('idle');
    }
    await blank.page.evaluate(() => {
      const create = { source: 'registry-harness', version: 1, type: 'create', name: 'Ann' };
      const [other, own] = ['other', 'own'].map((id) => document.getElementById(id) as HTMLIFrameElement);
      other!.contentWindow!.postMessage(create, '*');
      own!.contentWindow!.postMessage({ ...create, version: 2 }, '*');
      own!.contentWindow!.postMessage('create', '*');
    });
    // A sibling frame of the right origin is not the parent either.
    const own = blank.page.frames().find((frame) => frame.url().endsWith(encodeURI(parent)))!;
    await frameOf(blank.page).evaluate(() => {
      const create = { source: 'registry-harness', version: 1, type: 'create', name: 'Ann' };
      window.parent.frames[1]!.postMessage(create, '*');
    });
    await own.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    expect(registry.seen).toEqual([]);
    // A command from the named origin is executed, so the others would have been too.
    await blank.page.evaluate(() => {
      const create = { source: 'registry-harness', version: 1, type: 'create', name: 'Ann' };
      (document.getElementById('own') as HTMLIFrameElement).contentWindow!.postMessage(create, '*');
    });
    await expect.poll(() => blank.page.evaluate(() => (window as unknown as { heard: string[] }).heard)).toContain('room');
    expect(registry.count('create')).toBe(1);
  });

  test('it adopts the theme and accent of the embedding page', async ({ registry, site, blank }) => {
    const body = `<style>registry-harness { --registry-harness-accent: #7a1f5c }</style>
      <script src="${registry.url}/embed.js"></script><registry-harness role="host" theme="dark"></registry-harness>`;
    await openParent(blank.page, site, body);
    const button = blank.page.frameLocator('iframe').getByTestId('create-room-btn');
    await expect(button).toHaveCSS('background-color', 'rgb(122, 31, 92)');
    await expect(button).toHaveCSS('color', 'rgb(255, 255, 255)');
    const frame = frameOf(blank.page);
    expect(await frame.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('dark');
  });

  test('a removed element leaves nothing behind', async ({ registry, site, blank }) => {
    await openParent(blank.page, site, element(registry.url));
    const outcome = await blank.page.evaluate(async () => {
      const harness = document.querySelector('registry-harness')!;
      await harness.create('Ann');
      const started = harness.start().then(String, (error) => error.code);
      harness.remove();
      return [await started, harness.state, harness.room, document.querySelectorAll('iframe').length];
    });
    expect(outcome).toEqual(['closed', 'idle', null, 0]);
    await expect.poll(() => registry.count('close', 204)).toBe(1);
  });
});
