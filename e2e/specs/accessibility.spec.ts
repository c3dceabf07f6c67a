/**
 * axe finds no violation in any view, dark or light, wide or narrow; and the page respects the user's system
 * preferences.
 */
import AxeBuilder from '@axe-core/playwright';

import { expect, test } from '../fixtures.ts';
import { connect, FAILED_REQUEST, type HarnessPage } from '../pages/harness-page.ts';

const WIDTHS = [1280, 360];
const SCHEMES = ['light', 'dark'] as const;

async function expectAccessible({ page }: HarnessPage, moment: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      // Legacy mode suffices for pages without frames; the default mode opens another page for each analysis.
      const axe = new AxeBuilder({ page }).setLegacyMode();
      // Only contrast depends on the colours.
      if (colorScheme === 'dark') axe.withRules('color-contrast');
      const { violations, passes } = await axe.analyze();
      const findings = violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }));
      expect(findings, `${moment}, ${width} px, ${colorScheme}`).toEqual([]);
      expect(passes.length).toBeGreaterThan(colorScheme === 'dark' ? 0 : 10);
    }
  }
}

test('without a room: initial view, settings, both forms, an error', async ({ registry, host }) => {
  await expectAccessible(host, 'idle');
  for (const details of await host.at('settings').locator('details').all()) await details.locator('summary').click();
  await expectAccessible(host, 'settings open');
  await host.at('registry-url').fill('nowhere');
  await expect(host.at('registry-url')).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(host, 'a setting rejected');
  await host.at('registry-url').fill(registry.url);
  await host.at('role-guest').click();
  await expectAccessible(host, 'guest form');
  await host.at('role-host').click();
  await expectAccessible(host, 'host form');

  await host.open(`${registry.url}/?role=host&name=Ann&stun=stun:127.0.0.1:1&stun=turn:127.0.0.1:1`);
  await expect(host.at('settings-by-link')).toBeVisible();
  await expectAccessible(host, 'set by a link');
  await host.at('drop-link-settings').click();

  host.expectComplaint(FAILED_REQUEST);
  registry.down();
  await host.submitHost();
  await host.expectError(/cannot be reached/i);
  await expectAccessible(host, 'error');
});

test('the check, and servers pasted with a mistake', async ({ registry, host }) => {
  host.expectComplaint(FAILED_REQUEST);
  await host.at('registry-url').fill('http://localhost:1');
  await host.at('run-check').click();
  await expect(host.at('check-lines')).toBeVisible();
  await expect(host.at('check-lines')).not.toHaveAttribute('aria-busy');
  await expectAccessible(host, 'a check that found something');
  await host.at('registry-url').fill(registry.url);
  await host.at('paste-ice-servers').click();
  await host.at('ice-servers-json').fill("[{ urls: 'stun:x }]");
  await host.at('apply-ice-servers').click();
  await expect(host.at('ice-servers-problem')).toBeVisible();
  await expectAccessible(host, 'servers that cannot be read');
  await host.at('ice-servers-json').fill("[{ urls: 'turn:x' }, { urls: 'turn:y' }]");
  await host.at('apply-ice-servers').click();
  await expect(host.at('turn-server-2')).toBeVisible();
  await expectAccessible(host, 'two TURN servers');
});

test('with a room: created, joined, connecting, timeline collapsed, failed', async ({ registry, host, guest }) => {
  const invitation = await host.createRoom();
  await expectAccessible(host, 'created');
  await guest.joinRoom(invitation);
  await expectAccessible(guest, 'joined');
  await guest.startAsGuest();
  await guest.expectState('connecting');
  await expectAccessible(guest, 'connecting');
  await guest.at('collapse-debug-log').click();
  await expect(guest.at('debug-log')).toBeHidden();
  await expectAccessible(guest, 'timeline collapsed');

  guest.expectComplaint(FAILED_REQUEST);
  await registry.restart();
  await guest.expectState('error');
  await expectAccessible(guest, 'failed');
});

test('connected: chat, candidates, connection details, an expanded timeline entry', async ({ host, guest }) => {
  await connect(host, guest);
  await host.say('hello');
  await guest.say('hello yourself');
  await expect(host.messagesFrom('peer')).toBeVisible();
  await guest.page.evaluate(() => {
    for (const text of ['a long message '.repeat(100), '\u200b']) window.harness.client.sendMessage({ text });
  });
  await expect(host.at('show-all')).toBeVisible();
  await expect(host.at('invisible-text')).toBeVisible();
  for (const details of await host.page.locator('details:not([open]):visible').all()) await details.locator('summary').click();
  await host.at('debug-entry').first().click();
  await expectAccessible(host, 'connected');
  await guest.close();
  await host.expectState('disconnected');
  await expectAccessible(host, 'disconnected');
});

/** Computed style properties that differ between two display modes. */
const computed = ({ page }: HarnessPage, selector: string, property: string) =>
  page.locator(selector).first().evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);

test('nothing moves with prefers-reduced-motion', async ({ host }) => {
  const moving = () =>
    host.page.evaluate(() => {
      const seconds = (text: string) => Math.max(...text.split(',').map((part) => parseFloat(part) || 0));
      const moves = (element: Element) => {
        const { animationDuration, animationName, transitionDuration } = getComputedStyle(element);
        return seconds(transitionDuration) > 0.01 || (animationName !== 'none' && seconds(animationDuration) > 0.01);
      };
      return [...document.querySelectorAll('body *')].filter(moves).length;
    });
  await host.createRoom();
  await host.startAsHost();
  await host.page.emulateMedia({ reducedMotion: 'no-preference' });
  expect(await moving()).toBeGreaterThan(0);
  await host.page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await moving()).toBe(0);
});

test('borders and muted text stand out with prefers-contrast', async ({ host }) => {
  for (const colorScheme of SCHEMES) {
    await host.page.emulateMedia({ colorScheme, contrast: 'no-preference' });
    const ink = await computed(host, 'body', 'color');
    expect(await computed(host, '.eyebrow', 'color')).not.toBe(ink);
    await host.page.emulateMedia({ colorScheme, contrast: 'more' });
    for (const [selector, property] of [['.eyebrow', 'color'], ['.card', 'border-top-color'], ['.input', 'border-top-color']] as const) {
      expect(await computed(host, selector, property), `${selector}, ${colorScheme}`).toBe(ink);
    }
  }
});

test('with forced colours, what colour conveys is still visible', async ({ host, guest }) => {
  await host.page.emulateMedia({ forcedColors: 'active' });
  await host.at('role-host').click();
  expect(await computed(host, '.choice.chosen', 'outline-style'), 'the chosen role').toBe('solid');
  await connect(host, guest);
  const canvas = await computed(host, 'body', 'background-color');
  for (const selector of ['[data-testid="send-message-btn"]', '[data-testid="close-room-btn"]', '.card', '.input']) {
    expect(await computed(host, selector, 'border-top-color'), selector).not.toBe(canvas);
    expect(await computed(host, selector, 'border-top-style'), selector).toBe('solid');
  }
  expect(await computed(host, '.lamp', 'background-color'), 'the state indicator').not.toBe(canvas);
  await host.at('chat-input').focus();
  expect(await computed(host, ':focus-visible', 'outline-style')).toBe('solid');
  await expect(host.at('state-text')).toHaveText('connected');
});
