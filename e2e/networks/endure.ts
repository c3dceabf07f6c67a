/** The course of events shared by all scenarios. */
import { setTimeout as lasting } from 'node:timers/promises';

import { test } from '@playwright/test';

import type { ClientConfig } from '../pages/window.ts';
import { expect, type Ends } from './fixtures.ts';
import type { Network } from './network.ts';
import { record } from './results.ts';
import type { Log, Side } from './side.ts';

/** Interval between messages, in milliseconds. */
const PACE = 150;

export interface Scenario {
  name: string;
  /** Duration of the fault. */
  seconds: number;
  begin(network: Network): void;
  end(network: Network): void;
  /** An action during the fault. */
  meanwhile?(ends: Ends): Promise<void>;
  /** Whether nothing gets through during the fault. */
  total?: boolean;
  /** Too slow for every test run. */
  long?: boolean;
}

/** A silent cut of both the path and the connection to the Registry. */
export const cut = (seconds: number, more: Partial<Scenario> = {}): Scenario => ({
  name: `silent cut of everything, ${seconds} s`,
  seconds,
  begin: (network) => network.machines.forEach((machine) => machine.unplug()),
  end: (network) => network.machines.forEach((machine) => machine.plug()),
  total: true,
  ...more,
});

/** Connects both, and waits until they know each other as durable and have a fallback room. */
async function meet({ host, guest }: Ends): Promise<void> {
  await guest.join(await host.create());
  await Promise.all([host.connect(), guest.connect()]);
  for (const side of [host, guest]) {
    await expect.poll(async () => (await side.log()).durable).toBe(true);
    await expect.poll(async () => (await side.log()).standby).toBe(true);
  }
}

/** The last state in the log. */
const state = (log: Log) => log.states.at(-1)?.state;

/** When a peer first left `connected` after `since`; `undefined` if it did not. */
const noticed = (log: Log, since: number) =>
  log.states.find(({ state, at }) => at >= since && state !== 'connected')?.at;

/** When a peer last became connected. */
const connectedAt = (log: Log) => log.states.findLast(({ state }) => state === 'connected')!.at;

async function expectAllDelivered(from: Side, to: Side): Promise<void> {
  const { accepted, refused, losses } = await from.log();
  expect(refused, 'refused').toEqual([]);
  await expect
    .poll(async () => (await to.log()).received.length, { timeout: 60_000 })
    .toBeGreaterThanOrEqual(accepted.length);
  expect((await to.log()).received.map(({ value }) => value)).toEqual(accepted);
  expect(losses, 'reported as lost').toEqual([]);
}

/**
 * Both peers send continuously while the fault begins and ends; then the connection must recover and everything be
 * delivered.
 */
export async function endure(
  { name, seconds, begin, end, total, meanwhile }: Scenario,
  network: Network,
  ends: Ends,
  config: Partial<ClientConfig> = {},
): Promise<Log[]> {
  const { host, guest } = ends;
  const sides = [host, guest];
  await test.step('connects', async () => {
    for (const side of sides) await side.prepare(config);
    await meet(ends);
  });
  await Promise.all(sides.map((side) => side.keepSending(PACE)));
  for (const side of sides) await expect.poll(async () => (await side.log()).received.length).toBeGreaterThan(5);

  const began = Date.now();
  begin(network);
  await Promise.all([lasting(seconds * 1000), meanwhile?.(ends)]);
  const [ended] = [Date.now(), end(network)];

  await test.step('recovers', async () => {
    for (const side of sides) {
      const fresh = async () => (await side.log()).received.some(({ at }) => at > ended);
      await expect.poll(fresh, { timeout: 120_000 }).toBe(true);
      await expect.poll(async () => state(await side.log()), { timeout: 120_000 }).toBe('connected');
    }
  });
  await Promise.all(sides.map((side) => side.stopSending()));
  await expectAllDelivered(host, guest);
  await expectAllDelivered(guest, host);

  const logs = await Promise.all(sides.map((side) => side.log()));
  if (total) {
    // Verify that the fault was real: apart from messages in flight, nothing arrived during it.
    const between = logs.flatMap(({ received }) => received.filter(({ at }) => at > began + 200 && at < ended));
    expect(between).toEqual([]);
  }
  record({
    scenario: name,
    noticed: logs.map((side) => noticed(side, began)).map((at) => at && at - began),
    connected: Math.max(...logs.map((side) => (noticed(side, began) ? connectedAt(side) - ended : 0))),
    flowing: Math.max(...logs.map(({ received }) => received.find(({ at }) => at > ended)!.at - ended)),
    messages: logs.map(({ accepted }) => accepted.length),
    steps: logs.map(({ steps }) => steps.slice(1)),
  });
  await Promise.all(sides.map((side) => side.close()));
  return logs;
}
