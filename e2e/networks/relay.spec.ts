/** The same for peers that can reach each other only through a relay. */
import { isInstalled } from '../support/programs.ts';
import { cut, endure } from './endure.ts';
import { expect, test as base } from './fixtures.ts';
import { Relay } from './relay.ts';

const test = base.extend<{ relay: Relay }>({
  // It listens on the Registry's address, so it needs the network.
  relay: async ({ network: _ }, use, testInfo) => {
    testInfo.skip(!isInstalled('turnserver'), 'coturn is not installed');
    const relay = await Relay.start();
    await use(relay);
    await relay.stop();
  },
});

test('a direct path that opens later replaces the relay, and is reported', async ({ network, ends, relay }) => {
  const { host, guest } = ends;
  network.lose('meta protocol ip');
  for (const side of [host, guest]) await side.prepare({ iceServers: relay.iceServers });
  await guest.join(await host.create());
  await Promise.all([host.connect(), guest.connect()]);
  for (const side of [host, guest]) await expect.poll(async () => (await side.log()).relayed.at(-1)).toBe(true);
  network.loseNothing();
  for (const side of [host, guest]) {
    await expect.poll(async () => (await side.log()).relayed.at(-1), { timeout: 60_000 }).toBe(false);
    expect((await side.log()).states.at(-1)?.state).toBe('connected');
  }
  for (const side of [host, guest]) await side.close();
});

test('silent cut of everything, through a relay', async ({ network, ends, relay }) => {
  const scenario = cut(10, { name: 'silent cut of everything, relay only, 10 s' });
  const { iceServers } = relay;
  const logs = await endure(scenario, network, ends, { iceServers, iceTransportPolicy: 'relay' });
  for (const { relayed } of logs) {
    expect(relayed.length).toBeGreaterThan(0);
    expect(relayed).not.toContain(false);
  }
});
