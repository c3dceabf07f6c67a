/** What the tests of the embedded page share: another site, whose page embeds it. */
import type { Frame, Page } from '@playwright/test';

import type { HarnessRoom, RegistryHarnessElement } from '../../static/embed.d.ts';
import { expect, test as base } from '../fixtures.ts';
import type { HarnessPage } from '../pages/harness-page.ts';
import { OtherSite } from './other-site.ts';

export { expect };

export const test = base.extend<{ site: OtherSite }>({
  registryFlags: ['--embed-origins', '*'],
  site: async ({}, use) => {
    const site = await OtherSite.start();
    await use(site);
    site.stop();
  },
});

/** Opens the other site's page with this body. */
export async function openParent(page: Page, site: OtherSite, body: string, address = site.origin): Promise<void> {
  site.body = body;
  await page.goto(address);
}

/** A page with an element. */
export const withElement = (url: string, attributes = '') =>
  `<script src="${url}/embed.js"></script><registry-harness ${attributes}></registry-harness>`;

export const frameOf = (page: Page): Frame => page.frames()[1]!;

/** The outcome of a call of the element: `ok`, or the error's code and message. */
export function outcome(page: Page, call: (harness: RegistryHarnessElement) => unknown): Promise<string> {
  return page.evaluate(async (call) => {
    const harness = document.querySelector('registry-harness')!;
    const called = new Function('harness', `return (${call})(harness)`) as (harness: RegistryHarnessElement) => unknown;
    return Promise.resolve()
      .then(() => called(harness))
      .then(() => 'ok', (error) => `${error.code}: ${error.message}`);
  }, String(call));
}

/** Connects the page's element, as host, with a peer; both could resume. */
export async function connectElement({ page }: HarnessPage, peer: HarnessPage): Promise<HarnessRoom> {
  const harness = page.locator('registry-harness');
  const room = await harness.evaluate((element: RegistryHarnessElement) => element.create('Ann'));
  await peer.joinRoom({ roomCode: room.room, joinCode: room.join! });
  await peer.startAsGuest();
  await harness.evaluate((element: RegistryHarnessElement) => element.start());
  await peer.expectConnected();
  await peer.expectEvent('standby', { step: 'ready' });
  await frameOf(page).waitForFunction(() =>
    window.harness.client.getTrace().some(({ name, details }) => name === 'standby' && details.step === 'ready'),
  );
  return room;
}
