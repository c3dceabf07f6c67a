/** The npm package as used by applications. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { ask } from '../support/programs.ts';
import { expect, listen, test } from './fixtures.ts';
import { sites, type SiteName } from './sites.ts';

const meetings: [host: SiteName, guest: SiteName][] = [
  ['plain', 'vite'],
  ['vite', 'esbuild'],
  ['esbuild', 'vite dev'],
  ['vite dev', 'plain'],
];

for (const [hostSite, guestSite] of meetings) {
  test(`the README’s examples connect: ${hostSite} as host, ${guestSite} as guest`, async ({
    application,
    browser,
    guestBrowser,
    registry,
  }) => {
    const [host, guest] = [await browser.newPage(), await guestBrowser.newPage()];
    const [hostSays, guestSays] = [listen(host), listen(guest)];
    const [hostAt, guestAt] = [await sites[hostSite](application), await sites[guestSite](application)];

    await host.goto(`${hostAt.url}/host.html?registry=${registry}`);
    await expect(host.locator('body')).toContainText(/Room [A-Z0-9]{8}, join code \d{6}/);
    const [, room, join] = /Room (\S+), join code (\d+)/.exec(await host.locator('body').innerText())!;
    await guest.goto(`${guestAt.url}/guest.html?registry=${registry}&room=${room}&join=${join}`);

    const received = (from: string) => expect.stringMatching(new RegExp(`^Received message: .*Hello from ${from}!`));
    await expect.poll(() => guestSays.messages).toContainEqual(received('host'));
    await expect.poll(() => hostSays.messages).toContainEqual(received('guest'));
    expect(hostSays.messages).toContain('State changed: connected');
    expect([...hostSays.complaints, ...guestSays.complaints]).toEqual([]);

    await Promise.all([host.close(), guest.close()]);
    await Promise.all([hostAt.stop(), guestAt.stop()]);
  });
}

test('an application’s own HTTP client, WebRTC manager and state manager are used', async ({ application, page, registry }) => {
  const { complaints } = listen(page);
  const site = await sites.esbuild(application);
  await page.goto(`${site.url}/injected.html?registry=${registry}`);
  const outcome = await page.waitForFunction(() => (window as unknown as { outcome?: Promise<unknown> }).outcome);
  expect(await outcome.jsonValue()).toEqual({
    messages: [['pong', 1.5], 'ping'],
    channel: 'open',
    hostStates: ['creating', 'created', 'connecting', 'connected'],
    guestStates: ['joining', 'joined', 'connecting', 'connected'],
    rooms: true,
    connections: [1, 1],
    channels: 1,
    asked: true,
    refusal: ['api', 'not_found', 404],
  });
  // The browser itself logs the 404 for the unknown room.
  expect(complaints.filter((text) => !/status of 404/.test(text))).toEqual([]);
  await site.stop();
});

/** What an entry of the package exports, as a test uses it. */
type Exports = typeof import('./types.ts');
type Testing = Exports;
const INDEX = '/webrtc-registry-client/index.js';
const WASM = '/webrtc-registry-client/webrtc-registry-client.wasm';

/** Loads the package in a page of its site by `init`. Returns the state of a new client, or the error. */
const load = (page: Page) =>
  page.evaluate(async (path) => {
    const { init, RegistryClientError, WebRTCRegistryClient } = (await import(path)) as Exports;
    try {
      await init();
      return new WebRTCRegistryClient({ registryApiUrl: location.origin, iceServers: [] }).getConnectionState();
    } catch (error) {
      return error instanceof RegistryClientError && [error.kind, error.code, error.message];
    }
  }, INDEX);

test('nothing is loaded until it is asked for, and then once', async ({ application, page }) => {
  const { complaints } = listen(page);
  const site = await sites.plain(application);
  const requests: string[] = [];
  page.on('request', (request) => void (request.url().endsWith('.wasm') && requests.push(request.url())));
  await page.goto(`${site.url}/empty.html`);
  const seen = await page.evaluate(async (path) => {
    const all = (await import(path)) as Exports;
    const make = () => new all.WebRTCRegistryClient({ registryApiUrl: location.origin, iceServers: [] });
    let early: unknown;
    try {
      make();
    } catch (error) {
      early = error instanceof all.RegistryClientError && [error.kind, error.code, error.diagnostics.phase];
    }
    await Promise.all([all.init(), all.init()]);
    await all.init();
    return { names: Object.keys(all).sort(), early, state: make().getConnectionState() };
  }, INDEX);
  const classes = ['RegistryClient', 'RegistryClientError', 'RoomManager', 'StateManager', 'WebRTCManager', 'WebRTCRegistryClient'];
  const names = ['ConnectionState', ...classes, 'init', 'initSync'];
  expect(seen).toEqual({ names, early: ['state', 'not_loaded', 'idle'], state: 'idle' });
  expect(requests.length).toBe(1);
  expect(complaints).toEqual([]);
  await site.stop();
});

