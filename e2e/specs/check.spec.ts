/** The check before there is a peer: Registry, STUN, TURN and this browser. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, test as base } from '../fixtures.ts';
import { FAILED_REQUEST, HarnessPage } from '../pages/harness-page.ts';
import type { CheckReport } from '../pages/window.ts';
import { Coturn } from '../support/coturn.ts';
import { isInstalled } from '../support/programs.ts';
import { Registry } from '../support/registry.ts';

const test = base.extend<{ coturn: Coturn; silent: string }>({
  coturn: async ({}, use, testInfo) => {
    testInfo.skip(!isInstalled('turnserver'), 'coturn is not installed');
    const coturn = await Coturn.start();
    await use(coturn);
    await coturn.stop();
  },
  /** A server that takes everything and answers nothing. */
  silent: async ({}, use) => {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    await use(`127.0.0.1:${socket.address().port}`);
    socket.close();
  },
  host: async ({ host }, use) => {
    // A Registry answers what is asked with an error, which browsers log; and what is refused they log, too.
    host.expectComplaint(FAILED_REQUEST, /blocked by CORS policy/);
    await host.at('stun-url').fill('');
    await use(host);
  },
});

async function useServers({ page }: HarnessPage, servers: RTCIceServer[]): Promise<void> {
  await page.getByTestId('paste-ice-servers').click();
  await page.getByTestId('ice-servers-json').fill(JSON.stringify(servers));
  await page.getByTestId('apply-ice-servers').click();
}

const logged = ({ place, username, credential }: Coturn, query = '') => ({ urls: `turn:${place}${query}`, username, credential });

/** A TCP port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Runs the check to its end. */
async function run(page: HarnessPage): Promise<void> {
  if (await page.at('close-check').isVisible()) await page.at('close-check').click();
  await page.at('run-check').click();
  await expect(page.at('check-lines')).toBeVisible();
  await expect(page.at('check-lines')).not.toHaveAttribute('aria-busy');
}

const expectLine = (page: HarnessPage, id: string, verdict: string, cause: string | RegExp) =>
  Promise.all([
    expect(page.at(`check-${id}`)).toHaveAttribute('data-verdict', verdict),
    expect(page.at(`check-${id}`)).toHaveAttribute('data-cause', cause),
  ]);

/** Counts the peer connections that the page has not closed. */
async function countConnections({ page }: HarnessPage): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const counted = window as unknown as { open: Set<RTCPeerConnection> };
    counted.open = new Set();
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        counted.open.add(this);
      }
      override close() {
        counted.open.delete(this);
        super.close();
      }
    };
  });
  return () => page.evaluate(() => (window as unknown as { open: Set<RTCPeerConnection> }).open.size);
}

test('where everything works, every line says so', async ({ host, coturn }) => {
  await useServers(host, [{ urls: `stun:${coturn.place}` }, logged(coturn), logged(coturn, '?transport=tcp')]);
  const open = await countConnections(host);
  await run(host);
  for (const id of ['registry', 'cors', 'clock', 'webrtc', 'stun-1', 'turn-1', 'turn-2', 'loopback', 'message']) {
    await expectLine(host, id, 'ok', 'ok');
  }
  await expect(host.at('check-summary')).toHaveText('Nothing wrong was found');
  await expect(host.at('check-turn-2')).toContainText('TURN over TCP');
  await expect(host.at('check-turn-1-address')).toHaveText(/^127\.0\.0\.1:\d+$/);
  await expectLine(host, 'nat', 'skipped', 'one-server');
  await expect.poll(open).toBe(0);
  await host.expectState('idle');
});

test('without NAT, two STUN servers show that', async ({ host, coturn }) => {
  const other = await Coturn.start();
  await useServers(host, [{ urls: [`stun:${coturn.place}`, `stun:${other.place}`] }]);
  await run(host);
  await expect(host.at('check-nat')).toHaveAttribute('data-verdict', 'ok');
  await expect(host.at('check-nat')).toContainText('None: servers see the address');
  await other.stop();
});

