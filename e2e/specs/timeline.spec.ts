/** The timeline: everything that happened, the newest in view, and no secrets. */
import { expect, test } from '../fixtures.ts';
import { connect, FAILED_REQUEST, type HarnessPage } from '../pages/harness-page.ts';
import { holds } from '../support/secrets.ts';

async function copied(page: HarnessPage): Promise<string> {
  await page.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.page.evaluate(() => navigator.clipboard.writeText(''));
  await page.at('copy-debug-log').click();
  const read = () => page.page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(read).not.toBe('');
  return read();
}

test('a handshake is logged step by step, and the exported log is complete', async ({ host, guest }) => {
  await connect(host, guest);
  const log = await copied(host);
  for (const step of ['offer:posted', 'answer:processed', 'ice:candidate:local', 'datachannel:open', 'connected']) {
    expect(log).toContain(step);
  }
  expect(log).toContain('/exchange');
  await expect(host.at('debug-log')).toContainText('datachannel:open');
});

test('neither page text, exported log nor URLs contain a secret', async ({ registry, host, guest }) => {
  const { joinCode } = await connect(host, guest);
  // Those of the room, and of the fallback room as soon as there is one.
  expect(registry.tokens.size).toBeGreaterThanOrEqual(2);
  for (const page of [host, guest]) {
    const log = await copied(page);
    const text = await page.page.locator('body').innerText();
    const markup = await page.at('debug-section').innerHTML();
    for (const token of registry.tokens) {
      for (const place of [log, text, markup, page.page.url()]) expect(holds(place, token)).toBe(false);
    }
    for (const place of [log, markup, page.page.url()]) expect(holds(place, joinCode)).toBe(false);
  }
  // Only the host's panel shows the join code.
  await expect(host.page.getByText(joinCode, { exact: true })).toHaveCount(1);
});

test('secrets stay secret when things go wrong', async ({ registry, host, guest }) => {
  guest.expectComplaint(FAILED_REQUEST);
  const { roomCode, joinCode } = await host.createRoom();
  const wrong = joinCode === '000000' ? '111111' : '000000';
  await guest.submitGuest({ roomCode, joinCode: wrong });
  await guest.expectState('error');
  const log = await copied(guest);
  const error = await guest.at('error-box').innerText();
  for (const secret of [...registry.tokens, joinCode, wrong]) {
    expect(holds(log, secret)).toBe(false);
    expect(holds(error, secret)).toBe(false);
  }
});

test('the password of a TURN server appears nowhere', async ({ host }) => {
  await host.page.getByText('TURN relay').click();
  await host.at('turn-url').fill('turn:127.0.0.1:3478');
  await host.at('turn-username').fill('user');
  await host.at('turn-credential').fill('tr0ub4dor');
  await host.createRoom();
  await host.startAsHost();
  await host.expectState('connecting');
  const kept = await host.page.evaluate(() => JSON.stringify({ ...localStorage }));
  for (const place of [await copied(host), await host.page.locator('body').innerText(), kept, host.page.url()]) {
    expect(place).not.toContain('tr0ub4dor');
  }
});

test('the newest entry is in view', async ({ host }) => {
  for (let i = 0; i < 10; i += 1) {
    await host.createRoom();
    await host.close();
  }
  const newest = host.at('debug-log').getByText('cleanup:complete').last();
  await expect(newest).toBeInViewport();
});

test('it collapses and opens again', async ({ host }) => {
  await host.createRoom();
  const toggle = host.at('collapse-debug-log');
  await expect(host.at('debug-log')).toBeVisible();
  await toggle.click();
  await expect(host.at('debug-log')).toBeHidden();
  await expect(toggle).toHaveAttribute('aria-expanded', 'false');
  await toggle.click();
  await expect(host.at('debug-log')).toBeVisible();
  await expect(host.at('debug-log')).toContainText('created');
});

test('it can be cleared, and continues after that', async ({ host }) => {
  await host.createRoom();
  await expect(host.at('debug-log')).toContainText('creating');
  await host.at('clear-debug-log').click();
  await expect(host.at('debug-log')).not.toContainText('creating');
  await host.close();
  await expect(host.at('debug-log')).toContainText('cleanup:complete');
});

test('it can be filtered by text', async ({ host }) => {
  await host.createRoom();
  const log = host.at('debug-log');
  await expect(log).toContainText('state:changed');
  await expect(log).toContainText('/rooms');
  await host.at('filter-debug-log').fill('state:changed');
  await expect(log).toContainText('state:changed');
  await expect(log).not.toContainText('/rooms');
  await host.at('filter-debug-log').fill('');
  await expect(log).toContainText('/rooms');
});
