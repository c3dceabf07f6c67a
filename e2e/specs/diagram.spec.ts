/** The sequence diagram and the waterfall: what went where, what took the time, and taking the diagram along. */
import { readFile } from 'node:fs/promises';

import AxeBuilder from '@axe-core/playwright';

import { expect, test } from '../fixtures.ts';
import { connect, meet, type HarnessPage } from '../pages/harness-page.ts';
import { rowsOf, type Row } from '../support/diagram.ts';

/** All rows of the page's diagram. */
const rows = (page: HarnessPage): Promise<Row[]> => rowsOf(page.at('diagram-rows'));

const arrow = ({ from, to, kind, inferred }: Row) => `${from}${inferred ? '-->' : '->'}${to} ${kind}`;

/** The arrows of these kinds, in order. */
const arrows = (all: Row[], ...kinds: string[]) =>
  all.filter(({ from, to, kind }) => from !== to && kinds.includes(kind)).map(arrow);

test('both sides see offer, answer, candidates and the open channel, each from its side', async ({ host, guest }) => {
  await connect(host, guest);
  for (const page of [host, guest]) await page.at('tab-diagram').click();

  const ofHost = await rows(host);
  expect(arrows(ofHost, 'offer', 'answer', 'open')).toEqual([
    'host->registry offer',
    'registry-->guest offer',
    'guest-->registry answer',
    'registry->host answer',
    'host->guest open',
  ]);
  const ofGuest = await rows(guest);
  expect(arrows(ofGuest, 'offer', 'answer', 'open')).toEqual([
    'host-->registry offer',
    'registry->guest offer',
    'guest->registry answer',
    'registry-->host answer',
    'host->guest open',
  ]);
  // Candidates go with a description or by themselves.
  await expect(host.at('diagram')).toContainText('candidate');
});

test('an arrow shows what it carries, by a click and by keys', async ({ host, guest }) => {
  await connect(host, guest);
  await host.at('tab-diagram').click();
  const list = host.at('diagram-rows');
  await list.focus();
  await host.page.keyboard.press('Home');
  await expect(host.at('diagram-payload')).toContainText('state:changed');
  const offer = host.page.locator('[data-testid="diagram-row"][data-kind="offer"][data-from="host"]');
  await offer.click();
  await expect(offer).toHaveAttribute('aria-selected', 'true');
  await expect(host.at('diagram-payload')).toContainText('Host to Registry: offer');
  await expect(host.at('diagram-payload')).toContainText('offer:posted');
  await expect(host.at('diagram-payload')).toContainText('a=ice-pwd:***');
  await list.focus();
  await host.page.keyboard.press('ArrowDown');
  await expect(offer).toHaveAttribute('aria-selected', 'false');
  await host.page.keyboard.press('Escape');
  await expect(host.at('diagram-payload')).toBeHidden();
});

test('what only the other side can know says so', async ({ host, guest }) => {
  await connect(host, guest);
  await host.at('tab-diagram').click();
  await host.at('diagram-rows').evaluate((list) => (list.scrollTop = 0));
  await host.page.locator('[data-testid="diagram-row"][data-inferred="true"][data-kind="answer"]').click();
  await expect(host.at('diagram-payload')).toContainText('(inferred)');
  await expect(host.at('diagram-payload')).toContainText('Nobody here has seen this');
});

test('many messages are one row, and the newest stays in view', async ({ host, guest }) => {
  await connect(host, guest);
  await host.at('tab-diagram').click();
  await host.page.evaluate(() => {
    for (let number = 0; number < 120; number += 1) window.harness!.client.sendMessage(number);
  });
  const burst = host.page.locator('[data-testid="diagram-row"][data-kind="message"]');
  await expect(burst).toHaveAttribute('data-count', '120');
  await expect(burst).toContainText('×120');
  await expect(burst).toContainText('acknowledged');
  await expect(host.at('diagram-row').last()).toBeInViewport();
});