test('a Registry that cannot be reached', async ({ host }) => {
  await host.at('registry-url').fill('http://localhost:1');
  await run(host);
  await expectLine(host, 'registry', 'failed', 'registry-unreachable');
  await expectLine(host, 'cors', 'skipped', 'no-registry');
  await expectLine(host, 'clock', 'skipped', 'no-registry');
  await expectLine(host, 'loopback', 'ok', 'ok');
  await expect(host.at('check-summary')).toHaveText('1 failed');
  await host.at('registry-url').fill('nowhere');
  await run(host);
  await expectLine(host, 'registry', 'failed', 'bad-address');
});

test('a Registry that does not allow this origin, and one that does', async ({ registry, host }) => {
  const closed = await Registry.start(['--allowed-origins', 'https://somebody.example']);
  await host.at('registry-url').fill(closed.url);
  await run(host);
  await expectLine(host, 'registry', 'ok', 'ok');
  await expectLine(host, 'cors', 'failed', 'origin-refused');
  await expect(host.at('check-cors')).toContainText(registry.url);
  const open = await Registry.start(['--allowed-origins', registry.url]);
  await host.at('registry-url').fill(open.url);
  await run(host);
  await expectLine(host, 'cors', 'ok', 'ok');
  await expectLine(host, 'clock', 'skipped', 'hidden-date');
  await Promise.all([closed.stop(), open.stop()]);
});

