/** Fixtures of every test: its own Registry, and a page in each of two isolated browsers. */
import { test as base, expect, type Browser } from '@playwright/test';

import { HarnessPage } from './pages/harness-page.ts';
import { launch, newContext, type Kind } from './support/browsers.ts';
import { Registry } from './support/registry.ts';
import { holds } from './support/secrets.ts';
import { workerPort } from './support/worker.ts';

interface TestFixtures {
  /** Additional flags for the Registry server. */
  registryFlags: string[];
  /** What the address of the page has after the Registry's: `?stun=` for no STUN server, for example. */
  query: string;
  registry: Registry;
  /** The page in the host's browser, loaded and idle. */
  host: HarnessPage;
  /** The page in the guest's browser, loaded and idle. */
  guest: HarnessPage;
  /** A page in the host's browser that has not been loaded yet. */
  blank: HarnessPage;
}

interface WorkerFixtures {
  /** Which browsers to use. */
  hostKind: Kind;
  guestKind: Kind;
  hostBrowser: Browser;
  guestBrowser: Browser;
}

/** Provides a page of `browser`, and checks in the end that it logged no errors and leaked no secrets. */
async function lend(browser: Browser, registry: Registry, use: (page: HarnessPage) => Promise<void>): Promise<void> {
  const context = await newContext(browser);
  const page = new HarnessPage(await context.newPage());
  await use(page);
  const text = page.page.url() === 'about:blank' ? '' : await page.page.locator('body').innerText();
  await context.close();
  expect.soft(page.complaints, 'errors and warnings on the console').toEqual([]);
  const places = { 'the page’s text': [text], 'the console': page.written, 'an address': registry.urls };
  for (const [place, texts] of Object.entries(places)) {
    // The host's page shows the join code, which is the one secret that is meant to be shared.
    const secrets = place === 'the page’s text' ? registry.tokens : [...registry.tokens, ...registry.joinCodes];
    const found = [...secrets].filter((secret) => texts.some((text) => holds(text, secret)));
    expect.soft(found, `secrets in ${place}`).toEqual([]);
  }
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  hostKind: ['chromium', { option: true, scope: 'worker' }],
  guestKind: ['chromium', { option: true, scope: 'worker' }],
  hostBrowser: [
    async ({ playwright, hostKind }, use) => {
      const browser = await launch(playwright, hostKind);
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  guestBrowser: [
    async ({ playwright, guestKind }, use) => {
      const browser = await launch(playwright, guestKind);
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  registryFlags: [[], { option: true }],
  query: ['', { option: true }],
  registry: async ({ registryFlags }, use, testInfo) => {
    testInfo.skip(workerPort() !== undefined && registryFlags.length > 0, 'the Worker has no flags');
    const registry = await Registry.start(registryFlags);
    await use(registry);
    await registry.stop();
  },
  blank: async ({ hostBrowser, registry }, use) => lend(hostBrowser, registry, use),
  host: async ({ blank, registry, query }, use) => {
    await blank.open(`${registry.url}/${query}`);
    await use(blank);
  },
  guest: async ({ guestBrowser, registry, query }, use) =>
    lend(guestBrowser, registry, async (guest) => {
      await guest.open(`${registry.url}/${query}`);
      await use(guest);
    }),
});

export { expect };
