/** Whatever the network does, accepted messages arrive once and in order, and the connection recovers by itself. */
import { cut, endure, type Scenario } from './endure.ts';
import { test, type Ends } from './fixtures.ts';
import type { Network } from './network.ts';

const heal = (network: Network) => network.loseNothing();

const scenarios: Scenario[] = [
  cut(1),
  cut(3),
  cut(10),
  cut(60, { long: true }),
  {
    name: 'path cut, Registry reachable, 20 s',
    seconds: 20,
    begin: (network) => network.lose('meta protocol ip'),
    end: heal,
    total: true,
    long: true,
  },
  ...(['host', 'guest'] as const).map((who) => ({
    name: `path cut, Registry reachable, 9 s, with startConnection called on the ${who}`,
    seconds: 9,
    begin: (network: Network) => network.lose('meta protocol ip'),
    end: heal,
    // The old path works again about two seconds later, and nothing should keep it from being used.
    meanwhile: async (ends: Ends) => {
      const { page } = ends[who];
      await page.waitForFunction(() => window.side.client.getConnectionState() === 'disconnected');
      await page.evaluate(() => void window.side.client.startConnection());
    },
    total: true,
    long: true,
  })),
  {
    name: '30 % packet loss, 20 s',
    seconds: 20,
    begin: (network) => network.lose('numgen random mod 100 < 30'),
    end: heal,
    long: true,
  },
  {
    name: 'one direction cut, 20 s',
    seconds: 20,
    begin: (network) => network.lose('iifname host'),
    end: heal,
    long: true,
  },
  {
    name: 'host’s link down, 10 s',
    seconds: 10,
    begin: ({ machines: [host] }) => host.linkDown(),
    end: ({ machines: [host] }) => host.linkUp(),
    total: true,
    long: true,
  },
  {
    name: 'guest changes its address',
    seconds: 0,
    begin: ({ machines: [, guest] }) => guest.changeAddress(13),
    end: () => {},
    long: true,
  },
];

for (const scenario of scenarios) {
  test(scenario.name, async ({ network, ends }) => {
    test.skip(!!scenario.long && !process.env.LONG, 'slow: run with cargo xtask test --long');
    await endure(scenario, network, ends);
  });
}
