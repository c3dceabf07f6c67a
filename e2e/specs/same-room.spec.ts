/** At our Registry two peers meet again in their room: from the first moment on, as often as needed, without another room. */
import { expect, test } from '../fixtures.ts';
import { connect, expectChat } from '../pages/harness-page.ts';

for (const who of ['host', 'guest'] as const) {
  test(`the ${who} reloads in the first moment after connecting, and is back`, async ({ registry, host, guest }) => {
    await connect(host, guest);
    const reloads = { host, guest }[who];
    await reloads.expectEvent('peer:durable');
    await reloads.page.reload();
    await reloads.expectEvent('reconnect:success');
    for (const page of [host, guest]) await page.expectConnected();
    await expectChat(host, guest);
    expect(registry.count('create')).toBe(1);
    expect(registry.count('join')).toBe(1);
  });
}

test('both reload at the same time, and meet again', async ({ registry, host, guest }) => {
  await connect(host, guest);
  const pages = [host, guest];
  for (let round = 1; round <= 3; round += 1) {
    for (const page of pages) await page.expectEvent('standby', { step: 'ready' });
    await Promise.all(pages.map((page) => page.page.reload()));
    for (const page of pages) await page.expectEvent('reconnect:success');
    for (const page of pages) await page.expectConnected();
  }
  await expectChat(host, guest);
  expect(registry.count('create')).toBe(1);
});
