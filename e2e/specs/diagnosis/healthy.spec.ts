/** Handshakes of twenty kinds in which nothing is wrong: nothing is found in them, at any moment. */
import { expect, test as base } from '../../fixtures.ts';
import { connect, expectChat, HarnessPage, meet } from '../../pages/harness-page.ts';
import { Coturn } from '../../support/coturn.ts';
import { late } from '../../support/faults.ts';
import { everFound, findings, NO_STUN, watchFindings } from '../../support/findings.ts';
import { PlainPeer } from '../../support/plain-peer.ts';
import { isInstalled } from '../../support/programs.ts';
import { Registry } from '../../support/registry.ts';

const test = base.extend<{ watched: void; coturn: Coturn }>({
  watched: [
    async ({ host, guest }, use) => {
      for (const page of [host, guest]) {
        await watchFindings(page);
        await page.page.reload();
        await page.expectState('idle');
      }
      await use();
      // A page that is loaded anew has told before what it found.
      for (const page of [host, guest]) await expectHealthy(page);
    },
    { auto: true },
  ],
  coturn: async ({}, use, testInfo) => {
    testInfo.skip(!isInstalled('turnserver'), 'coturn is not installed');
    const coturn = await Coturn.start();
    await use(coturn);
    await coturn.stop();
  },
});

test.use({ query: NO_STUN });

async function expectHealthy(page: HarnessPage): Promise<void> {
  if (!(await page.page.evaluate(() => 'firsts' in window))) return;
  expect(await everFound(page)).toEqual([]);
  expect(await findings(page)).toEqual([]);
  await expect(page.at('findings')).toBeHidden();
}

async function connected(host: HarnessPage, guest: HarnessPage): Promise<void> {
  for (const page of [host, guest]) await page.expectConnected();
  await expectChat(host, guest);
}

test('the host starts first', async ({ host, guest }) => {
  await meet(host, guest);
  await host.startAsHost();
  await host.expectEvent('offer:posted');
  await guest.startAsGuest();
  await connected(host, guest);
});

test('the guest starts first', async ({ host, guest }) => {
  await meet(host, guest);
  await guest.startAsGuest();
  await guest.expectState('connecting');
  await host.startAsHost();
  await connected(host, guest);
});

test('the host starts before there is a guest', async ({ host, guest }) => {
  const invitation = await host.createRoom();
  await host.startAsHost();
  await host.expectEvent('offer:posted');
  await guest.joinRoom(invitation);
  await guest.startAsGuest();
  await connected(host, guest);
});

test('both start at once', async ({ host, guest }) => {
  await meet(host, guest);
  await Promise.all([host.startAsHost(), guest.startAsGuest()]);
  await connected(host, guest);
});

for (const role of ['host', 'guest'] as const) {
  test(`the page and the class of the package, which is the ${role}`, async ({ registry, host, guest }) => {
    const [page, other] = role === 'host' ? [guest, host] : [host, guest];
    await other.page.evaluate(() => {
      const client = new window.WebRTCRegistryClient({ registryApiUrl: location.origin, iceServers: [] });
      Object.assign(window, { client });
    });
    type WithClient = Window & { client: (typeof window)['harness']['client'] };
    if (role === 'host') {
      const invitation = await other.page.evaluate(async () => {
        const { client } = window as unknown as WithClient;
        const roomCode = await client.createRoom('Class');
        void client.startConnection();
        return { roomCode, joinCode: client.getRoomInfo()!.joinCode! };
      });
      await page.joinRoom(invitation);
      await page.startAsGuest();
    } else {
      const invitation = await page.createRoom();
      await page.startAsHost();
      await other.page.evaluate(async ({ roomCode, joinCode }) => {
        const { client } = window as unknown as WithClient;
        await client.joinRoom(roomCode, joinCode, 'Class');
        void client.startConnection();
      }, invitation);
    }
    await page.expectConnected();
    expect(registry.count('create')).toBe(1);
  });

  test(`the ${role} implements only the specification, and sends no candidate with its description`, async ({
    registry,
    host,
    guest,
  }) => {
    const page = role === 'host' ? guest : host;
    const plain = await PlainPeer.open(await guest.page.context().newPage(), registry.url);
    if (role === 'host') {
      await page.joinRoom(await plain.create());
      await page.startAsGuest();
    } else {
      await plain.join(await page.createRoom());
      await page.startAsHost();
    }
    await plain.connect();
    await page.expectConnected();
    await page.say('hello');
    await expect.poll(async () => (await plain.notes()).length).toBeGreaterThan(1);
  });

  test(`the ${role} reloads its page, and both are back`, async ({ host, guest }) => {
    await connect(host, guest);
    const reloads = role === 'host' ? host : guest;
    for (const page of [host, guest]) await page.expectEvent('standby', { step: 'ready' });
    await expectHealthy(reloads);
    await reloads.page.reload();
    await reloads.expectEvent('reconnect:success');
    await connected(host, guest);
  });
}

