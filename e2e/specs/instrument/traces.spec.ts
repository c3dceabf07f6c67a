/** Traces as files: saved, opened again, scrubbed through, diagnosed and compared; and the timeline over a reload. */
import { readFile } from 'node:fs/promises';

import { expect, test } from '../../fixtures.ts';
import { connect, FAILED_REQUEST, type HarnessPage } from '../../pages/harness-page.ts';
import { NO_STUN } from '../../support/findings.ts';

test.use({ query: NO_STUN });

/** Opens the tab *Traces*, clicks a button there, and reads the file that it saves. */
async function saved(page: HarnessPage, button: 'save-trace' | 'save-dump'): Promise<{ name: string; text: string }> {
  await page.at('tab-traces').click();
  const [download] = await Promise.all([page.page.waitForEvent('download'), page.at(button).click()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}

const asFile = (text: string, name = 'trace.json') => ({ name, mimeType: 'application/json', buffer: Buffer.from(text) });

test('a saved trace has no address and no text of a message unless they are asked for', async ({ registry, host, guest }) => {
  await host.open(`${registry.url}/?stun=stun:10.9.8.7:3478`);
  await connect(host, guest);
  await host.say('a private remark');
  await expect(guest.messagesFrom('peer')).toHaveCount(1);
  const { name, text } = await saved(host, 'save-trace');
  expect(name).toBe('registry-harness-trace.json');
  expect(JSON.parse(text)).toMatchObject({
    format: 'registry-harness-trace',
    version: 1,
    redacted: ['addresses', 'messages'],
    tracks: [{ role: 'host' }],
  });
  expect(text).not.toContain('a private remark');
  expect(text).not.toContain('10.9.8.7');
  await host.at('save-addresses').check();
  await host.at('save-messages').check();
  const whole = (await saved(host, 'save-trace')).text;
  expect(whole).toContain('a private remark');
  expect(whole).toContain('10.9.8.7');
  expect(JSON.parse(whole).redacted).toEqual([]);
});

test('peer connections are saved in the format of the browser’s internals page', async ({ registry, host, guest }) => {
  await host.open(`${registry.url}/?stun=stun:10.9.8.7:3478`);
  await connect(host, guest);
  await expect.poll(() => host.page.evaluate(() => window.harness.export().tracks[0]?.samples.length)).toBeGreaterThan(1);
  const { text } = await saved(host, 'save-dump');
  const dump = JSON.parse(text);
  expect(Object.keys(dump)).toEqual(expect.arrayContaining(['getUserMedia', 'PeerConnections', 'UserAgent']));
  const [connection] = Object.values<any>(dump.PeerConnections);
  expect(connection.updateLog.map(({ type }: { type: string }) => type)).toEqual(
    expect.arrayContaining(['createOfferOnSuccess', 'setLocalDescription', 'setRemoteDescription']),
  );
  expect(Object.keys(connection.stats).length).toBeGreaterThan(10);
  expect(text).not.toContain('10.9.8.7');
});

test('a trace is opened on another page, moved through, diagnosed, and left again', async ({ registry, host, guest }) => {
  host.expectComplaint(FAILED_REQUEST);
  const { roomCode } = await host.createRoom();
  registry.down();
  await host.startAsHost();
  await expect.poll(() => host.page.evaluate(() => window.harness.findings()[0]?.cause)).toBe('registry-unreachable');
  const { text } = await saved(host, 'save-trace');

  await guest.at('role-host').click();
  await guest.at('tab-traces').click();
  await guest.at('open-trace').setInputFiles(asFile(text, 'from Ann.json'));
  await expect(guest.at('opened-trace')).toContainText('from Ann.json');
  await expect(guest.at('opened-about')).toContainText(/registry-harness .* events, redacted: addresses and messages/);
  await guest.at('tab-overview').click();
  await expect(guest.at('overview-is-live')).toBeVisible();
  // In every other view as if it had just happened.
  await expect(guest.at('finding').first()).toHaveAttribute('data-cause', 'registry-unreachable');
  await guest.at('tab-registry').click();
  await expect(guest.at('registry-room')).toHaveText(roomCode);
  await guest.at('tab-diagram').click();
  await expect(guest.at('diagram-row').first()).toBeVisible();
  await guest.at('tab-time').click();
  await expect(guest.at('waterfall-bar').first()).toBeVisible();

  // Before the failure there was nothing to find.
  await guest.at('scrub').fill('0');
  await expect(guest.at('finding')).toHaveCount(0);
  await guest.at('scrub').focus();
  await guest.page.keyboard.press('End');
  await expect(guest.at('finding').first()).toHaveAttribute('data-cause', 'registry-unreachable');

  await guest.at('back-to-live').click();
  await expect(guest.at('opened-trace')).toHaveCount(0);
  await expect(guest.at('finding')).toHaveCount(0);
});

test('what is no trace is refused with the reason', async ({ host }) => {
  await host.submitHost();
  const { text } = await saved(host, 'save-trace');
  const trace = JSON.parse(text);
  const damaged = { ...trace, tracks: [{ ...trace.tracks[0], events: [{ name: 'offer:posted' }] }] };
  for (const [file, words] of [
    ['', /not JSON/],
    [text.slice(0, text.length / 2), /not JSON/],
    ['{"a": 1}', /no trace of the harness/],
    [JSON.stringify({ ...trace, version: 99 }), /version 99.*newer harness/],
    [JSON.stringify(damaged), /damaged/],
  ] as const) {
    await host.at('open-trace').setInputFiles(asFile(file));
    await expect(host.at('open-problem')).toHaveText(words);
    await expect(host.at('opened-trace')).toHaveCount(0);
  }
  await host.at('open-trace').setInputFiles(asFile(text));
  await expect(host.at('opened-trace')).toBeVisible();
  await expect(host.at('open-problem')).toHaveCount(0);
});

test('a trace that worked is compared with one that did not, to the first difference', async ({ host, guest }) => {
  await connect(host, guest);
  const whole = (await saved(host, 'save-trace')).text;
  await host.at('compare-trace').setInputFiles(asFile(whole));
  await expect(host.at('comparison')).toContainText(/They go alike: all \d+ steps are the same/);

  const cut = JSON.parse(whole);
  const events: { name: string }[] = cut.tracks[0].events;
  cut.tracks[0].events = events.slice(0, events.findIndex(({ name }) => name === 'answer:received'));
  await host.at('compare-trace').setInputFiles(asFile(JSON.stringify(cut)));
  await expect(host.at('comparison')).toContainText('The first difference is in');
  await expect(host.at('difference').first()).toContainText(/shown.*other/);
  await expect(host.at('difference').filter({ hasText: 'nothing more' })).not.toHaveCount(0);

  await host.at('compare-trace').setInputFiles(asFile('[]'));
  await expect(host.at('compare-problem')).toContainText('no trace of the harness');
});

test('the timeline survives a reload, until it is cleared', async ({ host, guest }) => {
  await connect(host, guest);
  const before = await host.page.evaluate(() => window.harness.trace().length);
  await host.page.reload();
  await host.expectConnected();
  // Only what is in view is drawn.
  const beginning = () => host.at('debug-log').evaluate((log) => (log.scrollTop = 0));
  await beginning();
  await expect(host.at('debug-log')).toContainText('201 POST /rooms');
  const trace = await host.page.evaluate(() => window.harness.trace().map(({ seq, atMs, name }) => ({ seq, atMs, name })));
  expect(trace.length).toBeGreaterThan(before);
  const ordered = trace.every((event, i) => i === 0 || (event.seq > trace[i - 1]!.seq && event.atMs >= trace[i - 1]!.atMs));
  expect(ordered, 'numbers and times go on').toBe(true);

  await host.at('clear-debug-log').click();
  await host.page.reload();
  await host.expectConnected();
  await beginning();
  await expect(host.at('debug-log')).not.toContainText('201 POST /rooms');
});
