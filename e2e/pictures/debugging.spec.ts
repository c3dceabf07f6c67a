/** One picture for each view of the instrument. */
import { fileURLToPath } from 'node:url';

import type { Locator } from '@playwright/test';

import { expect, test } from '../fixtures.ts';
import { connect, FAILED_REQUEST, meet, type HarnessPage } from '../pages/harness-page.ts';

const SIZE = { width: 1280, height: 860 };

test.use({ query: '?stun=' });
test.beforeEach(async ({ host }) => host.page.setViewportSize(SIZE));

const pathOf = (name: string) => fileURLToPath(new URL(`../../docs/pictures/${name}.png`, import.meta.url));

/** Takes a picture of an element into the folder of the documents. */
async function picture(name: string, of: Locator): Promise<void> {
  // The pointer would colour what is below it.
  await of.page().mouse.move(0, 0);
  await of.screenshot({ path: pathOf(name), animations: 'disabled' });
}

/** Takes a picture of what is in view. */
async function inView(name: string, { page }: HarnessPage): Promise<void> {
  await page.screenshot({ path: pathOf(name), animations: 'disabled' });
}

async function tab(page: HarnessPage, name: string): Promise<Locator> {
  await page.at(`tab-${name}`).click();
  return page.at('instrument');
}

test('a connection that works, view by view', async ({ host, guest }) => {
  await connect(host, guest);
  for (const text of ['Hello', 'Is this direct?']) await host.say(text);
  await guest.say('Yes, host to host');
  await expect(host.messagesFrom('peer')).toHaveCount(1);
  await inView('overview', host);
  for (const name of ['diagram', 'time', 'paths', 'registry']) await picture(name, await tab(host, name));
  const sdp = await tab(host, 'sdp');
  await host.page.getByTestId('sdp-line').filter({ hasText: 'a=setup' }).first().click();
  await picture('sdp', sdp);
  await host.page.waitForFunction(() => window.harness.export().tracks[0]!.samples.length > 12);
  await picture('statistics', await tab(host, 'statistics'));
  await picture('traces', await tab(host, 'traces'));
});

test('messages held one by one', async ({ host, guest }) => {
  await meet(host, guest);
  const instrument = await tab(host, 'faults');
  await host.at('hold-offers').check();
  await host.startAsHost();
  await host.at('held-edit').click();
  await expect(host.at('held-content')).toHaveValue(/v=0/);
  await picture('faults', instrument);
});

test('a failure that is explained', async ({ registry, host }) => {
  host.expectComplaint(FAILED_REQUEST);
  await host.createRoom();
  registry.down();
  await host.startAsHost();
  await expect(host.at('finding').first()).toHaveAttribute('data-cause', 'registry-unreachable');
  await inView('finding', host);
});

test('the check without a peer', async ({ registry, host }) => {
  host.expectComplaint(FAILED_REQUEST);
  await host.page.goto(`${registry.url}/?stun=stun:127.0.0.1:9`);
  await host.at('run-check').click();
  await expect(host.at('check-lines')).toBeVisible();
  await expect(host.at('check-lines')).not.toHaveAttribute('aria-busy');
  await picture('check', host.at('check'));
});

test('both peers in one tab', async ({ registry, host }) => {
  await host.page.goto(`${registry.url}/?peers=2&auto=1&stun=`);
  for (const role of ['host', 'guest']) {
    await expect(host.at(`peer-${role}`).getByTestId('state-text')).toHaveText('connected');
  }
  await host.page.evaluate(() => scrollTo(0, 0));
  await inView('peers', host);
  await host.at('both-peers').getByTestId('tab-time').click();
  await picture('peers-time', host.at('both-peers').getByTestId('waterfall'));
});
