/** What is visible before the application has loaded. */
import { expect, test } from '../fixtures.ts';
import type { HarnessPage } from '../pages/harness-page.ts';

/** Positions of the title, the state and the first card; the card grows with its content. */
async function places({ page }: HarnessPage): Promise<unknown> {
  const boxes = await Promise.all(
    ['.masthead', '.masthead h1', '.masthead .state', '.work .card'].map((part) => page.locator(part).first().boundingBox()),
  );
  return boxes.map((box, index) => (index < 2 ? box : { x: box?.x, y: box?.y }));
}

for (const width of [360, 1280]) {
  test(`the first paint does not wait for WebAssembly, and the layout does not shift when it loads, ${width} px`, async ({
    registry,
    blank,
  }) => {
    await blank.page.setViewportSize({ width, height: 800 });
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await blank.page.route('**/*_bg.wasm', async (route) => {
      await held;
      await route.continue();
    });
    await blank.page.goto(registry.url, { waitUntil: 'domcontentloaded' });
    await expect(blank.page.getByText('Loading…')).toBeVisible();
    const before = await places(blank);
    release();
    await blank.expectState('idle');
    expect(await places(blank)).toEqual(before);
  });
}

test('the WebAssembly module can be compiled while streaming, and is cached for good', async ({
  registry,
  blank,
}) => {
  const answer = blank.page.waitForResponse((response) => response.url().endsWith('_bg.wasm'));
  await blank.open(registry.url);
  const headers = await (await answer).allHeaders();
  expect(headers).toMatchObject({
    'content-type': 'application/wasm',
    'cache-control': expect.stringContaining('immutable'),
  });
});