test('a connection is cut, and comes back', async ({ host, guest }) => {
  await connect(host, guest);
  for (const page of [host, guest]) await page.expectEvent('standby', { step: 'ready' });
  // By the client itself: what the page cuts is marked as done on purpose, which is a finding.
  await host.page.evaluate(() => window.harness.client.cut());
  await host.expectEvent('reconnect:success');
  await connected(host, guest);
});

test('a Registry on another origin, which allows the page’s', async ({ registry, host, guest }) => {
  const other = await Registry.start(['--allowed-origins', registry.url]);
  for (const page of [host, guest]) {
    await page.at('registry-url').fill(other.url);
    await page.at('registry-url').press('Enter');
  }
  await connect(host, guest);
  await connected(host, guest);
  for (const page of [host, guest]) await page.close();
  await other.stop();
});

test('a slow network', async ({ registry, host, guest }) => {
  for (const step of ['create', 'public', 'join', 'offer', 'answer', 'candidate', 'room'] as const) {
    registry.fault(step, late(1000));
  }
  await meet(host, guest);
  await host.startAsHost();
  await guest.startAsGuest();
  await connected(host, guest);
});

test('a STUN server', async ({ registry, host, guest, coturn }) => {
  for (const page of [host, guest]) await page.open(`${registry.url}/?stun=stun:${coturn.place}`);
  await connect(host, guest);
  await host.expectEvent('ice:gathering:state', { state: 'complete' });
  await connected(host, guest);
});

test('a TURN server', async ({ host, guest, coturn }) => {
  for (const page of [host, guest]) {
    await page.page.getByText('TURN relay').click();
    await page.at('turn-url').fill(`turn:${coturn.place}`);
    await page.at('turn-username').fill(coturn.username);
    await page.at('turn-credential').fill(coturn.credential);
  }
  await connect(host, guest);
  await host.expectEvent('ice:gathering:state', { state: 'complete' });
  await host.expectEvent('ice:server:answered');
  await connected(host, guest);
});

test('two peers in one tab', async ({ registry, host }) => {
  await host.page.goto(`${registry.url}/?peers=2&auto=1&stun=`);
  for (const role of ['host', 'guest']) {
    await expect(host.page.getByTestId(`peer-${role}`).getByTestId('state-text')).toHaveText('connected');
  }
});

test('without a click', async ({ registry, host, guest }) => {
  await host.page.goto(`${registry.url}/?auto=1&role=host&stun=`);
  const { roomCode, joinCode } = await host.readInvitation();
  await guest.page.goto(`${registry.url}/?auto=1&role=guest&stun=#room=${roomCode}&join=${joinCode}`);
  await connected(host, guest);
});

test('a thousand messages', async ({ host, guest }) => {
  await connect(host, guest);
  await host.page.evaluate(() => {
    for (let n = 0; n < 1000; n += 1) window.harness.client.sendMessage(n);
  });
  await expect(guest.messagesFrom('peer').last()).toContainText('999');
});

test('a room after another', async ({ host, guest }) => {
  for (let round = 0; round < 2; round += 1) {
    await connect(host, guest);
    await host.close();
    await guest.expectState('disconnected');
    await guest.close();
  }
});

test('a clock that is set an hour forward meanwhile', async ({ host, guest }) => {
  await connect(host, guest);
  await host.page.evaluate(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + 3_600_000;
  });
  await host.expectEvent('page', { step: 'slept' });
  await connected(host, guest);
});

test.describe('a base Registry', () => {
  test.use({ registryFlags: ['--base'] });

  for (const first of ['host', 'guest'] as const) {
    test(`the ${first} starts first`, async ({ host, guest }) => {
      await meet(host, guest);
      if (first === 'host') await host.startAsHost();
      await guest.startAsGuest();
      await guest.expectState('connecting');
      if (first === 'guest') await host.startAsHost();
      await connected(host, guest);
    });
  }
});