test('the specification’s parts, put together by the application, connect', async ({ application, page, registry }) => {
  const { complaints } = listen(page);
  const site = await sites.plain(application);
  await page.goto(`${site.url}/empty.html`);
  const seen = await page.evaluate(
    async ([path, registryApiUrl]) => {
      const all = (await import(path!)) as Exports;
      await all.init();
      const make = () => {
        const stateManager = new all.StateManager();
        const registryClient = new all.RegistryClient({ registryApiUrl: registryApiUrl! });
        const parts = { registryClient, webRTCManager: new all.WebRTCManager(), stateManager };
        return { room: new all.RoomManager({ registryApiUrl: '', iceServers: [], ...parts }), stateManager };
      };
      const [host, guest] = [make(), make()];
      const heard = [host, guest].map(({ room }) => new Promise((resolve) => void room.onMessage(resolve)));
      const { code, joinCode } = await host.room.createRoom('Ann');
      await guest.room.joinRoom(code, joinCode!, 'Bob');
      await Promise.all([host.room.startConnection(), guest.room.startConnection()]);
      host.room.sendMessage('from the host');
      guest.room.sendMessage('from the guest');
      const messages = await Promise.all(heard);
      const states = [host, guest].map(({ stateManager }) => stateManager.getState());
      const channel = host.stateManager.getDataChannel()!.label;
      await Promise.all([host.room.closeRoom(), guest.room.closeRoom()]);
      return { messages, states, channel, after: host.room.getConnectionState() };
    },
    [INDEX, registry],
  );
  expect(seen.messages).toEqual(['from the guest', 'from the host']);
  expect(seen.states).toEqual(['connected', 'connected']);
  expect([seen.channel, seen.after]).toEqual(['registry', 'idle']);
  expect(complaints).toEqual([]);
  await site.stop();
});

const sources: [name: string, make: (url: string) => unknown][] = [
  ['an address', (url) => url],
  ['a URL', (url) => new URL(url)],
  ['a response on its way', (url) => fetch(url)],
  ['bytes', async (url) => (await fetch(url)).arrayBuffer()],
  ['a compiled module', (url) => WebAssembly.compileStreaming(fetch(url))],
];

for (const [name, make] of sources) {
  test(`the module can be ${name}`, async ({ application, page }) => {
    const site = await sites.plain(application);
    await page.goto(`${site.url}/empty.html`);
    const state = await page.evaluate(
      async ([path, wasm, make]) => {
        const { init, WebRTCRegistryClient } = (await import(path)) as Exports;
        await init((0, eval)(make)(new URL(wasm, location.href).href));
        return new WebRTCRegistryClient({ registryApiUrl: location.origin, iceServers: [] }).getConnectionState();
      },
      [INDEX, WASM, `(${String(make)})`] as const,
    );
    expect(state).toBe('idle');
    await site.stop();
  });
}

for (const [entry, requested] of [['auto', 1], ['inline', 0]] as const) {
  test(`webrtc-registry-client/${entry} is ready when it is imported, with the same class`, async ({ application, page }) => {
    const { complaints } = listen(page);
    const site = await sites.plain(application);
    let requests = 0;
    page.on('request', (request) => void (request.url().endsWith('.wasm') && (requests += 1)));
    await page.goto(`${site.url}/empty.html`);
    const seen = await page.evaluate(
      async ([path, index]) => {
        const [entry, again, main] = (await Promise.all([import(path), import(path), import(index)])) as Exports[];
        const client = new entry!.WebRTCRegistryClient({ registryApiUrl: location.origin, iceServers: [] });
        return [client.getConnectionState(), client instanceof main!.WebRTCRegistryClient, entry === again];
      },
      [`/webrtc-registry-client/${entry}.js`, INDEX] as const,
    );
    expect(seen).toEqual(['idle', true, true]);
    expect(requests).toBe(requested);
    expect(complaints).toEqual([]);
    await site.stop();
  });
}

test('it loads from a server that does not know the MIME type of WebAssembly', async ({ application, page }) => {
  const { complaints } = listen(page);
  const site = await sites.plain(application);
  await page.route('**/*.wasm', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { 'content-type': 'application/octet-stream' } });
  });
  await page.goto(`${site.url}/empty.html`);
  expect(await load(page)).toBe('idle');
  expect(complaints).toEqual([]);
  await site.stop();
});

