/** One end of a connection: a client in a page on a machine of its own, that sends without a pause and notes everything. */
import type { Page } from '@playwright/test';

import type { Client, ClientConfig, ConnectionState } from '../pages/window.ts';

/** What happened in the page, with times in milliseconds since the epoch: all machines share one clock. */
export interface Notes {
  states: { state: ConnectionState; at: number }[];
  received: { value: number; at: number }[];
  accepted: number[];
  refused: string[];
  /** Names of events that tell of messages that are not delivered, and of errors. */
  losses: string[];
  /** The rungs of the ladder that were taken. */
  steps: string[];
  /** For each pair of candidates that was selected, whether it goes through a relay. */
  relayed: boolean[];
  standby: boolean;
  durable: boolean;
}

declare global {
  interface Window {
    side: { client: Client; notes: Notes; timer?: number };
  }
}

const LOSSES = ['message:buffer:overflow', 'message:buffer:expired', 'message:undelivered', 'reconnect:exhausted'];
const STEPS = ['ice:restart', 'reconnect:attempting', 'reconnect:success', 'datachannel:open'];

export class Side {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Makes a client that buffers as much as a test may send. */
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
        const notes: Notes = {
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
        window.side = { client, notes };
        client.onStateChange((state) => notes.states.push({ state, at: Date.now() }));
        client.onMessage((value) => notes.received.push({ value: value as number, at: Date.now() }));
        for (const name of losses) client.on(name, () => notes.losses.push(name));
        for (const name of steps) client.on(name, () => notes.steps.push(name));
        client.on('ice:selected-pair', ({ relayed }: { relayed: boolean }) => notes.relayed.push(relayed));
        client.on('peer:durable', () => (notes.durable = true));
        client.on('standby', ({ step }: { step: string }) => (notes.standby ||= step === 'ready'));
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

  notes(): Promise<Notes> {
    return this.page.evaluate(() => window.side.notes);
  }

  /** From now on a number goes out every `ms` milliseconds, whatever the connection is like. */
  async keepSending(ms: number): Promise<void> {
    await this.page.evaluate((ms) => {
      const { client, notes } = window.side;
      let next = 0;
      window.side.timer = window.setInterval(() => {
        try {
          client.sendMessage(next);
          notes.accepted.push(next);
          next += 1;
        } catch (error) {
          notes.refused.push(String(error));
        }
      }, ms);
    }, ms);
  }

  stopSending(): Promise<void> {
    return this.page.evaluate(() => window.clearInterval(window.side.timer));
  }

  /** What the client has seen, for a test that failed. */
  trace(): Promise<string> {
    return this.page.evaluate(() => JSON.stringify(window.side.client.getTrace(), null, 1));
  }

  close(): Promise<void> {
    return this.page.evaluate(() => window.side.client.closeRoom());
  }
}
