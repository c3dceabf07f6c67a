/** Many tabs of one browser, which share its six connections to an origin over HTTP/1.1. */
import { expect, test } from '../fixtures.ts';
import { HarnessPage, type Invitation } from '../pages/harness-page.ts';
import { newContext } from '../support/browsers.ts';

/** More than there are connections. */
const HOSTS = 8;

test(`while ${HOSTS} tabs wait for their guests, another creates a room at once, and all can be joined`, async ({
  hostBrowser,
  registry,
  guest,
}) => {
  const context = await newContext(hostBrowser);
  const hosts: { tab: HarnessPage; invitation: Invitation }[] = [];
  for (let i = 0; i < HOSTS; i += 1) {
    const tab = new HarnessPage(await context.newPage());
    await tab.open(registry.url);
    hosts.push({ tab, invitation: await tab.createRoom() });
    await tab.startAsHost();
    await tab.expectEvent('room:waiting');
  }

  const another = new HarnessPage(await context.newPage());
  await another.open(registry.url);
  const took = await another.page.evaluate(async () => {
    const began = performance.now();
    await window.harness!.client.createRoom('Another');
    return performance.now() - began;
  });
  expect(took, 'milliseconds').toBeLessThan(2000);

  for (const { tab, invitation } of hosts) {
    await guest.joinRoom(invitation);
    await guest.startAsGuest();
    await guest.expectConnected();
    // What is hidden is not drawn.
    await tab.page.bringToFront();
    await tab.expectConnected();
    await guest.close();
  }
  await context.close();
});
