/** The Registry temporarily returns wrong responses: each kind of fault, at each step. */
import { expect, test } from '../fixtures.ts';
import { FAILED_REQUEST, meet } from '../pages/harness-page.ts';
import { drop, internalError, rateLimited, rateLimitedFor, rubbish, type Step } from '../support/faults.ts';

const refusals = {
  '429 with a time': rateLimitedFor(1),
  '429 without a time': rateLimited,
  '500': internalError,
};
const faults = { ...refusals, 'a response that is not JSON': rubbish, 'a broken connection': drop };
/**
 * In an exchange, candidates go together with a description that is posted again. A base Registry is polled for room and
 * candidates.
 */
const registries: Record<string, { flags: string[]; handshake: Step[] }> = {
  'with exchanges': { flags: [], handshake: ['offer', 'room', 'answer'] },
  'of the base contract': { flags: ['--base'], handshake: ['offer', 'room', 'answer', 'candidate', 'candidates'] },
};

test.beforeEach(({ host, guest }) => {
  host.expectComplaint(FAILED_REQUEST);
  guest.expectComplaint(FAILED_REQUEST);
});

for (const [kind, { flags, handshake }] of Object.entries(registries)) {
  test.describe(`a Registry ${kind}`, () => {
    test.use({ registryFlags: flags });

    for (const [name, fault] of Object.entries(faults)) {
      test(`${name}, twice at each step of a handshake: it continues by itself`, async ({ registry, host, guest }) => {
        await meet(host, guest);
        const before = new Map(handshake.map((step) => [step, registry.count(step)]));
        for (const step of handshake) registry.fault(step, fault, 2);
        await guest.startAsGuest();
        await host.startAsHost();
        await expect(host.at('state-text')).toHaveText('connected', { timeout: 30_000 });
        await expect(guest.at('state-text')).toHaveText('connected', { timeout: 30_000 });
        await host.expectNoError();
        await guest.expectNoError();
        for (const [step, count] of before) {
          expect(registry.count(step) - count, `${step} was retried after both faults`).toBeGreaterThan(2);
        }
      });
    }

    test('that is slow at every step only delays the handshake', async ({ registry, host, guest }) => {
      await meet(host, guest);
      // The first request of each kind is held until it has been seen.
      const releases = handshake.map((step) => registry.hold(step));
      await host.startAsHost();
      await guest.startAsGuest();
      for (const [i, step] of handshake.entries()) {
        await expect.poll(() => registry.count(step), step).toBeGreaterThan(0);
        releases[i]?.();
      }
      await host.expectConnected();
      await guest.expectConnected();
    });
  });
}

for (const [name, fault] of Object.entries(refusals)) {
  test(`${name}, twice when creating and joining: both are retried by themselves`, async ({
    registry,
    host,
    guest,
  }) => {
    registry.fault('create', fault, 2);
    await host.submitHost();
    await host.expectWords(/slow down|failed while/i);
    const invitation = await host.readInvitation();
    registry.fault('join', fault, 2);
    await guest.submitGuest(invitation);
    await guest.expectState('joined');
    await host.expectNoError();
    await guest.expectNoError();
    expect([registry.count('create'), registry.count('join')]).toEqual([3, 3]);
  });
}

/** It is unknown whether such a call took effect, and a join code works only once, so the user decides. */
for (const [name, fault, words] of [
  ['rubbish', rubbish, /unexpected response/i],
  ['a broken connection', drop, /cannot be reached/i],
] as const) {
  test(`${name} when creating and joining: the user sees an error and tries again`, async ({ registry, host, guest }) => {
    registry.fault('create', fault, 1);
    await host.submitHost();
    await host.expectState('error');
    await host.expectError(words);
    const invitation = await host.createRoom();
    registry.fault('join', fault, 1);
    await guest.submitGuest(invitation);
    await guest.expectState('error');
    await guest.expectError(words);
    await guest.joinRoom(invitation);
    await guest.expectNoError();
  });
}

test('a Registry that keeps returning 429: the user sees when to try again', async ({ registry, host }) => {
  registry.fault('create', rateLimitedFor(3600));
  await host.submitHost();
  await host.expectState('error');
  await host.expectError(/try again in 3600 s/i);
});

test('a failed public lookup does not keep a guest out', async ({ registry, host, guest }) => {
  const invitation = await host.createRoom();
  registry.fault('public', internalError);
  await guest.joinRoom(invitation);
});