test('it is copied as Mermaid and saved as a drawing', async ({ registry, host, guest }) => {
  await connect(host, guest);
  await guest.say('<b>"hello" & #1; 100 %%</b>');
  await expect(host.messagesFrom('peer')).toHaveCount(1);
  await host.at('tab-diagram').click();
  await host.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await host.at('copy-mermaid').click();
  await expect(host.at('copy-mermaid')).toContainText('Copied');
  const mermaid = await host.page.evaluate(() => navigator.clipboard.readText());
  expect(mermaid.split('\n').slice(0, 4)).toEqual([
    'sequenceDiagram',
    '    participant host as Host',
    '    participant registry as Registry',
    '    participant guest as Guest',
  ]);
  expect(mermaid).toMatch(/host->>registry: [\d.]+ s offer/);
  expect(mermaid).toMatch(/guest-->>registry: [\d.]+ s answer.*\(inferred\)/);
  // What is said means nothing to Mermaid.
  const said = mermaid.split('\n').map((line) => line.slice(line.indexOf(': ') + 1));
  expect(said.filter((text) => /[<>%"$]|#(?!\d+;)/.test(text))).toEqual([]);
  expect(mermaid).toContain('#60;b#62;');

  const [download] = await Promise.all([host.page.waitForEvent('download'), host.at('download-svg').click()]);
  expect(download.suggestedFilename()).toBe('sequence-diagram.svg');
  const svg = await readFile(await download.path(), 'utf8');
  const parsed = await host.page.evaluate((svg) => {
    const document = new DOMParser().parseFromString(svg, 'image/svg+xml');
    const texts = [...document.querySelectorAll('text')].map((text) => text.textContent ?? '');
    return { root: document.documentElement.localName, errors: document.querySelectorAll('parsererror').length, texts };
  }, svg);
  expect([parsed.root, parsed.errors]).toEqual(['svg', 0]);
  expect(parsed.texts).toEqual(expect.arrayContaining(['Host', 'Registry', 'Guest']));
  expect(parsed.texts.some((text) => text.includes('<b>'))).toBe(true);
  for (const secret of [...registry.tokens, ...registry.joinCodes]) expect(svg + mermaid).not.toContain(secret);
});

test('the waterfall has a bar for each step, and names what took longest', async ({ registry, host, guest }) => {
  await meet(host, guest);
  await host.at('tab-time').click();
  const person = host.page.locator('[data-testid="waterfall-bar"][data-kind="person"]');
  await expect(person).toHaveAttribute('data-peer', 'host');
  await host.startAsHost();
  const release = registry.hold('answer');
  await guest.startAsGuest();
  const waiting = host.page.locator('[data-testid="waterfall-bar"][data-kind="peer"]');
  // It grows while the answer is held.
  const ms = async () => Number(await waiting.getAttribute('data-ms'));
  await expect.poll(ms).toBeGreaterThan(3_000);
  await expect(host.at('waterfall-longest')).toContainText(/^So far/);
  release();
  await host.expectConnected();
  const bars = (kind: string) => host.page.locator(`[data-testid="waterfall-bar"][data-kind="${kind}"]`);
  for (const kind of ['request', 'wait', 'gathering', 'description', 'checks']) {
    await expect(bars(kind).first()).toBeAttached();
  }
  // A busy browser may say that DTLS is done only when the channel is open.
  await expect(bars('dtls').or(bars('channel')).first()).toBeAttached();
  await expect(host.at('waterfall-longest')).toHaveText(/^Of .* were the wait for the guest’s answer\.$/);
  const took = await ms();
  expect(took).toBeGreaterThan(3_000);
  expect(await ms()).toBe(took);
});

test('a lost connection is a part of its own', async ({ host, guest }) => {
  await connect(host, guest);
  await host.at('tab-time').click();
  await expect(host.at('waterfall-part')).toHaveCount(0);
  await host.at('cut-connection-btn').click();
  await host.expectEvent('reconnect:success');
  await expect(host.at('waterfall-part')).toHaveText(['Handshake', 'Reconnect 1']);
  await expect(host.at('waterfall-longest')).toContainText('The connection was lost for');
  await host.at('waterfall-part').first().click();
  await expect(host.at('waterfall-longest')).toContainText(/^Of /);
  await host.at('tab-diagram').click();
  await expect(host.page.locator('[data-testid="diagram-row"][data-kind="reconnect"]').last()).toBeAttached();
});

test('on a narrow screen nothing is wider than the screen', async ({ host, guest }) => {
  for (const page of [host, guest]) await page.page.setViewportSize({ width: 360, height: 800 });
  await connect(host, guest);
  for (const tab of ['diagram', 'time']) {
    await host.at(`tab-${tab}`).click();
    await expect(host.at(tab === 'time' ? 'waterfall-bar' : 'diagram-row').first()).toBeVisible();
    expect(await host.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  }
  // Every row keeps to its lanes.
  await host.at('tab-diagram').click();
  const overflows = await host.at('diagram-rows').evaluate((list) => list.scrollWidth > list.clientWidth);
  expect(overflows).toBe(false);
});

test('axe finds nothing in either view, wide or narrow, light or dark', async ({ host, guest }) => {
  test.slow();
  await connect(host, guest);
  for (const tab of ['diagram', 'time']) {
    await host.at(`tab-${tab}`).click();
    if (tab === 'diagram') await host.at('diagram-row').last().click();
    for (const [width, colorScheme] of [[1280, 'dark'], [360, 'light'], [360, 'dark']] as const) {
      await host.page.setViewportSize({ width, height: 900 });
      await host.page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page: host.page }).setLegacyMode().analyze();
      const findings = violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }));
      expect(findings, `${tab}, ${width} px, ${colorScheme}`).toEqual([]);
    }
  }
});
