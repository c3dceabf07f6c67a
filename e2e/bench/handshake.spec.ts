/**
 * How long it takes to connect, with host and guest in two browser processes, compared with bare peer connections and
 * other libraries. All take turns, so whatever else the machine does affects all alike.
 */
import { expect, test } from './fixtures.ts';
import { median, ratio, runs, shuffled, summary } from './support/numbers.ts';
import { Pair, type Handshake } from './support/pair.ts';
import { print, save } from './support/results.ts';

const RUNS = runs(8);
/** Round-trip times to the signalling server in milliseconds. */
const RTTS = [0, 50, 150];

test(`handshake: ${RUNS} of each kind and round-trip time`, async ({ browsers, world }) => {
  test.setTimeout(900_000);
  const variants = [
    world.raw,
    world.peerjs,
    world.simplePeer,
    world.class(),
    world.classAcross,
    world.page(),
    ...world.watching,
    world.class('base'),
    world.page('base'),
    world.class('base, rate limits on'),
  ];
  const pairs: Pair[] = [];
  for (const variant of shuffled(variants)) pairs.push(await Pair.open(variant, browsers));
  // Not measured: the first handshake loads and compiles code that later ones reuse.
  for (const pair of pairs) await pair.handshake();

  const made = new Map(RTTS.map((rtt) => [rtt, new Map<string, Handshake[]>(variants.map(({ name }) => [name, []]))]));
  for (let run = 0; run < RUNS; run += 1) {
    for (const [rtt, handshakes] of made) {
      world.rtt = rtt;
      for (const pair of shuffled(pairs)) handshakes.get(pair.variant.name)!.push(await pair.handshake());
    }
  }

  const results: Record<string, object> = {};
  for (const [rtt, handshakes] of made) {
    const floor = handshakes.get(world.raw.name)!.map(({ ms }) => ms);
    const rows = [...handshakes].map(([name, all]) => [name, row(all, floor, name)] as const);
    print(`handshake at a round trip of ${rtt} ms to the signalling server, milliseconds`, Object.fromEntries(rows));
    results[`${rtt} ms`] = Object.fromEntries(rows.map(([name, row]) => [name, { ...row, runs: handshakes.get(name) }]));
    for (const all of handshakes.values()) expect(all).toHaveLength(RUNS);
  }
  const registries = world.usage();
  print('Registry servers: MiB and seconds', registries);
  save('handshake', { runs: RUNS, results, registries });
});

function row(all: Handshake[], floor: number[], name: string) {
  const ms = all.map(({ ms }) => ms);
  const times = { ...summary(ms), 'x floor': ratio(ms, floor) };
  if (!/^(class|page)/.test(name)) return times;
  return {
    ...times,
    requests: median(all.map(({ requests }) => requests)),
    preflights: median(all.map(({ preflights }) => preflights)),
    '429s': all.reduce((sum, { refused }) => sum + refused, 0),
  };
}
