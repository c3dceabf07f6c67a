/** An element whose frame may not load, and the ways to load the element. */
import { expect, openParent, outcome, test, withElement } from '../support/embedding.ts';
import { FAILED_REQUEST } from '../pages/harness-page.ts';

test.describe('where the server does not allow it', () => {
  test.use({ registryFlags: [] });

  test('commands are rejected with the setting that is missing', async ({ registry, site, blank }) => {
    blank.expectComplaint(/frame-ancestors|Refused to frame|Framing/);
    await openParent(blank.page, site, withElement(registry.url));
    const created = await outcome(blank.page, (harness) => harness.create('Ann'));
    expect(created).toMatch(/^not_loaded: /);
    for (const words of [registry.url, site.origin, '--embed-origins']) expect(created).toContain(words);
    // Also the next one.
    expect(await outcome(blank.page, (harness) => harness.close())).toBe(created);
    expect(registry.seen).toEqual([]);
  });
});

test('where the policy of the embedding page forbids it, commands are rejected with the directive', async ({
  registry,
  site,
  blank,
}) => {
  blank.expectComplaint(/frame-src|Framing/);
  site.headers = { 'content-security-policy': "script-src * 'unsafe-inline' 'unsafe-eval'; frame-src 'self'" };
  await openParent(blank.page, site, withElement(registry.url));
  const created = await outcome(blank.page, (harness) => harness.create('Ann'));
  expect(created).toBe(
    `not_loaded: the Content-Security-Policy of this page blocks the frame: add ${registry.url} to its frame-src`,
  );
});

for (const isInserted of [false, true]) {
  const how = isInserted ? ' and the element inserted again' : '';
  test(`where the server is down, commands are rejected, and work when it is back${how}`, async ({ registry, site, blank }) => {
    blank.expectComplaint(FAILED_REQUEST);
    await openParent(blank.page, site, withElement(registry.url, 'hidden'));
    await blank.page.evaluate(() => document.querySelector('registry-harness')!.remove());
    registry.down();
    await blank.page.evaluate(() => document.body.append(document.createElement('registry-harness')));
    expect(await outcome(blank.page, (harness) => harness.create('Ann'))).toMatch(/^not_loaded: .* must be running/);
    await registry.up();
    if (isInserted) {
      await blank.page.evaluate(() => {
        const harness = document.querySelector('registry-harness')!;
        harness.remove();
        document.body.append(harness);
      });
    }
    expect(await outcome(blank.page, (harness) => harness.create('Ann'))).toBe('ok');
  });
}

test('where the program of the page does not start, commands are rejected with the reason', async ({ registry, site, blank }) => {
  blank.expectComplaint(FAILED_REQUEST, /WebAssembly|Failed to fetch|preload/);
  await blank.page.route('**/*.wasm', (route) => route.abort());
  await openParent(blank.page, site, withElement(registry.url));
  expect(await outcome(blank.page, (harness) => harness.create('Ann'))).toMatch(/^not_loaded: the page failed to start/);
});

test('an element outside the page says so', async ({ registry, site, blank }) => {
  await openParent(blank.page, site, withElement(registry.url));
  for (const call of ['create', 'start', 'join', 'send'] as const) {
    const refused = await blank.page.evaluate(
      (call) =>
        (document.createElement('registry-harness') as unknown as Record<string, (...all: string[]) => Promise<void>>)
          [call]!('ABCD2345', '123456')
          .then(String, (error) => error.code),
      call,
    );
    expect(refused, call).toBe('not_in_page');
  }
});

test('a Registry that is not one: the attribute is named, and no other Registry is used', async ({ registry, site, blank }) => {
  await openParent(blank.page, site, withElement(registry.url));
  for (const text of ['', 'registry.example.com', 'javascript:alert(1)', 'https:///x', 'https://a@b.example', 'http://a/?b']) {
    const heard = await blank.page.evaluate((text) => {
      const harness = document.createElement('registry-harness');
      const heard = new Promise((resolve) => harness.addEventListener('error', ({ detail }) => resolve(detail)));
      harness.setAttribute('registry', text);
      document.querySelector('registry-harness')!.replaceWith(harness);
      return heard;
    }, text);
    expect(heard, text).toEqual({ code: 'bad_argument', message: expect.stringContaining('registry'), retryable: false });
    expect(await outcome(blank.page, (harness) => harness.create('Ann')), text).toMatch(/^bad_argument: the attribute registry/);
  }
  expect(registry.seen).toEqual([]);
  await blank.page.evaluate((url) => document.querySelector('registry-harness')!.setAttribute('registry', url), registry.url);
  expect(await outcome(blank.page, (harness) => harness.create('Ann'))).toBe('ok');
});

for (const [form, head] of Object.entries({
  'a module': (url: string) => `<script type="module" src="${url}/embed.js"></script>`,
  'a script that is requested with CORS': (url: string) => `<script crossorigin src="${url}/embed.js"></script>`,
  'a script that is included twice': (url: string) => `<script src="${url}/embed.js"></script>`.repeat(2),
  'a module that is imported, and an address': (url: string) =>
    `<script type="module">await import("${url}/embed.js")</script><registry-harness src="${url}"></registry-harness>`,
})) {
  test(`the element comes as ${form}`, async ({ registry, site, blank }) => {
    await openParent(blank.page, site, `${head(registry.url)}<registry-harness></registry-harness>`);
    await blank.page.waitForFunction(() => customElements.get('registry-harness'));
    expect(await outcome(blank.page, (harness) => harness.create('Ann'))).toBe('ok');
  });
}

test('imported without an address, it says what is missing', async ({ registry, site, blank }) => {
  const head = `<script type="module">await import("${registry.url}/embed.js")</script>`;
  await openParent(blank.page, site, `${head}<registry-harness></registry-harness>`);
  await blank.page.waitForFunction(() => customElements.get('registry-harness'));
  expect(await outcome(blank.page, (harness) => harness.create('Ann'))).toMatch(/^bad_argument: .* attribute src/);
});

test('in a script of another name, it does not take that for its own', async ({ registry, site, blank }) => {
  const script = await (await fetch(`${registry.url}/embed.js`)).text();
  await openParent(blank.page, site, `<script>${script}</script><registry-harness></registry-harness>`);
  expect(await outcome(blank.page, (harness) => harness.create('Ann'))).toMatch(/^bad_argument: .* attribute src/);
});

test('it works in a page that is isolated from other origins', async ({ registry, site, blank }) => {
  site.headers = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
  await openParent(blank.page, site, withElement(registry.url), site.neighbour);
  expect(await blank.page.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(await outcome(blank.page, (harness) => harness.create('Ann'))).toBe('ok');
  expect(await outcome(blank.page, (harness) => harness.close())).toBe('ok');
  // Now with what the browser has kept.
  await blank.page.reload();
  expect(await outcome(blank.page, (harness) => harness.create('Ann'))).toBe('ok');
});

test('without constructable style sheets it is still a block', async ({ registry, site, blank }) => {
  await blank.page.addInitScript(() => Reflect.deleteProperty(window, 'CSSStyleSheet'));
  await openParent(blank.page, site, withElement(registry.url));
  await expect(blank.page.locator('registry-harness')).toHaveCSS('display', 'block');
  expect(await outcome(blank.page, (harness) => harness.create('Ann'))).toBe('ok');
});
