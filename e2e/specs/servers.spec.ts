/** STUN and TURN servers as people have them: several, each with its own login, typed or pasted as `iceServers`. */
import { expect, test as base } from '../fixtures.ts';
import type { HarnessPage } from '../pages/harness-page.ts';
import { TurnServer } from '../support/turn.ts';

const test = base.extend<{ first: TurnServer; second: TurnServer }>({
  first: async ({}, use) => {
    const server = await TurnServer.start();
    await use(server);
    server.stop();
  },
  second: async ({}, use) => {
    const server = await TurnServer.start();
    await use(server);
    server.stop();
  },
});

async function start(host: HarnessPage): Promise<void> {
  await host.createRoom();
  await host.startAsHost();
}

async function paste(host: HarnessPage, text: string): Promise<void> {
  await host.at('paste-ice-servers').click();
  await host.at('ice-servers-json').fill(text);
  await host.at('apply-ice-servers').click();
}

/** As it stands in a program, with a comment and commas at the end. */
const literal = (first: TurnServer, second: TurnServer) => `const config = {
  iceServers: [
    { urls: ['stun:127.0.0.1:1'] },
    { urls: '${first.url}', username: 'ann', credential: 'tr0ub4dor' }, // ours
    { urls: ['${second.url}?transport=udp', 'turns:127.0.0.1:1'], username: 'bob', credential: 'batt3ry', },
  ],
  iceTransportPolicy: 'relay',
};`;

test('several TURN servers can be entered, each with its own login', async ({ host, first, second }) => {
  await host.page.getByText('TURN relay').click();
  await host.at('turn-url').fill(first.url);
  await host.at('turn-username').fill('ann');
  await host.at('turn-credential').fill('tr0ub4dor');
  await host.at('add-turn-server').click();
  await host.at('turn-url-2').fill(second.url);
  await expect(host.at('turn-username-2')).toHaveValue('');
  await expect(host.at('turn-login-problem-2')).toContainText('those of another server are not sent');
  await host.at('turn-username-2').fill('bob');
  await host.at('turn-credential-2').fill('batt3ry');
  await expect(host.at('turn-login-problem-2')).toBeHidden();
  await start(host);
  await expect.poll(() => [[...first.users], [...second.users]]).toEqual([['ann'], ['bob']]);
});

test('a row can be removed, and its login waits for its server', async ({ host, first, second }) => {
  await paste(host, literal(first, second));
  await host.at('remove-turn-server-2').click();
  await expect(host.at('turn-server-2')).toBeHidden();
  await host.at('add-turn-server').click();
  await host.at('turn-url-2').fill(second.url);
  await expect(host.at('turn-username-2')).toHaveValue('bob');
});

test('pasted servers are understood, and each login goes to its own servers', async ({ registry, host, first, second }) => {
  await paste(host, literal(first, second));
  await expect(host.at('ice-servers-applied')).toHaveText('1 STUN server and 3 TURN servers taken over.');
  await expect(host.at('ice-servers-json')).toBeHidden();
  await expect(host.at('stun-url')).toHaveValue('stun:127.0.0.1:1');
  await expect(host.at('turn-url')).toHaveValue(first.url);
  await expect(host.at('turn-url-2')).toHaveValue(`${second.url}?transport=udp, turns:127.0.0.1:1`);
  await expect(host.at('turn-username-2')).toHaveValue('bob');
  await expect(host.at('relay-only')).toBeChecked();
  await start(host);
  await expect.poll(() => [[...first.users], [...second.users]]).toEqual([['ann'], ['bob']]);

  // The servers are remembered; the passwords for this tab only.
  const stored = await host.page.evaluate(() => JSON.stringify(Object.entries(localStorage)));
  expect(stored).not.toMatch(/tr0ub4dor|batt3ry/);
  await host.close();
  await host.open(registry.url);
  await expect(host.at('turn-credential-2')).toHaveValue('batt3ry');
  const other = await host.page.context().newPage();
  await other.goto(registry.url);
  await expect(other.getByTestId('turn-username-2')).toHaveValue('bob');
  await expect(other.getByTestId('turn-credential-2')).toHaveValue('');
});

test('a text that cannot be read changes nothing, and the page says where it is wrong', async ({ host }) => {
  const before = await host.at('stun-url').inputValue();
  await paste(host, "[\n  { urls: 'turn:t', username: 'u', credential: tr0ub4dor },\n]");
  await expect(host.at('ice-servers-problem')).toContainText(/^Line 2, column \d+:/);
  await expect(host.at('ice-servers-json')).toHaveAttribute('aria-invalid', 'true');
  await host.at('ice-servers-json').fill("[{ urls: 'stun:s' }, { urls: 'http://tr0ub4dor' }]");
  await expect(host.at('ice-servers-problem')).toBeHidden();
  await host.at('apply-ice-servers').click();
  await expect(host.at('ice-servers-problem')).toHaveText('Server 2: a URL must start with stun:, stuns:, turn: or turns:.');
  await expect(host.at('stun-url')).toHaveValue(before);
});

test('the servers can be copied as iceServers, without passwords', async ({ host, first, second }) => {
  await paste(host, literal(first, second));
  await host.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await host.at('copy-ice-servers').click();
  const copied = async () => JSON.parse((await host.page.evaluate(() => navigator.clipboard.readText())) || 'null');
  await expect.poll(copied).toEqual([
    { urls: ['stun:127.0.0.1:1'] },
    { urls: [first.url], username: 'ann' },
    { urls: [`${second.url}?transport=udp`, 'turns:127.0.0.1:1'], username: 'bob' },
  ]);
});

test('a link can name several TURN servers, and none gets a login of another', async ({ registry, host, first, second }) => {
  await paste(host, `{ urls: '${first.url}', username: 'ann', credential: 'tr0ub4dor' }`);
  await expect(host.at('turn-url')).toHaveValue(first.url);
  await host.page.goto(`${registry.url}/?role=host&stun=${second.url}&stun=turn:127.0.0.1:1`);
  await expect(host.at('turn-url')).toHaveValue(second.url);
  await expect(host.at('turn-url-2')).toHaveValue('turn:127.0.0.1:1');
  await expect(host.at('turn-url-2')).toHaveAccessibleDescription(/set by the link/);
  for (const field of ['turn-username', 'turn-credential', 'turn-username-2', 'turn-credential-2']) {
    await expect(host.at(field)).toHaveValue('');
  }
  await host.at('drop-link-settings').click();
  await expect(host.at('turn-url')).toHaveValue(first.url);
  await expect(host.at('turn-server-2')).toBeHidden();
  expect(second.asked).toBe(0);
});
