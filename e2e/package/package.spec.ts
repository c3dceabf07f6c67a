/** The npm package as used by applications. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { expect, test as base, type Browser, type ConsoleMessage, type Page } from '@playwright/test';

import { ask } from '../support/programs.ts';
import { Server } from '../support/server.ts';
import { Application } from './application.ts';
import { sites, type SiteName } from './sites.ts';

interface Fixtures {
  registry: string;
}
interface WorkerFixtures {
  application: Application;
  guestBrowser: Browser;
}

const test = base.extend<Fixtures, WorkerFixtures>({
  application: [
    async ({}, use) => {
      const application = new Application();
      await use(application);
      application.remove();
    },
    { scope: 'worker' },
  ],
  guestBrowser: [
    async ({ playwright }, use) => {
      const browser = await playwright.chromium.launch();
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  registry: async ({}, use) => {
    const server = await Server.startNew(['--allowed-origins', '*']);
    await use(`http://localhost:${server.port}`);
    await server.stop();
  },
});

/** The console's messages so far, and its errors and warnings. */
function listen(page: Page): { messages: string[]; complaints: string[] } {
  const heard = { messages: [] as string[], complaints: [] as string[] };
  page.on('console', (message: ConsoleMessage) => {
    heard.messages.push(message.text());
    if (['error', 'warning'].includes(message.type())) heard.complaints.push(message.text());
  });
  page.on('pageerror', (error) => heard.complaints.push(String(error)));
  return heard;
}

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

/** Loads the package in a page of its site. Returns its exports, or the error. */
const load = (page: Page) =>
  page.evaluate((path) => import(path).then((all) => Object.keys(all).sort(), String), '/webrtc-registry-client/index.js');

test('it loads from a server that does not know the MIME type of WebAssembly', async ({ application, page }) => {
  const { complaints } = listen(page);
  const site = await sites.plain(application);
  await page.route('**/*.wasm', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { 'content-type': 'application/octet-stream' } });
  });
  await page.goto(`${site.url}/empty.html`);
  expect(await load(page)).toEqual(['ConnectionState', 'RegistryClientError', 'WebRTCRegistryClient']);
  expect(complaints).toEqual([]);
  await site.stop();
});

test('a missing module is named in the error', async ({ application, page }) => {
  const site = await sites.plain(application);
  await page.route('**/*.wasm', (route) => route.fulfill({ status: 404 }));
  await page.goto(`${site.url}/empty.html`);
  expect(await load(page)).toBe(
    `Error: ${site.url}/webrtc-registry-client/webrtc-registry-client.wasm cannot be loaded: 404 Not Found`,
  );
  await site.stop();
});

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
    const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022', '--lib', 'es2022,dom'];
    const types = ['--types', '', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'];
    const flags = [...options, ...types, '--module', module, '--moduleResolution', resolution, '--ignoreConfig'];
    const { stdout, status } = ask('tsc', [...flags, ...files], application.folder);
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
}
