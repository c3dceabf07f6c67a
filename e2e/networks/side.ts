/** One end of a connection: a client in a page on its own machine, which sends continuously and logs everything. */
import type { Page } from '@playwright/test';

import type { Client, ClientConfig, ConnectionState } from '../pages/window.ts';

/** What happened in the page. Times are in milliseconds since the epoch; all machines share one clock. */
export interface Log {
  states: { state: ConnectionState; at: number }[];
  received: { value: number; at: number }[];
  accepted: number[];
  refused: string[];
  /** Names of events that report errors or undelivered messages. */
  losses: string[];
  /** The recovery steps that were taken. */
  steps: string[];
  /** For each selected candidate pair, whether it uses a relay. */
  relayed: boolean[];
  standby: boolean;
  durable: boolean;
}

declare global {
  interface Window {
    side: { client: Client; log: Log; timer?: number };
  }
}

const LOSSES = ['message:buffer:overflow', 'message:buffer:expired', 'message:undelivered', 'reconnect:exhausted'];
const STEPS = ['ice:restart', 'reconnect:attempting', 'reconnect:success', 'datachannel:open'];

export class Side {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Creates a client that can buffer as much as a test may send. */
  async prepare(config: Partial<ClientConfig>): Promise<void> {
    await this.page.evaluate(
      ([config, losses, steps]) => {
        const client = new window.WebRTCRegistryClient({
          registryApiUrl: location.origin,
          iceServers: [],
          maxBufferSize: 100_000,
          maxBufferAge: 600_000,
          ...config,
        });
        const log: Log = {
          states: [],
          received: [],
          accepted: [],
          refused: [],
          losses: [],
          steps: [],
          relayed: [],
          standby: false,
          durable: false,
        };
        window.side = { client, log };
        client.onStateChange((state) => log.states.push({ state, at: Date.now() }));
        client.onMessage((value) => log.received.push({ value: value as number, at: Date.now() }));
        for (const name of losses) client.on(name, () => log.losses.push(name));
        for (const name of steps) client.on(name, () => log.steps.push(name));
        client.on('ice:selected-pair', ({ relayed }: { relayed: boolean }) => log.relayed.push(relayed));
        client.on('peer:durable', () => (log.durable = true));
        client.on('standby', ({ step }: { step: string }) => (log.standby ||= step === 'ready'));
      },
      [config, LOSSES, STEPS] as const,
    );
  }

  create(): Promise<[room: string, join: string]> {
    return this.page.evaluate(async () => {
      const room = await window.side.client.createRoom('Host');
      return [room, window.side.client.getRoomInfo()?.joinCode ?? ''];
    });
  }

  join(invitation: [room: string, join: string]): Promise<void> {
    return this.page.evaluate(([room, join]) => window.side.client.joinRoom(room, join, 'Guest'), invitation);
  }

  connect(): Promise<void> {
    return this.page.evaluate(() => window.side.client.startConnection());
  }

  log(): Promise<Log> {
    return this.page.evaluate(() => window.side.log);
  }

  /** Sends a number every `ms` milliseconds from now on, whatever the state of the connection. */
  async keepSending(ms: number): Promise<void> {
    await this.page.evaluate((ms) => {
      const { client, log } = window.side;
      let next = 0;
      window.side.timer = window.setInterval(() => {
        try {
          client.sendMessage(next);
          log.accepted.push(next);
          next += 1;
        } catch (error) {
          log.refused.push(String(error));
        }
      }, ms);
    }, ms);
  }

  stopSending(): Promise<void> {
    return this.page.evaluate(() => window.clearInterval(window.side.timer));
  }

  /** The client's trace, for a failed test. */
  trace(): Promise<string> {
    return this.page.evaluate(() => JSON.stringify(window.side.client.getTrace(), null, 1));
  }

  close(): Promise<void> {
    return this.page.evaluate(() => window.side.client.closeRoom());
  }
}
