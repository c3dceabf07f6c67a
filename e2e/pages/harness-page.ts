/** Page object of the harness page: what a user does and sees. */
import { expect, type ConsoleMessage, type Locator, type Page } from '@playwright/test';

import type { ConnectionState } from './window.ts';

/** What a host passes to a guest out of band. */
export interface Invitation {
  roomCode: string;
  joinCode: string;
}

/** Browsers log each failed request on the console themselves; a page cannot prevent it. */
export const FAILED_REQUEST = /^Failed to load resource: /;

export class HarnessPage {
  /** Everything that the page logged to the console, and every uncaught error. */
  readonly written: string[] = [];
  readonly page: Page;
  readonly #complaints: string[] = [];
  readonly #expected: RegExp[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => this.#onConsole(message));
    page.on('pageerror', (error) => {
      this.written.push(String(error));
      this.#complaints.push(`uncaught ${error}`);
    });
  }

  #onConsole(message: ConsoleMessage): void {
    this.written.push(message.text());
    if (['error', 'warning'].includes(message.type())) this.#complaints.push(message.text());
  }

  /** Expects console errors that match. */
  expectComplaint(...patterns: RegExp[]): void {
    this.#expected.push(...patterns);
  }

  /** Unexpected console errors and warnings. */
  get complaints(): string[] {
    return this.#complaints.filter((text) => !this.#expected.some((pattern) => pattern.test(text)));
  }

  /** The element with this test id. */
  at(testId: string): Locator {
    return this.page.getByTestId(testId);
  }

  /** Installs a clock that the test controls. Call it before loading the page. */
  async installClock(): Promise<void> {
    await this.page.clock.install();
    // Playwright numbers its timers from a trillion. A browser's ids are small, and WebAssembly takes them as 32-bit
    // integers.
    await this.page.addInitScript(() => {
      type Timers = Record<string, (...all: unknown[]) => unknown>;
      const [first, timers] = [1_000_000_000_000, window as unknown as Timers];
      const pairs = ['Timeout', 'Interval'].map((kind) => [`set${kind}`, `clear${kind}`]);
      for (const [start, stop] of [...pairs, ['requestAnimationFrame', 'cancelAnimationFrame']] as [string, string][]) {
        const [set, clear] = [timers[start]!, timers[stop]!];
        timers[start] = (...all) => Number(set(...all)) - first;
        timers[stop] = (id) => clear(Number(id) + first);
      }
    });
  }

  async open(address: string): Promise<void> {
    await this.page.goto(address);
    await this.expectState('idle');
  }

  async expectState(...oneOf: ConnectionState[]): Promise<void> {
    await expect(this.at('state-text')).toHaveText(new RegExp(`^(${oneOf.join('|')})$`));
  }

  /** Waits until the trace contains an event with this name and these details, even across a reload. */
  async expectEvent(name: string, details: Record<string, unknown> = {}): Promise<void> {
    const found = ({ name, details }: { name: string; details: Record<string, unknown> }) =>
      window.harness?.client
        .getTrace()
        .some((event) => event.name === name && Object.keys(details).every((key) => event.details[key] === details[key]));
    await this.page.waitForFunction(found, { name, details });
  }

  /** Expects an error with this text in the error box. */
  async expectError(words: RegExp): Promise<void> {
    await expect(this.at('error-box')).toBeVisible();
    await expect(this.at('error-box')).toContainText(words);
  }

  async expectNoError(): Promise<void> {
    await expect(this.at('error-box')).toBeHidden();
  }

  /** Expects this text to be visible anywhere on the page. */
  async expectWords(words: RegExp): Promise<void> {
    await expect(this.page.getByText(words).filter({ visible: true }).first()).toBeVisible();
  }

  /** Expects the setting to be rejected, with the reason next to its field. */
  async expectRefused(testId: string, reason: RegExp): Promise<void> {
    await expect(this.at(testId)).toHaveAttribute('aria-invalid', 'true');
    await expect(this.at(testId)).toHaveAccessibleDescription(reason);
  }

  async submitHost(name = 'HostUser'): Promise<void> {
    await this.at('role-host').click();
    await this.at('host-username').fill(name);
    await this.at('create-room-btn').click();
  }

  async createRoom(name = 'HostUser'): Promise<Invitation> {
    await this.submitHost(name);
    return this.readInvitation();
  }

  /** The codes shown to the host. */
  async readInvitation(): Promise<Invitation> {
    await expect(this.at('room-code')).toHaveText(/^[A-Z0-9]{8}$/);
    await expect(this.at('join-code')).toHaveText(/^\d{6}$/);
    const [roomCode, joinCode] = await Promise.all([
      this.at('room-code').innerText(),
      this.at('join-code').innerText(),
    ]);
    return { roomCode, joinCode };
  }

  async submitGuest({ roomCode, joinCode }: Invitation, name = 'GuestUser'): Promise<void> {
    await this.at('role-guest').click();
    await this.at('guest-username').fill(name);
    await this.at('guest-room-code').fill(roomCode);
    await this.at('guest-join-code').fill(joinCode);
    await this.at('join-room-btn').click();
  }

  async joinRoom(invitation: Invitation, name = 'GuestUser'): Promise<void> {
    await this.submitGuest(invitation, name);
    await expect(this.at('room-joined-info')).toBeVisible();
    await this.expectState('joined');
  }

  async startAsHost(): Promise<void> {
    await this.at('start-connection-host-btn').click();
  }

  async startAsGuest(): Promise<void> {
    await this.at('start-connection-guest-btn').click();
  }

  async expectConnected(): Promise<void> {
    await this.expectState('connected');
    await expect(this.at('chat-interface')).toBeVisible();
    await expect(this.at('chat-input')).toBeEnabled();
  }

  async say(text: string): Promise<void> {
    await this.at('chat-input').fill(text);
    await this.at('send-message-btn').click();
  }

  /** The chat messages of one sender. */
  messagesFrom(sender: 'self' | 'peer'): Locator {
    return this.page.locator(`[data-testid="chat-message"][data-sender="${sender}"]`);
  }

  async close(): Promise<void> {
    await this.at('close-room-btn').click();
    await this.expectState('idle');
  }
}

/** Host and guest create and join a room; neither starts the connection. */
export async function meet(host: HarnessPage, guest: HarnessPage): Promise<Invitation> {
  const invitation = await host.createRoom();
  await guest.joinRoom(invitation);
  return invitation;
}

/** Host and guest meet and connect through the controls. */
export async function connect(host: HarnessPage, guest: HarnessPage): Promise<Invitation> {
  const invitation = await meet(host, guest);
  await host.startAsHost();
  await guest.startAsGuest();
  await host.expectConnected();
  await guest.expectConnected();
  return invitation;
}

/** Checks that messages arrive in both directions. */
export async function expectChat(host: HarnessPage, guest: HarnessPage): Promise<void> {
  await host.say('ping');
  await expect(guest.messagesFrom('peer').last()).toContainText('ping');
  await guest.say('pong');
  await expect(host.messagesFrom('peer').last()).toContainText('pong');
}
