/**
 * How fast messages travel between two browser processes: throughput by size, and round trips, compared with bare data
 * channels and other libraries. All take turns.
 */
import { expect, test } from './fixtures.ts';
import { median, ratio, runs, shuffled, summary } from './support/numbers.ts';
import { Pair } from './support/pair.ts';
import { print, save } from './support/results.ts';

const RUNS = runs(5);
const [KIB, MIB] = [2 ** 10, 2 ** 20];
/** Sizes of messages as JSON, and how many of them a run sends. */
const SIZES = [
  { title: 'throughput of messages of 100 B, MiB/s', size: 100, count: 5000 },
  { title: 'throughput of messages of 1 KiB, MiB/s', size: KIB, count: 2 * KIB },
  { title: 'throughput of messages of 16 KiB, MiB/s', size: 16 * KIB, count: 256 },
  { title: 'throughput of messages of 256 KiB, MiB/s', size: 256 * KIB, count: 16 },
];
const PING = 20;
const BEFORE = `round trip of a message of ${PING} B, milliseconds`;
const AFTER = `round trip of a message of ${PING} B after all those messages, milliseconds`;
const FLOOR = 'raw data channel';

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

async function ping({ host, guest }: Pair, count: number): Promise<number[]> {
  await guest.evaluate(() => window.bench.echo());
  return host.evaluate((all) => window.bench.ping(...all), [PING, count] as const);
}

/** Loads both pages anew and connects them. */
async function connect(pair: Pair): Promise<void> {
  await pair.load('host');
  await pair.load('guest');
  await pair.meet();
  await pair.start();
  // Not measured: loads and compiles code.
  await ping(pair, 20);
  await transfer(pair, 100, 1000);
  await pair.settle();
}

test(`messages: ${RUNS} runs of each kind and size`, async ({ browsers, world }) => {
  test.setTimeout(600_000);
  const named = (name: string, variant: typeof world.raw) => ({ ...variant, name });
  const variants = [
    named(FLOOR, world.raw),
    world.peerjs,
    world.simplePeer,
    named('class, durable', world.class()),
    world.plain,
    named('page', world.page()),
    ...world.watching,
  ];
  const pairs: Pair[] = [];
  for (const variant of shuffled(variants)) pairs.push(await Pair.open(variant, browsers));

  const titles = [BEFORE, ...SIZES.map(({ title }) => title), AFTER];
  const measured = new Map(titles.map((title) => [title, new Map<string, number[]>(variants.map(({ name }) => [name, []]))]));
  /** Lets all pairs take a turn at the same. */
  const round = async (title: string, measure: (pair: Pair) => Promise<number[]>) => {
    for (const pair of shuffled(pairs)) {
      measured.get(title)!.get(pair.variant.name)!.push(...(await measure(pair)));
      await pair.settle();
    }
  };
  for (let run = 0; run < RUNS; run += 1) {
    for (const pair of shuffled(pairs)) await connect(pair);
    await round(BEFORE, (pair) => ping(pair, 50));
    for (const { title, size, count } of SIZES) {
      await round(title, async (pair) => [(size * count) / MIB / ((await transfer(pair, size, count)) / 1000)]);
    }
    await round(AFTER, (pair) => ping(pair, 20));
    // Otherwise the harness would resume its connection when it is loaded again.
    for (const pair of pairs) await pair.close();
  }

  const results: Record<string, Record<string, object>> = {};
  for (const [title, all] of measured) {
    const size = SIZES.find((size) => size.title === title)?.size;
    const row = (values: number[]) => ({
      ...summary(values),
      'x floor': ratio(values, all.get(FLOOR)!),
      ...(size ? { 'messages/s': Math.round((median(values) * MIB) / size) } : {}),
    });
    results[title] = Object.fromEntries([...all].map(([name, values]) => [name, row(values)]));
    print(title, results[title]);
  }
  save('messages', { runs: RUNS, results, registries: world.usage() });
});
