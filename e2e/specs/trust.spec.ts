/** What a link can make the page do, and which of the user's data it can use. */
import { expect, test as base } from '../fixtures.ts';
import { connect, type HarnessPage } from '../pages/harness-page.ts';
import { Registry } from '../support/registry.ts';
import { TurnServer } from '../support/turn.ts';

const test = base.extend<{ own: TurnServer; strangers: TurnServer }>({
  own: async ({}, use) => {
    const server = await TurnServer.start();
    await use(server);
    server.stop();
  },
  strangers: async ({}, use) => {
    const server = await TurnServer.start();
    await use(server);
    server.stop();
  },
});

async function logIn(page: HarnessPage, { url }: TurnServer): Promise<void> {
  await page.page.getByText('TURN relay').click();
  await page.at('turn-url').fill(url);
  await page.at('turn-username').fill('ann');
  await page.at('turn-credential').fill('tr0ub4dor');
}

/** The page has asked for credentials and stops there. */
async function expectNoLogin(page: HarnessPage, { url }: TurnServer): Promise<void> {
  await expect(page.at('turn-url')).toHaveValue(url);
  await expect(page.at('turn-username')).toHaveValue('');
  await expect(page.at('turn-credential')).toHaveValue('');
  await expect(page.at('blocked-note')).toBeVisible();
  await page.expectState('idle');
}

test('credentials are sent to the server for which they were entered', async ({ host, own }) => {
  await logIn(host, own);
  await host.createRoom();
  await host.startAsHost();
  await expect.poll(() => [...own.users]).toEqual(['ann']);
});

test('a TURN server named by a link gets no credentials stored for another server', async ({ registry, host, own, strangers }) => {
  await logIn(host, own);
  await host.page.goto(`${registry.url}/?auto=1&role=host&stun=${strangers.url}`);
  await expectNoLogin(host, strangers);
  await host.expectWords(/those of another server are not sent/);
  // Not even after a click, although it asks for them.
  await host.at('host-username').press('Enter');
  await host.at('create-room-btn').click({ force: true });
  await host.expectState('idle');
  expect({ asked: strangers.asked, users: [...strangers.users], made: registry.count('create') }).toEqual({
    asked: 0,
    users: [],
    made: 0,
  });
  // The user's own server is unchanged.
  await host.at('drop-link-settings').click();
  await expect(host.at('turn-url')).toHaveValue(own.url);
  await host.createRoom();
  await host.startAsHost();
  await expect.poll(() => [...own.users]).toEqual(['ann']);
  expect(strangers.asked).toBe(0);
});

test('another server entered by hand does not get the previous server’s credentials', async ({ host, own, strangers }) => {
  await host.at('role-host').click();
  await logIn(host, own);
  await host.at('turn-url').fill(strangers.url);
  await expectNoLogin(host, strangers);
  await host.at('turn-username').fill('bob');
  await host.at('turn-credential').fill('another');
  await host.createRoom();
  await host.startAsHost();
  await expect.poll(() => [...strangers.users]).toEqual(['bob']);
  expect(own.asked).toBe(0);
  await host.close();
  await host.at('turn-url').fill(`${own.url}?transport=udp`);
  await expect(host.at('turn-username')).toHaveValue('ann');
});

test('credentials stored by an earlier version belong to the server stored with them', async ({ registry, blank, own, strangers }) => {
  const earlier = { registryUrl: registry.url, stunUrl: '', turnUrl: own.url, turnUsername: 'ann', relayOnly: false };
  await blank.page.addInitScript((settings) => {
    if (sessionStorage.length > 0) return;
    localStorage.setItem('registry-harness.settings', JSON.stringify(settings));
    sessionStorage.setItem('registry-harness.turn-credential', 'tr0ub4dor');
  }, { ...earlier, hostName: 'Ann', guestName: 'Guest' });
  await blank.page.goto(`${registry.url}/?auto=1&role=host&stun=${strangers.url}`);
  await expectNoLogin(blank, strangers);
  await blank.page.goto(`${registry.url}/?role=host`);
  await expect(blank.at('host-username')).toHaveValue('Ann');
  await blank.createRoom();
  await blank.startAsHost();
  await expect.poll(() => [...own.users]).toEqual(['ann']);
  expect(strangers.asked).toBe(0);
});