test('a missing module is named in the error, and can be loaded later', async ({ application, page }) => {
  const site = await sites.plain(application);
  await page.route('**/*.wasm', (route) => route.fulfill({ status: 404 }));
  await page.goto(`${site.url}/empty.html`);
  expect(await load(page)).toEqual(['network', 'not_loaded', `${site.url}${WASM} cannot be loaded: 404 Not Found`]);
  await page.unroute('**/*.wasm');
  expect(await load(page)).toBe('idle');
  await site.stop();
});

for (const script of ['node.mjs', 'node.cjs', 'inline.mjs', 'inline.cjs']) {
  test(`in Node: ${script}`, ({ application }) => {
    const { stdout, stderr, status } = ask('node', [script], application.folder);
    expect([stdout.trim(), stderr, status]).toEqual(['idle, then network: network_unreachable', '', 0]);
  });
}

test('the module contains no paths of the build machine', ({ application }) => {
  const wasm = readFileSync(join(application.package, 'webrtc-registry-client.wasm'), 'latin1');
  const paths = wasm.match(/[\w.-]*\/registry\/src\/[\w.-]+\/[\w.-]+/g) ?? [];
  expect(wasm).not.toContain(homedir());
  // The standard library was compiled earlier, and may contain the paths of its own crates.
  const others = paths.filter((path) => !/\/(hashbrown|dlmalloc)-[^/]+$/.test(path));
  expect(others.filter((path) => !path.startsWith('cargo/'))).toEqual([]);
});

for (const [resolution, module] of [['bundler', 'esnext'], ['nodenext', 'nodenext']] as const) {
  test(`the types match the specification with module resolution ${resolution}`, ({ application }) => {
    const files = ['host', 'guest', 'specification', 'misuse', 'injected'].map((name) => `${name}.ts`);
    // What Node's modules of the other kind see.
    if (module === 'nodenext') files.push('common.cts');
    const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022', '--lib', 'es2022,dom'];
    const types = ['--types', '', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'];
    const flags = [...options, ...types, '--module', module, '--moduleResolution', resolution, '--ignoreConfig'];
    const { stdout, status } = ask('tsc', [...flags, ...files], application.folder);
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
}

test('the world for tests keeps what it promises', ({ application }) => {
  const { stdout, stderr, status } = ask('node', ['--test', 'world.mjs'], application.folder);
  expect(status, stdout + stderr).toBe(0);
});

test('the world for tests is at home in a browser, too', async ({ application, page }) => {
  const { complaints } = listen(page);
  const site = await sites.plain(application);
  await page.goto(`${site.url}/empty.html`);
  const seen = await page.evaluate(async (path) => {
    const { WebRTCRegistryClient, World } = (await import(path)) as Testing;
    const world = new World();
    const config = { registryApiUrl: 'https://registry.test', iceServers: [] };
    const [host, guest] = [new WebRTCRegistryClient(config), new WebRTCRegistryClient(config)];
    const room = await world.settle(host.createRoom('Ann'));
    await world.settle(guest.joinRoom(room, host.getRoomInfo()!.joinCode, 'Bob'));
    await world.settle(Promise.all([host.startConnection(), guest.startConnection()]));
    return [host.getConnectionState(), guest.getConnectionState(), world.roomCount()];
  }, '/webrtc-registry-client/testing.js');
  expect(seen).toEqual(['connected', 'connected', 1]);
  expect(complaints).toEqual([]);
  await site.stop();
});

test('who listens as soon as the connection is there hears everything', async ({ application, page, registry }) => {
  const site = await sites.plain(application);
  await page.goto(`${site.url}/empty.html`);
  const heard = await page.evaluate(
    async ([path, registryApiUrl]) => {
      const { init, WebRTCRegistryClient } = (await import(path!)) as Exports;
      await init();
      const client = () => new WebRTCRegistryClient({ registryApiUrl: registryApiUrl!, iceServers: [] });
      const all: unknown[][] = [];
      for (let times = 0; times < 5; times += 1) {
        const [host, guest] = [client(), client()];
        // The other side talks in the moment in which it is connected.
        guest.onStateChange((state) => state === 'connected' && [1, 2, 3].forEach((part) => guest.sendMessage(part)));
        await guest.joinRoom(await host.createRoom('Ann'), host.getRoomInfo()!.joinCode, 'Bob');
        const joined = guest.startConnection();
        await host.startConnection();
        const messages: unknown[] = [];
        const last = new Promise((resolve) => host.onMessage((part) => messages.push(part) === 3 && resolve(0)));
        await Promise.all([joined, last]);
        all.push(messages);
        await Promise.all([host.closeRoom(), guest.closeRoom()]);
      }
      return all;
    },
    [INDEX, registry],
  );
  expect(heard).toEqual(Array(5).fill([1, 2, 3]));
  await site.stop();
});