/** Starts a server that any page may read. */
async function openServer(body: string, headers = 'Content-Type, X-Access-Token, X-Registry-Version') {
  const server = createServer((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', headers);
    response.writeHead(request.method === 'OPTIONS' ? 204 : 404);
    response.end(request.method === 'OPTIONS' ? '' : body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, stop: () => server.close() };
}

test('a preflight that does not allow a header', async ({ host }) => {
  const body = '{"error":{"code":"not_found","message":"no","retryable":false}}';
  const server = await openServer(body, 'Content-Type, X-Registry-Version');
  await host.at('registry-url').fill(server.url);
  await run(host);
  await expectLine(host, 'cors', 'failed', 'headers-refused');
  await expect(host.at('check-cors')).toContainText('does not allow X-Access-Token.');
  server.stop();
});

test('an address where no Registry is', async ({ host }) => {
  const server = await openServer('<!doctype html><p>hello');
  await host.at('registry-url').fill(server.url);
  await run(host);
  await expectLine(host, 'registry', 'failed', 'no-registry');
  await expect(host.at('check-registry')).toContainText('status 404');
  server.stop();
});

test('a STUN server that does not answer', async ({ host, silent, coturn }) => {
  await useServers(host, [{ urls: [`stun:${silent}`, `stun:${coturn.place}`] }]);
  await run(host);
  await expectLine(host, 'stun-1', 'failed', /^server-(silent|unreachable)$/);
  await expectLine(host, 'stun-2', 'ok', 'ok');
  await expectLine(host, 'loopback', 'ok', 'ok');
});

test('a TURN server that refuses the password, and one that cannot be reached', async ({ host, coturn }) => {
  await useServers(host, [
    { ...logged(coturn), credential: 'batt3ry' },
    { ...logged(coturn), urls: `turn:127.0.0.1:${await closedPort()}?transport=tcp` },
    { ...logged(coturn), urls: 'turn:127.0.0.1:82?transport=tcp' },
  ]);
  await run(host);
  await expectLine(host, 'turn-1', 'failed', 'wrong-credentials');
  await expectLine(host, 'turn-2', 'failed', 'server-unreachable');
  await expectLine(host, 'turn-3', 'failed', 'forbidden-port');
  await expect(host.at('check')).not.toContainText('batt3ry');
});

test('a TURN server without its login is not asked', async ({ host, silent }) => {
  await useServers(host, [{ urls: `turn:${silent}` }]);
  await run(host);
  await expectLine(host, 'turn-1', 'failed', 'bad-setting');
});

test('a browser without WebRTC', async ({ registry, blank }) => {
  blank.expectComplaint(FAILED_REQUEST);
  await blank.page.addInitScript(() => Reflect.deleteProperty(window, 'RTCPeerConnection'));
  await blank.open(registry.url);
  await blank.at('run-check').click();
  await expectLine(blank, 'webrtc', 'failed', 'no-webrtc');
  for (const id of ['stun-1', 'loopback', 'message']) await expectLine(blank, id, 'skipped', 'no-webrtc');
  await expectLine(blank, 'registry', 'ok', 'ok');
});

test('a device whose clock is ten minutes ahead', async ({ registry, blank }) => {
  blank.expectComplaint(FAILED_REQUEST);
  await blank.page.addInitScript(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + 600_000;
  });
  await blank.open(registry.url);
  await blank.at('run-check').click();
  await expectLine(blank, 'clock', 'warning', 'clocks-differ');
  await expect(blank.at('check-clock')).toContainText(/(10:0|9:5)\d ahead of/);
});

test('closing the check ends it and closes what it has opened', async ({ host, silent }) => {
  await useServers(host, [{ urls: `stun:${silent}` }, { urls: `turn:${silent}`, username: 'u', credential: 'p' }]);
  const open = await countConnections(host);
  await host.at('run-check').click();
  await expect(host.at('check-stun-1')).toHaveAttribute('data-verdict', 'running');
  await expect.poll(open).toBeGreaterThan(0);
  await host.at('close-check').click();
  await expect(host.at('check-lines')).toBeHidden();
  await expect.poll(open).toBe(0);
  await expect(host.at('run-check')).toBeEnabled();
});

test('the report has everything but secrets, and addresses only on request', async ({ host, coturn }) => {
  await useServers(host, [{ urls: `stun:${coturn.place}` }, logged(coturn)]);
  await host.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await run(host);
  const copied = async (): Promise<CheckReport> => {
    await host.page.evaluate(() => navigator.clipboard.writeText(''));
    await host.at('copy-check-report').click();
    const read = () => host.page.evaluate(() => navigator.clipboard.readText());
    await expect.poll(read).not.toBe('');
    return JSON.parse(await read()) as CheckReport;
  };
  const masked = await copied();
  expect(masked).toMatchObject({ format: 'registry-harness-check', version: 1, verdict: 'ok', addresses: 'masked' });
  const relay = ({ checks }: CheckReport) => checks.find(({ id }) => id === 'turn-1');
  expect(relay(masked)).toMatchObject({ verdict: 'ok', cause: 'ok', subject: `turn:${coturn.place}` });
  expect(relay(masked)?.address).toMatch(/^127\.x\.x\.x:\d+$/);
  await host.at('check-addresses').check();
  const shown = await copied();
  expect(relay(shown)?.address).toMatch(/^127\.0\.0\.1:\d+$/);
  const saving = host.page.waitForEvent('download');
  await host.at('download-check-report').click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe('registry-harness-check.json');
  const texts = [JSON.stringify(masked), JSON.stringify(shown), await readFile(await saved.path(), 'utf8')];
  for (const text of texts) expect(text).not.toMatch(/tr0ub4dor|"user"/);
});

test('scripts can run a check', async ({ host, coturn }) => {
  await useServers(host, [{ ...logged(coturn), credential: 'batt3ry' }]);
  const report = await host.page.evaluate(() => window.harness.check());
  expect(report).toMatchObject({ format: 'registry-harness-check', version: 1, verdict: 'failed', addresses: 'masked' });
  expect(report.checks.find(({ id }) => id === 'turn-1')?.cause).toBe('wrong-credentials');
  expect(report.tookMs).toBeLessThan(11_000);
  expect(JSON.stringify(report)).not.toContain('batt3ry');
});