test('a link does not send the tokens of a room to another Registry', async ({ registry, host, guest }) => {
  const other = await Registry.start(['--allowed-origins', registry.url]);
  await connect(host, guest);
  await host.expectEvent('standby', { step: 'ready' });
  const sent: string[] = [];
  host.page.on('request', (request) => {
    if (request.url().startsWith(other.url)) sent.push(JSON.stringify(request.headers()));
  });
  await host.page.goto(`${registry.url}/?role=host&registry=${other.url}`);
  await expect(host.at('create-room-btn')).toBeVisible();
  await host.expectState('idle');
  await host.createRoom();
  expect([...registry.tokens].filter((token) => sent.some((headers) => headers.includes(token)))).toEqual([]);
  await expect.poll(() => other.seen.map(({ step }) => step)).toEqual(['create', 'prepare']);
  await expect.poll(() => other.count('prepare', 200)).toBe(1);
  await other.stop();
});

/** What a link can set, each with the field that shows it. */
const LINKED = {
  registry: ['registry-url', 'http://localhost:1'],
  stun: ['stun-url', 'stun:127.0.0.1:1'],
  turn: ['turn-url', 'turn:127.0.0.1:1'],
  name: ['host-username', 'Linked'],
} as const;
const QUERY = `registry=${LINKED.registry[1]}&stun=${LINKED.stun[1]}&stun=${LINKED.turn[1]}&name=${LINKED.name[1]}&role=host`;

async function values(page: HarnessPage): Promise<Record<string, string>> {
  const fields = Object.values(LINKED).map(([testId]) => testId);
  return Object.fromEntries(await Promise.all(fields.map(async (id) => [id, await page.at(id).inputValue()] as const)));
}

for (const [testId, linked] of Object.values(LINKED)) {
  test(`what a link sets is not remembered when the user changes something: ${testId}`, async ({ registry, blank }) => {
    await blank.open(`${registry.url}/?role=host`);
    const before = await values(blank);
    await blank.open(`${registry.url}/?${QUERY}`);
    await expect(blank.at(testId)).toHaveValue(linked);
    await expect(blank.at('settings-by-link')).toHaveText(/the Registry, the STUN server, the TURN server and your name/);
    const mine = linked.replace(/1$/, '2').replace('Linked', 'Mine');
    await blank.at(testId).fill(mine);
    await expect(blank.at(`${testId}-by-link`)).toBeHidden();
    await blank.open(`${registry.url}/?role=host`);
    expect(await values(blank)).toEqual({ ...before, [testId]: mine });
    await expect(blank.at('settings-by-link')).toBeHidden();
  });
}

test('the page shows what a link has set, and can return to the user’s own settings', async ({ registry, blank }) => {
  await blank.open(`${registry.url}/?role=host`);
  const own = await values(blank);
  await blank.open(`${registry.url}/?${QUERY}`);
  for (const [testId] of Object.values(LINKED)) {
    await expect(blank.at(testId)).toHaveAccessibleDescription(/set by the link/);
  }
  await blank.at('drop-link-settings').press('Enter');
  await expect(blank.at('settings-by-link')).toBeHidden();
  expect(await values(blank)).toEqual(own);
  await blank.createRoom();
});

test('an embedded page does not remember what the embedding page has set', async ({ registry, blank }) => {
  await blank.page.route(`${registry.url}/around`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><script src="/embed.js"></script>
        <registry-harness role="host" name="Theirs" stun="${LINKED.stun[1]}"></registry-harness>`,
    }),
  );
  await blank.page.goto(`${registry.url}/around`);
  const frame = blank.page.frameLocator('iframe');
  await expect(frame.getByTestId('settings-by-link')).toContainText('the STUN server and your name');
  await frame.getByTestId('registry-url').fill(`${registry.url}/`);
  await blank.open(`${registry.url}/?role=host`);
  await expect(blank.at('registry-url')).toHaveValue(`${registry.url}/`);
  await expect(blank.at('host-username')).toHaveValue('Host');
  await expect(blank.at('stun-url')).not.toHaveValue(LINKED.stun[1]);
});
