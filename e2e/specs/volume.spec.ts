/** A large volume of messages, small and large: all arrive in order, and memory is released. */
import { expect, test } from '../fixtures.ts';
import type { HarnessPage } from '../pages/harness-page.ts';
import type { Client } from '../pages/window.ts';
import { Memory } from '../support/memory.ts';

declare global {
  interface Window {
    line: { client: Client; bytes: number; messages: number; wrong: string[] };
  }
}

const MIB = 2 ** 20;
const VOLUME = (process.env.LONG ? 200 : 8) * MIB;
/** Upper bound for the memory of each peer: the buffer has 8 MiB, parts in flight as much, and the trace its events. */
const MOST = 64 * MIB;

/** Creates a client that counts incoming messages and checks the number and length of each. */
const prepare = ({ page }: HarnessPage, size: number) =>
  page.evaluate((size) => {
    const client = new window.WebRTCRegistryClient({ registryApiUrl: location.origin, iceServers: [] });
    const line = { client, bytes: 0, messages: 0, wrong: [] as string[] };
    client.onMessage((message) => {
      const text = message as string;
      if (text.length !== size || Number.parseInt(text, 10) !== line.messages) line.wrong.push(text.slice(0, 20));
      line.bytes += text.length;
      line.messages += 1;
    });
    window.line = line;
  }, size);

async function connect(host: HarnessPage, guest: HarnessPage): Promise<void> {
  const invitation = await host.page.evaluate(async () => {
    const room = await window.line.client.createRoom('Host');
    return [room, window.line.client.getRoomInfo()?.joinCode ?? ''] as const;
  });
  await guest.page.evaluate(([room, join]) => window.line.client.joinRoom(room, join, 'Guest'), invitation);
  await Promise.all([host, guest].map(({ page }) => page.evaluate(() => window.line.client.startConnection())));
}

/**
 * Sends `count` messages of `size`, each as soon as the client accepts it. Returns the time until all are delivered.
 */
const send = ({ page }: HarnessPage, size: number, count: number) =>
  page.evaluate(
    async ([size, count]) => {
      const { client } = window.line;
      const began = performance.now();
      let progress = () => {};
      const stop = client.on('message:delivered', () => progress());
      for (let i = 0; i < count; ) {
        const moved = new Promise<void>((resolve) => (progress = resolve));
        try {
          client.sendMessage(`${i} `.padEnd(size, '.'));
          i += 1;
        } catch (error) {
          if ((error as { code?: string }).code !== 'buffer_full') throw error;
          await moved;
        }
      }
      while (client.getBuffer().bytes > 0) await new Promise<void>((resolve) => (progress = resolve));
      stop();
      return performance.now() - began;
    },
    [size, count] as const,
  );

for (const [name, size] of [['1 KiB', 1024], ['1 MiB', MIB]] as const) {
  test(`${VOLUME / MIB} MiB in messages of ${name}`, async ({ host, guest }) => {
    test.setTimeout(900_000);
    const memories = await Promise.all([host, guest].map(({ page }) => Memory.watch(page)));
    for (const side of [host, guest]) await prepare(side, size);
    await connect(host, guest);
    const look = () => Promise.all(memories.map((memory) => memory.held()));
    const count = VOLUME / size;
    const before = await look();
    const ms = await send(host, size, count);
    await expect.poll(() => guest.page.evaluate(() => window.line.messages)).toBe(count);
    const after = await look();
    const { bytes, wrong } = await guest.page.evaluate(() => window.line);
    expect({ bytes, wrong }).toEqual({ bytes: VOLUME, wrong: [] });
    for (const [index, { heap, wasm }] of after.entries()) {
      const grown = heap + wasm - before[index]!.heap - before[index]!.wasm;
      expect(grown, 'bytes still held afterwards').toBeLessThan(MOST);
    }
    const held = after.map(({ heap, wasm }) => ((heap + wasm) / 1e6).toFixed(0));
    console.log(`${(VOLUME / 1000 / ms).toFixed(1)} MB/s; then ${held.join(' and ')} MB of memory`);
    for (const side of [host, guest]) await side.page.evaluate(() => window.line.client.closeRoom());
  });
}
