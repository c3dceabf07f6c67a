/** What comes of the commands of an embedding page, each for itself. */
import type { RegistryHarnessElement } from '../../static/embed.d.ts';
import { FAILED_REQUEST } from '../pages/harness-page.ts';
import { connectElement, expect, openParent, outcome, test, withElement } from '../support/embedding.ts';

test('the error of a command rejects that command alone', async ({ registry, site, blank, guest: peer }) => {
  await openParent(blank.page, site, withElement(registry.url));
  const harness = blank.page.locator('registry-harness');
  const { room, join } = await harness.evaluate((element: RegistryHarnessElement) => element.create('Ann'));
  await harness.evaluate((element: RegistryHarnessElement) => {
    (window as unknown as { started: Promise<unknown> }).started = element.start();
  });
  expect(await outcome(blank.page, (harness) => harness.create('Ann'))).toMatch(/^invalid_transition: /);
  expect(await outcome(blank.page, (harness) => harness.send('too early'))).toMatch(/^not_connected: /);
  const again = outcome(blank.page, (harness) => harness.start());
  await peer.joinRoom({ roomCode: room, joinCode: join! });
  await peer.startAsGuest();
  await blank.page.evaluate(() => (window as unknown as { started: Promise<unknown> }).started);
  expect(await again).toBe('ok');
  expect(await outcome(blank.page, (harness) => harness.start())).toBe('ok');
});

test('closing settles what waits', async ({ registry, site, blank }) => {
  await openParent(blank.page, site, withElement(registry.url));
  const settled = await blank.page.evaluate(async () => {
    const harness = document.querySelector('registry-harness')!;
    await harness.create('Ann');
    const calls = [harness.start(), harness.start(), harness.close()];
    return (await Promise.allSettled(calls)).map((call) => (call.status === 'fulfilled' ? 'ok' : call.reason.code));
  });
  expect(settled).toEqual(['closed', 'closed', 'ok']);
  // At once, too.
  const hasty = await blank.page.evaluate(async () => {
    const harness = document.querySelector('registry-harness')!;
    return (await Promise.allSettled([harness.create('Ann'), harness.close()])).map(({ status }) => status);
  });
  expect(hasty).toEqual(['rejected', 'fulfilled']);
  await expect.poll(() => registry.openRooms).toBe(0);
});

test('what is missing or of another type is named', async ({ registry, site, blank }) => {
  await openParent(blank.page, site, withElement(registry.url));
  expect(await outcome(blank.page, (harness) => (harness.join as () => unknown)())).toMatch(/^bad_argument: .*room code/);
  expect(await outcome(blank.page, (harness) => harness.join('nonsense', '1'))).toMatch(/^bad_argument: /);
  expect(await outcome(blank.page, (harness) => harness.create((() => 'Ann') as never))).toMatch(/^bad_argument: .*name/);
  // The others go on.
  expect(await outcome(blank.page, (harness) => harness.create('Ann'))).toBe('ok');
  expect(await blank.page.evaluate(() => document.querySelector('registry-harness')!.room?.host)).toBe('Ann');
});

test('after a failed join, other attributes have an effect', async ({ registry, site, blank }) => {
  await openParent(blank.page, site, withElement(registry.url));
  blank.expectComplaint(FAILED_REQUEST);
  expect(await outcome(blank.page, (harness) => harness.join('ABCD2345', '000000'))).toMatch(/^not_found: /);
  const names = await blank.page.evaluate(async () => {
    const harness = document.querySelector('registry-harness')!;
    const ready = new Promise((resolve) => harness.addEventListener('ready', resolve, { once: true }));
    harness.setAttribute('name', 'Bea');
    await ready;
    await harness.create();
    return harness.room?.host;
  });
  expect(names).toBe('Bea');
});

test('send accepts JSON, and refuses what JSON would change', async ({ registry, site, blank, guest: peer }) => {
  await openParent(blank.page, site, withElement(registry.url));
  await connectElement(blank, peer);
  const sent = await blank.page.evaluate(async () => {
    const harness = document.querySelector('registry-harness')!;
    const cycle: unknown[] = [];
    cycle.push({ cycle });
    const values: Record<string, unknown> = {
      undefined: undefined,
      function: () => 1,
      symbol: Symbol('x'),
      bigint: 1n,
      NaN,
      infinite: [Infinity],
      cycle,
      buffer: new ArrayBuffer(1),
      bytes: new Uint8Array(1),
      map: new Map([[1, 2]]),
      date: new Date(0),
      instance: new (class A {})(),
      hole: [1, , 2],
      'a member that would be lost': { a: [{ b: undefined }] },
      thrower: { get a() { throw new Error('no'); } },
      // These can be sent.
      null: null,
      list: [1, 'two', [true, null]],
      'the same twice': (() => { const same = { a: 1 }; return [same, same]; })(),
      'a proxy, as of Vue': new Proxy({ a: 1 }, {}),
      'no prototype': Object.assign(Object.create(null), { text: 'last' }),
    };
    const outcomes: Record<string, string> = {};
    for (const [name, value] of Object.entries(values)) {
      outcomes[name] = await harness.send(value).then(() => 'ok', (error) => error.code ?? error.message);
    }
    const place = await harness.send({ a: [{ b: undefined }] }).catch((error) => error.message);
    return { outcomes, place };
  });
  const sendable = ['null', 'list', 'the same twice', 'a proxy, as of Vue', 'no prototype'];
  for (const [name, outcome] of Object.entries(sent.outcomes)) {
    expect(outcome, name).toBe(sendable.includes(name) ? 'ok' : name === 'thrower' ? 'no' : 'bad_argument');
  }
  expect(sent.place).toContain('data.a.0.b');
  await expect(peer.messagesFrom('peer')).toHaveCount(sendable.length);
  await expect(peer.messagesFrom('peer').last()).toContainText('last');
});

test('a frame echoes the id of a command, and reports nothing of one without', async ({ registry, site, blank }) => {
  const frame = `<script>
      window.heard = [];
      addEventListener('message', ({ data }) => ['error', 'result'].includes(data.type) && heard.push(data));
    </script><iframe src="${registry.url}/?embed=1&parent=${site.origin}"></iframe>`;
  await openParent(blank.page, site, frame);
  await expect(blank.page.frameLocator('iframe').getByTestId('state-text')).toHaveText('idle');
  const post = (message: object) =>
    blank.page.evaluate(
      (message) =>
        document.querySelector('iframe')!.contentWindow!.postMessage({ source: 'registry-harness', version: 1, ...message }, '*'),
      message,
    );
  const heard = () =>
    blank.page.evaluate(() =>
      (window as unknown as { heard: Record<string, any>[] }).heard.map(({ type, id, code, error }) => [type, id, code ?? error?.code]),
    );
  await post({ type: 'create', name: 'two words' });
  await expect.poll(heard).toEqual([['error', undefined, 'bad_argument']]);
  await post({ type: 'join', id: 'a', room: 'ABCD2345' });
  await expect.poll(heard).toEqual([expect.anything(), ['result', 'a', 'bad_argument']]);
  await post({ type: 'create', id: [7], name: 'Ann' });
  await expect.poll(heard).toEqual([expect.anything(), expect.anything(), ['result', [7], undefined]]);
});
