/**
 * Measures how long a handshake takes over loopback and how many requests it needs, with host and guest in two browser
 * processes.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import type { Page } from '@playwright/test';

import { expect, test } from '../fixtures.ts';
import { connect, type HarnessPage } from '../pages/harness-page.ts';
import { Server } from '../support/server.ts';

const RUNS = 20;
const OUTPUT = process.env.BENCH_OUT ?? new URL('../../target/bench/handshake.json', import.meta.url).pathname;

interface Run {
  /** From starting both until both channels are open, in milliseconds. */
  ms: number;
  /** Requests of both peers during that time. */
  requests: number;
}

/** Counts the requests to the Registry. */
function count(page: Page, requests: { made: number }): void {
  page.on('request', (request) => {
    if (new URL(request.url()).pathname.startsWith('/rooms')) requests.made += 1;
  });
}

/**
 * Starts the connection. Returns when it was started and when the channel was open, by the clock that both browsers
 * share.
 */
const start = ({ page }: HarnessPage) =>
  page.evaluate(async () => {
    const started = Date.now();
    await window.harness.client.startConnection();
    return { started, open: Date.now() };
  });

async function handshake(host: HarnessPage, guest: HarnessPage, requests: { made: number }): Promise<Run> {
  const roomCode = await host.page.evaluate(() => window.harness.client.createRoom('HostUser'));
  const joinCode = await host.page.evaluate(() => window.harness.client.getRoomInfo()?.joinCode ?? '');
  await guest.page.evaluate(
    ([room, join]) => window.harness.client.joinRoom(room, join, 'GuestUser'),
    [roomCode, joinCode] as const,
  );
  requests.made = 0;
  const times = await Promise.all([start(host), start(guest)]);
  const run = {
    ms: Math.max(...times.map(({ open }) => open)) - Math.max(...times.map(({ started }) => started)),
    requests: requests.made,
  };
  await Promise.all([host, guest].map(({ page }) => page.evaluate(() => window.harness.client.closeRoom())));
  return run;
}

function summary(values: number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)]! * 10) / 10;
  const middle = (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
  return { median: Math.round(middle * 10) / 10, min: at(0), p90: at(0.9), max: at(1) };
}

/** A Registry with long polling, and one that must be polled, in turn. */
const KINDS = { 'long polling': [], polling: ['--base'] };

test(`${RUNS} handshakes of each kind over loopback`, async ({ host, guest }) => {
  const results: Record<string, { time: ReturnType<typeof summary>; requests: ReturnType<typeof summary>; runs: Run[] }> = {};
  for (const [kind, flags] of Object.entries(KINDS)) {
    // No proxy in between, since it would affect the result.
    const server = await Server.startNew(flags);
    const requests = { made: 0 };
    for (const page of [host, guest]) {
      await page.open(`http://localhost:${server.port}`);
      page.page.removeAllListeners('request');
      count(page.page, requests);
    }
    // Not measured: the first handshake of a browser process loads and compiles code that later ones reuse.
    await connect(host, guest);
    await Promise.all([host.close(), guest.close()]);

    const runs: Run[] = [];
    for (let i = 0; i < RUNS; i += 1) runs.push(await handshake(host, guest, requests));
    await server.stop();
    results[kind] = {
      time: summary(runs.map(({ ms }) => ms)),
      requests: summary(runs.map(({ requests }) => requests)),
      runs,
    };
  }
  console.table(
    Object.fromEntries(
      Object.entries(results).flatMap(([kind, { time, requests }]) => [
        [`${kind}: time (ms)`, time],
        [`${kind}: requests`, requests],
      ]),
    ),
  );
  mkdirSync(dirname(OUTPUT), { recursive: true });
  writeFileSync(OUTPUT, `${JSON.stringify(results, null, 2)}\n`);
  for (const { runs } of Object.values(results)) expect(runs).toHaveLength(RUNS);
});
