/** A network with a Registry, and a page on each of two machines. */
import { test as base, expect, type Browser } from '@playwright/test';

import { chromium, required } from '../support/environment.ts';
import { Server } from '../support/server.ts';
import { isOwn, Network, REGISTRY_ADDRESS, type Machine } from './network.ts';
import { Side } from './side.ts';

export interface Ends {
  host: Side;
  guest: Side;
}

interface Fixtures {
  network: Network;
  ends: Ends;
}

export const test = base.extend<Fixtures>({
  network: async ({}, use, testInfo) => {
    testInfo.skip(!isOwn(), 'run these tests with `cargo xtask test --only e2e-networks`');
    const network = await Network.start();
    await use(network);
    network.stop();
  },

  ends: async ({ network, playwright }, use, testInfo) => {
    const server = await Server.startNew([], REGISTRY_ADDRESS);
    const address = `http://${REGISTRY_ADDRESS}:${server.port}`;
    const browsers: Browser[] = [];
    const open = async (machine: Machine) => {
      const browser = await playwright.chromium.launch({
        executablePath: new URL('browser.sh', import.meta.url).pathname,
        env: { ...process.env, MACHINE: String(machine.pid), BROWSER: required('CHROMIUM') },
        // mDNS names instead of addresses would have to be resolved by multicast.
        args: [...chromium.args!, '--disable-features=WebRtcHideLocalIpsWithMdns'],
      });
      browsers.push(browser);
      const page = await (await browser.newContext()).newPage();
      await page.goto(address);
      await page.waitForFunction(() => 'WebRTCRegistryClient' in window);
      return new Side(page);
    };
    const [host, guest] = await Promise.all(network.machines.map(open)) as [Side, Side];
    await use({ host, guest });
    if (testInfo.status !== testInfo.expectedStatus) {
      for (const [name, side] of Object.entries({ host, guest })) {
        const body = await side.trace().catch(String);
        await testInfo.attach(`${name}.json`, { body, contentType: 'application/json' });
      }
    }
    await Promise.all(browsers.map((browser) => browser.close()));
    await server.stop();
  },
});

export { expect };
