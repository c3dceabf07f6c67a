/** The server's own HTTPS, which gives a phone on the same network a secure context. */
import { expect, test } from '../fixtures.ts';
import { connect, expectChat, HarnessPage } from '../pages/harness-page.ts';
import { newContext } from '../support/browsers.ts';
import { Server } from '../support/server.ts';

test('over HTTPS and HTTP/2 they connect and exchange messages', async ({ hostBrowser, guestBrowser }, testInfo) => {
  const server = await Server.startNew(['--tls-self-signed', testInfo.outputPath('certificate')]);
  // Nobody has signed the certificate but the server.
  const contexts = await Promise.all(
    [hostBrowser, guestBrowser].map((browser) => newContext(browser, { ignoreHTTPSErrors: true })),
  );
  const pages = contexts.map(async (context) => new HarnessPage(await context.newPage()));
  const [host, guest] = (await Promise.all(pages)) as [HarnessPage, HarnessPage];
  for (const page of [host, guest]) await page.open(`https://127.0.0.1:${server.port}/`);
  await connect(host, guest);
  await expectChat(host, guest);
  const protocols = await host.page.evaluate(() =>
    performance.getEntriesByType('resource').map((entry) => (entry as PerformanceResourceTiming).nextHopProtocol),
  );
  // What did not come over the network has none.
  expect(new Set(protocols.filter((protocol) => protocol !== ''))).toEqual(new Set(['h2']));
  expect(await host.page.evaluate(() => window.isSecureContext)).toBe(true);
  for (const page of [host, guest]) expect(page.complaints).toEqual([]);
  await Promise.all(contexts.map((context) => context.close()));
  await server.stop();
});
