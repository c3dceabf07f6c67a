/** Repeated connecting and closing leaks nothing. */
import type { Page } from '@playwright/test';

import { expect, test } from '../fixtures.ts';
import { Memory } from '../support/memory.ts';

/** The number of cycles; the first few warm up what is created once. */
const [CYCLES, WARM_UP] = process.env.LONG ? [1000, 50] : [20, 5];
/** Tolerance for noise between two heap measurements. */
const NOISE = 1_000_000;

/** Creates two clients, connects them, exchanges messages, closes and frees them, the given number of times. */
const cycle = (page: Page, times: number) =>
  page.evaluate(async (times) => {
    const client = () => new window.WebRTCRegistryClient({ registryApiUrl: location.origin, iceServers: [] });
    for (let i = 0; i < times; i += 1) {
      const [host, guest] = [client(), client()];
      const heard = [host, guest].map(
        (client) => new Promise((resolve) => void client.onMessage(resolve)),
      );
      const code = await host.createRoom('Host');
      await guest.joinRoom(code, host.getRoomInfo()?.joinCode ?? '', 'Guest');
      await Promise.all([host.startConnection(), guest.startConnection()]);
      host.sendMessage(i);
      guest.sendMessage(i);
      const messages = await Promise.all(heard);
      if (messages.some((message) => message !== i)) throw new Error(`cycle ${i} heard ${messages}`);
      await Promise.all([host.closeRoom(), guest.closeRoom()]);
      for (const client of [host, guest]) {
        client.dispose();
        client.free();
      }
    }
  }, times);

test(`${CYCLES} connections in one page leave nothing behind`, async ({ host: { page } }) => {
  test.setTimeout(60_000 + CYCLES * 3_000);
  const memory = await Memory.watch(page);
  const before = await memory.held();
  await cycle(page, WARM_UP);
  const warm = await memory.held();
  const began = Date.now();
  await cycle(page, CYCLES - WARM_UP);
  const ms = (Date.now() - began) / (CYCLES - WARM_UP);
  // Garbage collection frees what the last cycle held once the browser has closed it.
  const less = async () => {
    const after = await memory.held();
    const { connections, timers, wasm } = after;
    // A timer of the page itself, such as one that ran as it was loaded, may have ended since.
    const left = Math.max(0, timers - before.timers);
    return { connections, timers: left, wasm: wasm - warm.wasm, heap: after.heap < warm.heap + NOISE };
  };
  await expect.poll(less).toEqual({ connections: 0, timers: 0, wasm: 0, heap: true });
  const after = await memory.held();
  const heaps = [warm, after].map(({ heap, wasm }) => ((heap + wasm) / 1e6).toFixed(2)).join(', then ');
  console.log(`${ms.toFixed(0)} ms each; ${heaps} MB of memory`);
  expect(after.listeners).toBeLessThanOrEqual(warm.listeners);
});
