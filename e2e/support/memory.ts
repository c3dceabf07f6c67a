/** Measures what a page holds: its heaps after garbage collection, and resources that must be released. */
import type { CDPSession, Page } from '@playwright/test';

/** Bytes of the JavaScript heap and of WebAssembly memory, and counts of objects that must be closed explicitly. */
export interface Held {
  heap: number;
  wasm: number;
  connections: number;
  timers: number;
  listeners: number;
}

interface Counted {
  connections: Set<RTCPeerConnection>;
  timers: Set<unknown>;
  memories: WebAssembly.Memory[];
}

declare global {
  interface Window {
    counted: Counted;
  }
}

/** Runs in the page before its own scripts. */
function count(): void {
  const counted: Counted = { connections: new Set(), timers: new Set(), memories: [] };
  window.counted = counted;

  const close = RTCPeerConnection.prototype.close;
  RTCPeerConnection.prototype.close = function () {
    counted.connections.delete(this);
    close.call(this);
  };
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      counted.connections.add(this);
    }
  };

  const { setTimeout, clearTimeout, setInterval, clearInterval } = window;
  const start = (timer: (run: () => void, ms?: number) => number, once: boolean) =>
    ((run: (...all: unknown[]) => void, ms?: number, ...all: unknown[]) => {
      const id = timer.call(window, () => {
        if (once) counted.timers.delete(id);
        run(...all);
      }, ms);
      counted.timers.add(id);
      return id;
    }) as typeof window.setTimeout;
  const stop = (timer: (id?: number) => void) => (id?: number) => {
    counted.timers.delete(id);
    timer.call(window, id);
  };
  Object.assign(window, {
    setTimeout: start(setTimeout as never, true),
    clearTimeout: stop(clearTimeout),
    setInterval: start(setInterval as never, false),
    clearInterval: stop(clearInterval),
  });

  const keep = (instance: WebAssembly.Instance) => {
    if (instance.exports.memory instanceof WebAssembly.Memory) counted.memories.push(instance.exports.memory);
  };
  const { instantiateStreaming } = WebAssembly;
  WebAssembly.instantiateStreaming = async (...all) => {
    const made = await instantiateStreaming(...all);
    keep(made.instance);
    return made;
  };
}

export class Memory {
  readonly #page: Page;
  readonly #session: CDPSession;

  private constructor(page: Page, session: CDPSession) {
    this.#page = page;
    this.#session = session;
  }

  /** Reloads the page, so that everything it creates is counted. */
  static async watch(page: Page): Promise<Memory> {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    await page.addInitScript(count);
    await page.reload();
    await page.waitForFunction(() => 'WebRTCRegistryClient' in window);
    return new Memory(page, session);
  }

  async held(): Promise<Held> {
    await this.#session.send('HeapProfiler.collectGarbage');
    const { metrics } = await this.#session.send('Performance.getMetrics');
    const metric = (name: string) => metrics.find((metric) => metric.name === name)!.value;
    const counted = await this.#page.evaluate(() => ({
      wasm: window.counted.memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0),
      connections: window.counted.connections.size,
      timers: window.counted.timers.size,
    }));
    return { heap: metric('JSHeapUsedSize'), listeners: metric('JSEventListeners'), ...counted };
  }
}
