/** Host and guest of one variant, in two browsers. */
import type { Browser, Page } from '@playwright/test';

import { newContext } from '../../support/browsers.ts';
import { PlainPeer } from '../../support/plain-peer.ts';
import type { Role } from '../peers/peer.ts';
import type {} from '../peers/main.ts';
import { SCRIPT } from './site.ts';
import type { Variant } from './world.ts';

/** One handshake. */
export interface Handshake {
  /** From when both were told to start until both channels were open, in milliseconds. */
  ms: number;
  /** Requests of both sides during that time, without preflights. */
  requests: number;
  preflights: number;
  /** Requests that exceeded a rate limit. */
  refused: number;
}

export class Pair {
  readonly variant: Variant;
  readonly host: Page;
  readonly guest: Page;

  private constructor(variant: Variant, host: Page, guest: Page) {
    this.variant = variant;
    this.host = host;
    this.guest = guest;
  }

  static async open(variant: Variant, browsers: readonly [Browser, Browser]): Promise<Pair> {
    const [host, guest] = await Promise.all(browsers.map(async (browser) => (await newContext(browser)).newPage()));
    const pair = new Pair(variant, host!, guest!);
    await pair.load('host');
    await pair.load('guest');
    return pair;
  }

  /** Loads the page of one side, or loads it anew. */
  async load(role: Role): Promise<void> {
    const { variant } = this;
    const page = this[role];
    const kind = (role === 'guest' && variant.guest) || variant.kind;
    await page.goto((role === 'guest' && variant.guestPage) || variant.page);
    if (kind === 'page') {
      await page.waitForFunction(() => window.harness !== undefined);
      await page.getByTestId(`tab-${variant.view ?? 'overview'}`).click();
      await page.addScriptTag({ url: SCRIPT, type: 'module' });
    }
    if (kind === 'plain') await PlainPeer.install(page);
    await page.waitForFunction(() => window.bench !== undefined);
    await page.evaluate((all) => window.bench.open(...all), [kind, role, variant.signalling.url] as const);
  }

  /** Host and guest meet at the signalling server. */
  async meet(): Promise<void> {
    const invitation = await this.host.evaluate(() => window.bench.meet(''));
    await this.guest.evaluate((invitation) => window.bench.meet(invitation), invitation);
  }

  /** Connects both. */
  async start(): Promise<Handshake> {
    const spans = await Promise.all([this.host, this.guest].map((page) => page.evaluate(() => window.bench.start())));
    const first = Math.min(...spans.map(({ began }) => began));
    const open = Math.max(...spans.map(({ ended }) => ended));
    const { requests, responses } = this.variant.signalling;
    const during = ({ at }: { at: number }) => at >= first && at <= open;
    const made = requests.filter(during);
    const preflights = made.filter(({ line }) => line.startsWith('OPTIONS ')).length;
    return {
      ms: open - Math.max(...spans.map(({ began }) => began)),
      requests: made.length - preflights,
      preflights,
      refused: responses.filter(during).filter(({ line }) => line.includes(' 429 ')).length,
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.host, this.guest].map((page) => page.evaluate(() => window.bench.close())));
  }

  /** Waits until both pages have nothing left to do, so that the next turn is not slower because of this one. */
  async settle(): Promise<void> {
    await Promise.all([this.host, this.guest].map((page) => page.evaluate(() => window.bench.settle())));
  }

  /** Host and guest meet, connect and part. */
  async handshake(): Promise<Handshake> {
    await this.meet();
    const handshake = await this.start();
    await this.close();
    await this.settle();
    return handshake;
  }

  /** Closes the pages. */
  async end(): Promise<void> {
    await Promise.all([this.host, this.guest].map((page) => page.context().close()));
  }
}
