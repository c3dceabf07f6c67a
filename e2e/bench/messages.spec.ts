/**
 * How fast messages travel between two browser processes: throughput by size, and round trips, compared with bare data
 * channels and other libraries. All take turns.
 */
import { expect, test } from './fixtures.ts';
import { inTurn, median, ratio, runs, summary } from './support/numbers.ts';
import { Pair } from './support/pair.ts';
import { print, save } from './support/results.ts';

const RUNS = runs(5);
const [KIB, MIB] = [2 ** 10, 2 ** 20];
/** Sizes of messages as JSON, and how many of them a run sends. */
const SIZES = [
  { name: '100 B', size: 100, count: 5000 },
  { name: '1 KiB', size: KIB, count: 2 * KIB },
  { name: '16 KiB', size: 16 * KIB, count: 256 },
  { name: '256 KiB', size: 256 * KIB, count: 32 },
];
const PING = { size: 20, count: 100 };

/** Sends messages from host to guest. The result is how long it took until all had arrived, in milliseconds. */
async function transfer({ host, guest }: Pair, size: number, count: number): Promise<number> {
  await guest.evaluate((count) => window.bench.expect(count), count);
  const [began, { ended, bytes }] = await Promise.all([
    host.evaluate(([size, count]) => window.bench.send(size, count), [size, count] as const),
    guest.evaluate(() => window.bench.arrived()),
  ]);
  expect(bytes, 'everything arrives as it was sent').toBe(size * count);
  return ended - began;
}

async function ping({ host, guest }: Pair): Promise<number[]> {
  await guest.evaluate(() => window.bench.echo());
  return host.evaluate(({ size, count }) => window.bench.ping(size, count), PING);
}

/** What was measured with one pair. */
interface Measured {
  throughput: Map<string, number[]>;
  pings: number[];
}

test(`messages: ${RUNS} runs of each kind and size`, async ({ browsers, world }) => {
  test.setTimeout(600_000);
  const named = (name: string, variant: typeof world.raw) => ({ ...variant, name });
  const variants = [
    named('raw data channel', world.raw),
    world.peerjs,
    world.simplePeer,
    named('class, durable', world.class()),
    named('class to a plain peer', world.plain),
    named('page', world.page()),
  ];
  const pairs: Pair[] = [];
  for (const variant of variants) {
    const pair = await Pair.open(variant, browsers);
    pairs.push(pair);
    await pair.meet();
    await pair.start();
    // Not measured: loads and compiles code.
    await ping(pair);
    await transfer(pair, KIB, 1000);
  }

  const measured = new Map<string, Measured>(
    variants.map(({ name }) => [name, { throughput: new Map(SIZES.map(({ name }) => [name, []])), pings: [] }]),
  );
  for (let run = 0; run < RUNS; run += 1) {
    for (const { name, size, count } of SIZES) {
      for (const pair of inTurn(pairs, run)) {
        const ms = await transfer(pair, size, count);
        measured.get(pair.variant.name)!.throughput.get(name)!.push((size * count) / MIB / (ms / 1000));
      }
    }
    for (const pair of inTurn(pairs, run)) measured.get(pair.variant.name)!.pings.push(...(await ping(pair)));
  }

  const floor = measured.get('raw data channel')!;
  const table = (row: (all: Measured) => object) => Object.fromEntries([...measured].map(([name, all]) => [name, row(all)]));
  const results: Record<string, object> = {};
  for (const { name, size } of SIZES) {
    const rows = table(({ throughput }) => {
      const rates = throughput.get(name)!;
      const perSecond = Math.round((median(rates) * MIB) / size);
      return { ...summary(rates), 'x floor': ratio(rates, floor.throughput.get(name)!), 'messages/s': perSecond };
    });
    print(`throughput of messages of ${name}, MiB/s`, (results[name] = rows));
  }
  const pings = table(({ pings }) => ({ ...summary(pings), 'x floor': ratio(pings, floor.pings) }));
  print(`round trip of a message of ${PING.size} B, milliseconds`, (results['round trip'] = pings));
  save('messages', { runs: RUNS, results, registries: world.usage() });
  for (const pair of pairs) await pair.end();
});
