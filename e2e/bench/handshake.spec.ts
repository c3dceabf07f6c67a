/** How long a handshake takes on loopback, and how many requests it costs; host and guest in two browser processes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import type { Page } from '@playwright/test';

import { expect, test } from '../fixtures.ts';
import { connect, type HarnessPage } from '../pages/harness-page.ts';
import { Server } from '../support/server.ts';

const RUNS = 20;
const OUTPUT = process.env.BENCH_OUT ?? new URL('../../target/bench/handshake.json', import.meta.url).pathname;

interface Run {
  /** From both told to start until both channels are open. */
  ms: number;
  /** Requests of both sides in that time. */
  requests: number;
}

/** Counts the requests to the Registry. */
function count(page: Page, requests: { made: number }): void {
  page.on('request', (request) => {
    if (new URL(request.url()).pathname.startsWith('/rooms')) requests.made += 1;
  });
}

/** Starts the connection; says when it was told to and when the channel was open, by the clock that both browsers share. */
const start = ({ page }: HarnessPage) =>
  page.evaluate(async () => {
    const told = Date.now();
    await window.harness.client.startConnection();
    return { told, open: Date.now() };
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
    ms: Math.max(...times.map(({ open }) => open)) - Math.max(...times.map(({ told }) => told)),
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

/** A Registry that can let requests wait for news, and one that must be polled, in turn. */
const KINDS = { 'waiting for news': [], polling: ['--base'] };

test(`${RUNS} handshakes on loopback, of each kind`, async ({ host, guest }) => {
  const results: Record<string, { time: ReturnType<typeof summary>; requests: ReturnType<typeof summary>; runs: Run[] }> = {};
  for (const [kind, flags] of Object.entries(KINDS)) {
    // No proxy in between: it would take part in the result.
    const server = await Server.startNew(flags);
    const requests = { made: 0 };
    for (const page of [host, guest]) {
      await page.open(`http://localhost:${server.port}`);
      page.page.removeAllListeners('request');
      count(page.page, requests);
    }
    // The first handshake of a browser process loads and compiles what the later ones have ready.
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
