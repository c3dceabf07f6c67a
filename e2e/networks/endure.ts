/** What a connection must endure: the scenarios share this course of events. */
import { setTimeout as lasting } from 'node:timers/promises';

import { test } from '@playwright/test';

import type { ClientConfig } from '../pages/window.ts';
import { expect, type Ends } from './fixtures.ts';
import type { Network } from './network.ts';
import { record } from './results.ts';
import type { Notes, Side } from './side.ts';

/** Between two messages, milliseconds. */
const PACE = 150;

export interface Scenario {
  name: string;
  /** How long the fault lasts. */
  seconds: number;
  begin(network: Network): void;
  end(network: Network): void;
  /** What somebody does meanwhile. */
  meanwhile?(ends: Ends): Promise<void>;
  /** Nothing gets through meanwhile. */
  total?: boolean;
  /** Takes too long to be part of every test run. */
  long?: boolean;
}

/** A cut that nobody is told of, of the path and of the way to the Registry. */
export const cut = (seconds: number, more: Partial<Scenario> = {}): Scenario => ({
  name: `all is cut without a word, ${seconds} s`,
  seconds,
  begin: (network) => network.machines.forEach((machine) => machine.unplug()),
  end: (network) => network.machines.forEach((machine) => machine.plug()),
  total: true,
  ...more,
});

/** Both are connected, know each other as durable, and have a standby room. */
async function meet({ host, guest }: Ends): Promise<void> {
  await guest.join(await host.create());
  await Promise.all([host.connect(), guest.connect()]);
  for (const side of [host, guest]) {
    await expect.poll(async () => (await side.notes()).durable).toBe(true);
    await expect.poll(async () => (await side.notes()).standby).toBe(true);
  }
}

/** The state at the end of `notes`. */
const state = (notes: Notes) => notes.states.at(-1)?.state;

/** When a side noticed that something is wrong, from `since` on; `undefined` if it never did. */
const noticed = (notes: Notes, since: number) =>
  notes.states.find(({ state, at }) => at >= since && state !== 'connected')?.at;

/** When a side was connected for the last time. */
const connectedAt = (notes: Notes) => notes.states.findLast(({ state }) => state === 'connected')!.at;

async function expectAllDelivered(from: Side, to: Side): Promise<void> {
  const { accepted, refused, losses } = await from.notes();
  expect(refused, 'refused').toEqual([]);
  await expect
    .poll(async () => (await to.notes()).received.length, { timeout: 60_000 })
    .toBeGreaterThanOrEqual(accepted.length);
  expect((await to.notes()).received.map(({ value }) => value)).toEqual(accepted);
  expect(losses, 'told as lost').toEqual([]);
}

/** Both send all the time; the fault begins and ends; the connection is back, and all has been delivered. */
export async function endure(
  { name, seconds, begin, end, total, meanwhile }: Scenario,
  network: Network,
  ends: Ends,
  config: Partial<ClientConfig> = {},
): Promise<Notes[]> {
  const { host, guest } = ends;
  const sides = [host, guest];
  await test.step('connects', async () => {
    for (const side of sides) await side.prepare(config);
    await meet(ends);
  });
  await Promise.all(sides.map((side) => side.keepSending(PACE)));
  for (const side of sides) await expect.poll(async () => (await side.notes()).received.length).toBeGreaterThan(5);

  const began = Date.now();
  begin(network);
  await Promise.all([lasting(seconds * 1000), meanwhile?.(ends)]);
  const [ended] = [Date.now(), end(network)];

  await test.step('comes back', async () => {
    for (const side of sides) {
      const fresh = async () => (await side.notes()).received.some(({ at }) => at > ended);
      await expect.poll(fresh, { timeout: 120_000 }).toBe(true);
      await expect.poll(async () => state(await side.notes()), { timeout: 120_000 }).toBe('connected');
    }
  });
  await Promise.all(sides.map((side) => side.stopSending()));
  await expectAllDelivered(host, guest);
  await expectAllDelivered(guest, host);

  const notes = await Promise.all(sides.map((side) => side.notes()));
  if (total) {
    // The fault was one: but for what was on its way, nothing came.
    const between = notes.flatMap(({ received }) => received.filter(({ at }) => at > began + 200 && at < ended));
    expect(between).toEqual([]);
  }
  record({
    scenario: name,
    noticed: notes.map((side) => noticed(side, began)).map((at) => at && at - began),
    connected: Math.max(...notes.map((side) => (noticed(side, began) ? connectedAt(side) - ended : 0))),
    flowing: Math.max(...notes.map(({ received }) => received.find(({ at }) => at > ended)!.at - ended)),
    messages: notes.map(({ accepted }) => accepted.length),
    steps: notes.map(({ steps }) => steps.slice(1)),
  });
  await Promise.all(sides.map((side) => side.close()));
  return notes;
}
