/** `window.harness`: what the scripts and tests of other projects can do with the page. */
import { expect, test } from '../../fixtures.ts';
import { connect, FAILED_REQUEST } from '../../pages/harness-page.ts';
import { NO_STUN } from '../../support/findings.ts';

test.use({ query: NO_STUN });

test('a script waits for states and for events', async ({ host, guest }) => {
  const { roomCode, joinCode } = await host.createRoom();
  const waited = host.page.evaluate(async () => {
    const { harness } = window;
    const [state, event] = await Promise.all([
      harness.waitFor('connected', { timeout: 60_000 }),
      harness.waitFor(({ name }) => name === 'datachannel:open', { timeout: 60_000 }),
    ]);
    return { state, event, client: harness.client.getConnectionState() };
  });
  await guest.joinRoom({ roomCode, joinCode });
  await guest.startAsGuest();
  await host.startAsHost();
  expect(await waited).toMatchObject({ state: 'connected', event: { name: 'datachannel:open' }, client: 'connected' });

  const [kept, none] = await host.page.evaluate(async () => {
    const { harness } = window;
    const kept = await harness.waitFor(({ name }) => name === 'offer:posted', { since: 0 });
    return [kept.name, harness.trace({ since: kept.seq }).some(({ seq }) => seq <= kept.seq)];
  });
  expect([kept, none]).toEqual(['offer:posted', false]);
});

test('what does not come is an error that says what was there instead', async ({ host }) => {
  const outcome = await host.page.evaluate(async () => {
    const failed = async (promise: Promise<unknown>) =>
      promise.then(() => null, ({ name, code, message }: Error & { code: string }) => ({ name, code, message }));
    const { harness } = window;
    return {
      state: await failed(harness.waitFor('connected', { timeout: 50 })),
      event: await failed(harness.waitFor(() => false, { timeout: 50 })),
      word: await failed(harness.waitFor('conected' as 'connected')),
      thrown: await failed(
        harness.waitFor(() => {
          throw new TypeError('of the test');
        }, { since: 0 }),
      ),
    };
  });
  expect(outcome.state).toMatchObject({ name: 'RegistryClientError', code: 'wait_timeout' });
  expect(outcome.state?.message).toContain('the state is idle');
  expect(outcome.event).toMatchObject({ code: 'wait_timeout' });
  expect(outcome.word).toMatchObject({ code: 'bad_argument' });
  expect(outcome.thrown).toMatchObject({ name: 'TypeError', message: 'of the test' });
});

test('a snapshot tells what counts now', async ({ host, guest }) => {
  const before = await host.page.evaluate(() => window.harness.snapshot());
  expect(before).toMatchObject({ version: 1, state: 'idle', role: null, room: null, pair: null, error: null });
  const { roomCode } = await connect(host, guest);
  await host.say('hello');
  await expect(guest.messagesFrom('peer')).toHaveCount(1);
  const after = await host.page.evaluate(() => window.harness.snapshot());
  expect(after).toMatchObject({
    state: 'connected',
    role: 'host',
    room: { code: roomCode, offer: true, answer: true },
    rtc: { connectionState: 'connected', dataChannelState: 'open', signalingState: 'stable' },
    relayed: false,
    calls: { failed: 0 },
    messages: { sent: 1 },
    error: null,
  });
  expect(after.pair?.local.port).toBeGreaterThan(0);
  expect(after.candidates.local.host).toBeGreaterThan(0);
});

test('an export can be compared, and has no secret, address or text unless asked for', async ({ registry, host, guest }) => {
  await host.open(`${registry.url}/?stun=stun:10.9.8.7:3478`);
  const { joinCode } = await connect(host, guest);
  await host.say('a private remark');
  await expect(guest.messagesFrom('peer')).toHaveCount(1);
  await host.page.waitForFunction(() => window.harness.export().tracks[0]!.samples.length > 0);
  const { plain, open, alike, odd, version } = await host.page.evaluate(() => {
    const { harness } = window;
    const trace = harness.trace();
    const cut = trace.slice(0, trace.findIndex(({ name }) => name === 'answer:received'));
    return {
      plain: harness.export(),
      open: harness.export({ addresses: true, messages: true }),
      alike: harness.diff(trace, harness.export({ addresses: true, messages: true })),
      odd: harness.diff(trace, cut),
      version: harness.version,
    };
  });
  expect(version).toBe(1);
  expect(plain).toMatchObject({ format: 'registry-harness-trace', version: 1, redacted: ['addresses', 'messages'] });
  const [plainText, openText] = [JSON.stringify(plain), JSON.stringify(open)];
  expect(plainText).not.toContain('a private remark');
  expect(plainText).not.toContain('10.9.8.7');
  expect(openText).toContain('a private remark');
  expect(openText).toContain('10.9.8.7');
  expect(plain.tracks[0]?.samples.length).toBeGreaterThan(0);
  for (const secret of [...registry.tokens, joinCode]) expect(openText).not.toContain(secret);
  expect(alike.first).toBeNull();
  expect(alike.same).toBeGreaterThan(10);
  expect(odd.first).not.toBeNull();
});

test('nonsense is refused in words', async ({ host }) => {
  const refused = await host.page.evaluate(() => {
    const { harness } = window;
    const attempts: Record<string, () => unknown> = {
      diff: () => harness.diff([{ name: 7 }] as never, []),
      rule: () => harness.faults.add({ effect: 'explode' } as never),
      preset: () => harness.faults.preset('moon' as never),
      hold: () => harness.faults.hold('offers' as never),
      release: () => harness.faults.release(99),
    };
    return Object.entries(attempts).map(([name, attempt]) => {
      try {
        attempt();
        return [name, 'taken'];
      } catch (error) {
        return [name, (error as { code?: string }).code];
      }
    });
  });
  expect(refused).toEqual(['diff', 'rule', 'preset', 'hold', 'release'].map((name) => [name, 'bad_argument']));
});

test('a script of another project makes the Registry fail, and sees what the page finds', async ({ host }) => {
  host.expectComplaint(FAILED_REQUEST);
  const seen = await host.page.evaluate(async () => {
    const { harness } = window;
    harness.faults.add({ effect: 'status', status: 429, retryAfterSec: 3600, call: 'createRoom' });
    await harness.client.createRoom('Ann').catch(() => undefined);
    await harness.waitFor('error');
    return {
      findings: harness.findings().map(({ cause }) => cause),
      injected: harness.trace().find(({ name }) => name === 'fault:injected')?.details,
      error: harness.snapshot().error?.code,
    };
  });
  expect(seen.findings).toEqual(['rate-limited', 'faults-injected']);
  expect(seen.injected).toMatchObject({ action: 'refused', target: 'createRoom', status: 429 });
  expect(seen.error).toBe('rate_limited');
  await expect(host.at('debug-log')).toContainText('fault:injected');
});
