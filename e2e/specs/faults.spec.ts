/** The Registry answers, but not what it should, for a while: each kind of fault, at each step. */
import { expect, test } from '../fixtures.ts';
import { FAILED_REQUEST, meet } from '../pages/harness-page.ts';
import { drop, internalError, rateLimited, rateLimitedFor, rubbish, type Step } from '../support/faults.ts';

const refusals = {
  '429 with a time': rateLimitedFor(1),
  '429 without a time': rateLimited,
  '500': internalError,
};
const faults = { ...refusals, 'rubbish that is not JSON': rubbish, 'a broken connection': drop };
/** A Registry that can wait for news is asked for the room only; any other for room and candidates. */
const registries: Record<string, { flags: string[]; handshake: Step[] }> = {
  'that waits for news': { flags: [], handshake: ['offer', 'room', 'answer', 'candidate'] },
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
      test(`each step of a handshake meets ${name}, twice; it goes on by itself`, async ({ registry, host, guest }) => {
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
          expect(registry.count(step) - count, `${step} met both faults, and was repeated`).toBeGreaterThan(2);
        }
      });
    }

    test('that is slow at every step is only slow', async ({ registry, host, guest }) => {
      await meet(host, guest);
      // The first request of each kind is answered only when it has been seen to wait.
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
  test(`creating and joining meet ${name}, twice; they are repeated by themselves`, async ({
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

/** Nobody knows whether such a call took effect, and a join code works only once: the person decides. */
for (const [name, fault, words] of [
  ['rubbish', rubbish, /unexpected response/i],
  ['a broken connection', drop, /cannot be reached/i],
] as const) {
  test(`creating and joining: ${name}; the person is told, and tries again`, async ({ registry, host, guest }) => {
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

test('a Registry that never has time: the person is told when to try again', async ({ registry, host }) => {
  registry.fault('create', rateLimitedFor(3600));
  await host.submitHost();
  await host.expectState('error');
  await host.expectError(/try again in 3600 s/i);
});

test('a look at the room that fails does not keep a guest out', async ({ registry, host, guest }) => {
  const invitation = await host.createRoom();
  registry.fault('public', internalError);
  await guest.joinRoom(invitation);
});
