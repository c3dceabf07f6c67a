/** What is wrong between the page and the Registry: each cause really happens, and is named. */
import { expect, test as base } from '../../fixtures.ts';
import { FAILED_REQUEST, type HarnessPage } from '../../pages/harness-page.ts';
import { AnsweringSite } from '../../support/answering-site.ts';
import { answer, internalError, rateLimitedFor, rubbish } from '../../support/faults.ts';
import { expectFound, findings, NO_STUN, printFindings, type Known } from '../../support/findings.ts';
import { Registry } from '../../support/registry.ts';

const BLOCKED = [FAILED_REQUEST, /blocked by CORS policy/, /Mixed Content/];

const test = base.extend({
  host: async ({ blank, registry, query }, use) => {
    blank.expectComplaint(...BLOCKED);
    await blank.open(`${registry.url}/${query}`);
    await use(blank);
  },
});
test.use({ query: NO_STUN });
test.describe.configure({ mode: 'default' });
printFindings(test);

/** Uses another Registry from now on. */
async function use(page: HarnessPage, url: string): Promise<void> {
  await page.at('registry-url').fill(url);
  await page.at('registry-url').press('Enter');
}

const PROBED: Known = { name: 'registry:probe' };
const ANSWERED: Known = { name: 'response' };

/** The host tries to create a room, and fails. */
async function fails(page: HarnessPage): Promise<void> {
  await page.submitHost();
  await page.expectState('error');
}

test('nothing listens at the address', async ({ host: page, registry }) => {
  registry.down();
  await fails(page);
  await expectFound(page, 'registry-unreachable', 'the server is down', { name: 'request:failed' });
  await registry.up();
  await page.at('error-remedy-btn').click();
  await page.expectState('created');
  expect(await findings(page), 'the next room is another session').toEqual([]);
});

test('another path of the same server', async ({ host: page, registry }) => {
  await use(page, `${registry.url}/elsewhere`);
  await fails(page);
  await expectFound(page, 'wrong-address', 'a path that does not exist', ANSWERED);
});

test('a guest at a server that is no Registry', async ({ host: page }) => {
  const site = await AnsweringSite.start((_, response) => {
    response.writeHead(404, { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*, content-type' });
    response.end('<h1>Not Found</h1>');
  });
  await use(page, site.url);
  await page.submitGuest({ roomCode: 'AAAAAAAA', joinCode: '123456' });
  await expectFound(page, 'wrong-address', 'a guest at a web server of another origin', PROBED);
  site.stop();
});

test('a login page instead of a Registry', async ({ host: page, registry }) => {
  registry.fault('create', rubbish);
  await fails(page);
  await expectFound(page, 'not-a-registry', 'a login page answers with 200', ANSWERED);
});

test('an origin that the Registry does not allow', async ({ host: page }) => {
  const other = await Registry.start(['--allowed-origins', 'https://somebody.example']);
  await use(page, other.url);
  await fails(page);
  await expectFound(page, 'origin-refused', 'a Registry that allows another origin', PROBED);
  await other.stop();
});

test('a preflight that refuses headers', async ({ host: page }) => {
  const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'content-type' };
  const site = await AnsweringSite.start((request, response) => {
    if (request.method === 'OPTIONS') return response.writeHead(204, cors).end();
    response.writeHead(404, { ...cors, 'content-type': 'application/json' });
    return response.end('{"error":{"code":"not_found","message":"no","retryable":false}}');
  });
  await use(page, site.url);
  await fails(page);
  await expectFound(page, 'headers-refused', 'a preflight that allows Content-Type only', PROBED);
  const [first] = await findings(page);
  expect(first?.explanation).toMatch(/X-Access-Token|X-Registry-Version/);
  site.stop();
});

test('a Registry that hangs', async ({ host: page, registry }) => {
  for (const step of ['create', 'candidates'] as const) registry.hold(step);
  await fails(page);
  await expectFound(page, 'registry-silent', 'requests are accepted and never answered', { name: 'request:failed' });
});

test('an https page and an http Registry', async ({ host: page, registry }) => {
  const secure = 'https://harness.example';
  // The browser sees an https page of another host; its files come from the Registry's server.
  await page.page.route(`${secure}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    await route.fulfill({ response: await route.fetch({ url: `${registry.url}${pathname}` }) });
  });
  await page.page.goto(`${secure}/?registry=http://registry.example`);
  await page.expectState('idle');
  await fails(page);
  await expectFound(page, 'insecure-registry', 'mixed content', { name: 'request:failed' });
});

for (const [cause, how, fault] of [
  ['rate-limited', '429 for an hour', rateLimitedFor(3600)],
  ['registry-overloaded', '503 without content', answer(503, '')],
  ['registry-failing', '500 each time', internalError],
  ['registry-version', '400, missing_version', answer(400, '{"error":{"code":"missing_version","message":"no","retryable":false}}')],
] as const) {
  test(how, async ({ host: page, registry }) => {
    registry.fault('create', fault);
    await page.submitHost();
    await expectFound(page, cause, how, ANSWERED);
  });
}

test('a connection that breaks once', async ({ host: page, registry }) => {
  registry.fault('create', (response) => response.socket?.destroy(), 1);
  await fails(page);
  await expectFound(page, 'request-lost', 'a connection breaks once', PROBED);
});

for (const minutes of [10, -10]) {
  test(`a clock that is ${minutes} minutes off`, async ({ host: page }) => {
    await page.page.addInitScript((ms) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + ms;
    }, minutes * 60_000);
    await page.page.reload();
    await page.expectState('idle');
    await page.createRoom();
    await expectFound(page, 'clocks-differ', `the device is ${minutes} min ahead`, { name: 'registry:clock' });
    expect((await findings(page))[0]?.explanation).toContain('10 min');
  });
}
