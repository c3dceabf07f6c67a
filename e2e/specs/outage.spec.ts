/** The Registry goes down (refused connections) at each step, and comes back. */
import { expect, test } from '../fixtures.ts';
import { expectChat, FAILED_REQUEST, meet, type HarnessPage } from '../pages/harness-page.ts';
import type { Step } from '../support/faults.ts';

const UNREACHABLE = /cannot be reached/i;

test.beforeEach(({ host, guest }) => {
  host.expectComplaint(FAILED_REQUEST);
  guest.expectComplaint(FAILED_REQUEST);
});

test('down while creating: the user sees an error, and succeeds later', async ({ registry, host }) => {
  registry.down();
  await host.submitHost();
  await host.expectState('error');
  await host.expectError(UNREACHABLE);
  await registry.up();
  await host.at('error-remedy-btn').click();
  await host.readInvitation();
  await host.expectState('created');
  await host.expectNoError();
});

test('down while joining: the user sees an error, and succeeds later', async ({ registry, host, guest }) => {
  const invitation = await host.createRoom();
  registry.down();
  await guest.submitGuest(invitation);
  await guest.expectState('error');
  await guest.expectError(UNREACHABLE);
  await registry.up();
  await guest.at('error-remedy-btn').click();
  await guest.expectState('joined');
  await guest.expectNoError();
});

/**
 * During a handshake the user need not do anything: failed calls are retried. Which peer notices first depends on the
 * step.
 */
const steps: [Step, (host: HarnessPage, guest: HarnessPage) => HarnessPage][] = [
  ['offer', (host) => host],
  ['answer', (_, guest) => guest],
  ['candidate', (host) => host],
  ['room', (_, guest) => guest],
  ['candidates', (_, guest) => guest],
];

for (const [step, whoNotices] of steps) {
  // A Registry with long polling is never polled for candidates alone.
  test.describe(step === 'candidates' ? 'at a base Registry' : 'at a Registry with long polling', () => {
    test.use({ registryFlags: step === 'candidates' ? ['--base'] : [] });

    test(`down at the first "${step}" request: the page says so, and connects when it is back`, async ({
      registry,
      host,
      guest,
    }) => {
      await meet(host, guest);
      registry.downAt(step);
      await guest.startAsGuest();
      await host.startAsHost();
      await expect.poll(() => registry.isDown).toBe(true);
      const witness = whoNotices(host, guest);
      await witness.expectWords(UNREACHABLE);
      await witness.expectState('connecting');
      await registry.up();
      await host.expectConnected();
      await guest.expectConnected();
      await expectChat(host, guest);
      await host.expectNoError();
      await guest.expectNoError();
    });
  });
}

test('down when connected: the connection is not affected', async ({ registry, host, guest }) => {
  await meet(host, guest);
  await host.startAsHost();
  await guest.startAsGuest();
  await host.expectConnected();
  await guest.expectConnected();
  registry.down();
  await expectChat(host, guest);
  // Closing cannot reach the Registry; the user can go on all the same.
  await host.close();
  await guest.expectState('disconnected');
});

test('the Registry restarts without its rooms: both see that the room is gone', async ({
  registry,
  host,
  guest,
}) => {
  await meet(host, guest);
  await host.startAsHost();
  await expect.poll(() => registry.count('offer', 200)).toBe(1);
  await registry.restart();
  await host.expectState('error');
  await host.expectError(/gone|expired/i);
  await guest.startAsGuest();
  await guest.expectState('error');
  await guest.expectError(/gone|expired/i);
  await host.close();
  await guest.close();
  await meet(host, guest);
});
