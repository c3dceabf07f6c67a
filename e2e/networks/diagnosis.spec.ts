/** What is wrong with a network: each cause really happens, and is named. */
import { FAILED_REQUEST, HarnessPage } from '../pages/harness-page.ts';
import { Coturn } from '../support/coturn.ts';
import { everFound, expectFound, findings, printFindings, watchFindings } from '../support/findings.ts';
import { isInstalled } from '../support/programs.ts';
import { expect, test as base, type Ends } from './fixtures.ts';
import { REGISTRY_ADDRESS } from './network.ts';

const test = base.extend<{ coturn: Coturn; pages: [HarnessPage, HarnessPage] }>({
  coturn: async ({ network: _ }, use, testInfo) => {
    testInfo.skip(!isInstalled('turnserver'), 'coturn is not installed');
    const coturn = await Coturn.start(REGISTRY_ADDRESS);
    await use(coturn);
    await coturn.stop();
  },
  pages: async ({ ends }, use) => {
    const pages = [ends.host, ends.guest].map(({ page }) => new HarnessPage(page)) as [HarnessPage, HarnessPage];
    for (const page of pages) await watchFindings(page);
    await use(pages);
  },
});
test.describe.configure({ mode: 'default' });
printFindings(test);

const addressOf = ({ host }: Ends) => new URL(host.page.url()).origin;

/** Both start. */
async function start([host, guest]: [HarnessPage, HarnessPage]): Promise<void> {
  await guest.joinRoom(await host.createRoom());
  await host.startAsHost();
  await guest.startAsGuest();
  await host.expectEvent('answer:processed');
}

test('UDP that does not get out of the network', async ({ network, ends, pages }) => {
  network.blockUdp();
  for (const page of pages) await page.open(`${addressOf(ends)}/?stun=stun:${REGISTRY_ADDRESS}:3478`);
  await start(pages);
  // One server that is silent may be down. Checks that are not answered for long either say more.
  await expectFound(pages[0], 'udp-blocked', 'a firewall that drops UDP', { name: 'answer:processed', after: 8000 });
});

test('a device that loses its network', async ({ network, ends, pages: [host] }) => {
  host.expectComplaint(FAILED_REQUEST);
  await host.open(addressOf(ends));
  network.machines[0].linkDown();
  await expectFound(host, 'offline', 'its link goes down', { name: 'page', details: { step: 'offline' } });
  await host.submitHost();
  await host.expectState('error');
  await host.expectEvent('registry:probe');
  expect((await findings(host)).map(({ cause }) => cause)).toEqual(['offline']);
  network.machines[0].linkUp();
  await host.expectEvent('page', { step: 'online' });
  await host.at('error-remedy-btn').click();
  await host.expectState('created');
  expect(await findings(host)).toEqual([]);
});

test('peers that cannot reach each other, and no relay', async ({ network, ends, pages }) => {
  network.lose('meta protocol ip');
  for (const page of pages) await page.open(`${addressOf(ends)}/?stun=`);
  await start(pages);
  await expectFound(pages[0], 'checks-failed', 'a switch that passes nothing between the peers', {
    name: 'answer:processed',
    after: 8000,
  });
  expect((await findings(pages[0]))[0]?.explanation).toMatch(/checks were sent|candidate/);
});

test('nothing is found in a connection that is relayed', async ({ network, ends, pages, coturn }) => {
  network.lose('meta protocol ip');
  for (const page of pages) {
    await page.open(`${addressOf(ends)}/?stun=`);
    await page.page.getByText('TURN relay').click();
    await page.at('turn-url').fill(`turn:${coturn.place}`);
    await page.at('turn-username').fill(coturn.username);
    await page.at('turn-credential').fill(coturn.credential);
    await page.at('relay-only').check();
  }
  await start(pages);
  for (const page of pages) {
    await page.expectConnected();
    await page.expectEvent('ice:selected-pair', { relayed: true });
    expect(await everFound(page)).toEqual([]);
  }
});
