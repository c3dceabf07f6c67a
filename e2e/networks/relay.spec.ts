/** The same where the peers can reach each other through a relay only. */
import { isInstalled } from '../support/programs.ts';
import { cut, endure } from './endure.ts';
import { expect, test as base } from './fixtures.ts';
import { Relay } from './relay.ts';

const test = base.extend<{ relay: Relay }>({
  // It listens where the Registry does, so there must be a network.
  relay: async ({ network: _ }, use, testInfo) => {
    testInfo.skip(!isInstalled('turnserver'), 'there is no coturn');
    const relay = await Relay.start();
    await use(relay);
    await relay.stop();
  },
});

test('a path that opens later takes the place of the relay, and is told', async ({ network, ends, relay }) => {
  const { host, guest } = ends;
  network.lose('meta protocol ip');
  for (const side of [host, guest]) await side.prepare({ iceServers: relay.iceServers });
  await guest.join(await host.create());
  await Promise.all([host.connect(), guest.connect()]);
  for (const side of [host, guest]) await expect.poll(async () => (await side.notes()).relayed.at(-1)).toBe(true);
  network.loseNothing();
  for (const side of [host, guest]) {
    await expect.poll(async () => (await side.notes()).relayed.at(-1), { timeout: 60_000 }).toBe(false);
    expect((await side.notes()).states.at(-1)?.state).toBe('connected');
  }
  for (const side of [host, guest]) await side.close();
});

test('all is cut without a word, through a relay', async ({ network, ends, relay }) => {
  const scenario = cut(10, { name: 'the same through a relay, 10 s' });
  const { iceServers } = relay;
  const notes = await endure(scenario, network, ends, { iceServers, iceTransportPolicy: 'relay' });
  for (const { relayed } of notes) {
    expect(relayed.length).toBeGreaterThan(0);
    expect(relayed).not.toContain(false);
  }
});
