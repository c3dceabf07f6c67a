/** What the harness page costs: to load it, to keep it open, and to draw while messages arrive. */
import { newContext } from '../support/browsers.ts';
import { Memory } from '../support/memory.ts';
import { expect, test, type Browsers } from './fixtures.ts';
import { loading } from './support/loading.ts';
import { median, ratio, runs, summary } from './support/numbers.ts';
import { Pair } from './support/pair.ts';
import { print, save } from './support/results.ts';
import type { World } from './support/world.ts';

const LOADS = runs(5);
const ROUNDS = Math.min(LOADS, 3);
const HANDSHAKES = 100;
/** Messages that arrive while frames are counted: together 10,000. */
const PACE = { size: 100, rate: 1000, seconds: 10 };
const SECONDS_WITHOUT = 3;
const ROLE = '[data-testid=role-host]';

const table = (rows: Record<string, number[]>, floorOf: (name: string) => string) =>
  Object.fromEntries(
    Object.entries(rows).map(([name, all]) => [name, { ...summary(all), 'x floor': ratio(all, rows[floorOf(name)]!) }]),
  );

async function loads(world: World, [browser]: Browsers) {
  const rows: Record<string, number[]> = { 'empty, cold': [], 'empty, warm': [], 'page, cold': [], 'page, warm': [] };
  const sizes: Record<string, number[]> = { cold: [], warm: [] };
  const address = world.page().page;
  for (let run = 0; run < LOADS; run += 1) {
    const context = await newContext(browser);
    for (const temperature of ['cold', 'warm']) {
      rows[`empty, ${temperature}`]!.push((await loading(context, world.empty)).interactive);
      const { interactive, transferred } = await loading(context, address, ROLE);
      rows[`page, ${temperature}`]!.push(interactive);
      sizes[temperature]!.push(transferred);
    }
    await context.close();
  }
  const transferred = { cold: median(sizes.cold!), warm: median(sizes.warm!) };
  return { transferred, interactive: table(rows, (name) => name.replace('page', 'empty')) };
}

/** The page's host, with what it holds in MiB. */
async function watched(world: World, browsers: Browsers) {
  const pair = await Pair.open(world.drawing, browsers);
  const memory = await Memory.watch(pair.host);
  await pair.load('host');
  const held = async () => {
    const { heap, wasm } = await memory.held();
    return { heap: heap / 2 ** 20, wasm: wasm / 2 ** 20 };
  };
  return { pair, held };
}

type Held = Awaited<ReturnType<Awaited<ReturnType<typeof watched>>['held']>>;

/** Counts frames without and with messages, and handshakes afterwards, in turn with those of a page that was just loaded. */
async function draw(world: World, browsers: Browsers) {
  const { pair, held } = await watched(world, browsers);
  const heap: Record<string, Held> = { 'after load': await held() };
  await pair.handshake();
  await pair.meet();
  await pair.start();
  const without = await pair.host.evaluate((seconds) => window.bench.frames(seconds), SECONDS_WITHOUT);
  const [counted] = await Promise.all([
    pair.host.evaluate((seconds) => window.bench.frames(seconds), PACE.seconds),
    pair.guest.evaluate(({ size, rate, seconds }) => window.bench.pace(size, rate, seconds), PACE),
  ]);
  await pair.close();
  heap['after 10,000 messages'] = await held();

  const fresh = await Pair.open(world.drawing, browsers);
  await fresh.handshake();
  const times: Record<string, number[]> = { 'fresh, first': [], 'fresh, second': [], 'after 10,000 messages': [] };
  for (let i = 0; i < 5; i += 1) {
    await fresh.load('host');
    times['fresh, first']!.push((await fresh.handshake()).ms);
    times['fresh, second']!.push((await fresh.handshake()).ms);
    times['after 10,000 messages']!.push((await pair.handshake()).ms);
  }
  await fresh.end();
  await pair.end();
  return { heap, without, counted, times };
}

async function manyHandshakes(world: World, browsers: Browsers) {
  const { pair, held } = await watched(world, browsers);
  const times: number[] = [];
  for (let i = 0; i < HANDSHAKES; i += 1) times.push((await pair.handshake()).ms);
  const holds = await held();
  await pair.end();
  return { holds, times: { 'first ten of 100': times.slice(0, 10), 'last ten of 100': times.slice(-10) } };
}

test('page: loading, memory, frames', async ({ browsers, world }) => {
  test.setTimeout(600_000);
  const loaded = await loads(world, browsers);
  print('time until the page can be used, milliseconds', loaded.interactive);

  const drawn: Awaited<ReturnType<typeof draw>>[] = [];
  for (let round = 0; round < ROUNDS; round += 1) drawn.push(await draw(world, browsers));
  const many = await manyHandshakes(world, browsers);

  const held: Record<string, Held[]> = {
    'after load': drawn.map(({ heap }) => heap['after load']!),
    'after 10,000 messages': drawn.map(({ heap }) => heap['after 10,000 messages']!),
    [`after ${HANDSHAKES} handshakes`]: [many.holds],
  };
  const floor = held['after load']!.map(({ heap }) => heap);
  const memory = Object.fromEntries(
    Object.entries(held).map(([when, all]) => {
      const heaps = all.map(({ heap }) => heap);
      return [when, { ...summary(heaps), 'x floor': ratio(heaps, floor), WebAssembly: median(all.map(({ wasm }) => wasm)) }];
    }),
  );
  print('JavaScript heap and WebAssembly memory, MiB', memory);

  const rates = {
    'no messages': drawn.map(({ without }) => without.frames),
    '1000 messages/s': drawn.map(({ counted }) => counted.frames),
  };
  const frames = table(rates, () => 'no messages');
  print('frames per second', frames);
  const pace = {
    'messages received per second': summary(drawn.map(({ counted }) => counted.messages)),
    'longest time without a frame, ms': summary(drawn.map(({ counted }) => counted.pause)),
  };
  print('while 1000 messages a second arrive', pace);

  const names = ['fresh, first', 'fresh, second', 'after 10,000 messages'];
  const all = Object.fromEntries(names.map((name) => [name, drawn.flatMap(({ times }) => times[name]!)]));
  const handshakes = {
    ...table(all, () => 'fresh, second'),
    ...table(many.times, () => 'first ten of 100'),
  };
  print('handshakes of the page, milliseconds', handshakes);
  const { transferred } = loaded;
  print('transferred by a visit, bytes', { page: transferred });
  expect(transferred.cold).toBeGreaterThan(0);
  save('page', { loads: LOADS, rounds: ROUNDS, ...loaded, memory, frames, pace, handshakes, registries: world.usage() });
});
