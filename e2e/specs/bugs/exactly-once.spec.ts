/** Messages that arrived twice or not at all, and how they were reported. */
import { expect, test } from '../../fixtures.ts';
import { connect, expectChat, type HarnessPage } from '../../pages/harness-page.ts';
import type { Client } from '../../pages/window.ts';

/** A page with its own client. */
interface Patient {
  patient: Client;
}

/** Connects both, and waits until both have a fallback room. */
async function connectForLong(host: HarnessPage, guest: HarnessPage): Promise<void> {
  await connect(host, guest);
  await host.expectEvent('standby', { step: 'ready' });
  await guest.expectEvent('standby', { step: 'ready' });
}

test('twenty messages and an immediate reload: each arrives once', async ({ host, guest }) => {
  await connectForLong(host, guest);
  await host.page.evaluate(() => {
    const { client } = window.harness;
    for (let n = 1; n <= 20; n++) client.sendMessage({ text: `message ${n}` });
    location.reload();
  });
  await host.expectEvent('reconnect:success');
  await host.expectConnected();
  await host.say('the last');
  await expect(guest.messagesFrom('peer').last()).toContainText('the last');
  const texts = await guest.messagesFrom('peer').locator('.text').allInnerTexts();
  expect(texts).toEqual([...Array.from({ length: 20 }, (_, n) => `message ${n + 1}`), 'the last']);
  await expect(host.at('messages-waiting')).toHaveText('–');
});

for (const who of ['host', 'guest'] as const) {
  test(`the ${who} reloads right after connecting: the connection resumes`, async ({ host, guest }) => {
    await connect(host, guest);
    const reloads = who === 'host' ? host : guest;
    await reloads.expectEvent('standby', { step: 'ready' });
    await reloads.page.reload();
    await reloads.expectEvent('reconnect:success');
    await host.expectConnected();
    await guest.expectConnected();
    await expectChat(host, guest);
  });

  test(`the ${who} reloads without usable storage: it counts as leaving`, async ({ registry, host, guest }) => {
    const [reloads, stays] = who === 'host' ? [host, guest] : [guest, host];
    await connectForLong(host, guest);
    await reloads.page.evaluate(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('the quota has been exceeded', 'QuotaExceededError');
      };
    });
    await reloads.page.reload();
    await stays.expectState('disconnected');
    await stays.expectError(/peer has left/i);
    await reloads.expectState('idle');
    await stays.close();
    await expect.poll(() => registry.openRooms).toBe(0);
  });
}

test('a hundred messages of 64 KB, then closeRoom: all of them arrive', async ({
  registry,
  host,
  guest,
}) => {
  // A generous limit for busy machines; the default is meant for people who wait.
  const invitation = await host.page.evaluate(async (registryApiUrl) => {
    const client = new window.WebRTCRegistryClient({ registryApiUrl, iceServers: [], closeTimeout: 25_000 });
    Object.assign(window, { patient: client });
    const roomCode = await client.createRoom('HostUser');
    return { roomCode, joinCode: client.getRoomInfo()?.joinCode ?? '' };
  }, registry.url);
  await guest.joinRoom(invitation);
  await guest.startAsGuest();
  await host.page.evaluate(() => (window as unknown as Patient).patient.startConnection());
  await guest.expectConnected();
  await guest.page.evaluate(() => {
    const received: number[] = [];
    Object.assign(window, { received });
    window.harness.client.onMessage((message) => received.push((message as { n: number }).n));
  });
  const lost = await host.page.evaluate(async () => {
    const client = (window as unknown as Patient).patient;
    let lost = 0;
    client.on('message:undelivered', () => lost++);
    for (let n = 0; n < 100; n++) client.sendMessage({ n, text: 'x'.repeat(64 * 1024) });
    await client.closeRoom();
    return lost;
  });
  expect(lost).toBe(0);
  await guest.expectState('disconnected');
  const received = await guest.page.evaluate(() => (window as unknown as { received: number[] }).received);
  expect(received).toEqual(Array.from({ length: 100 }, (_, n) => n));
});

test.describe('at a base Registry, where there is no way back before there is a fallback room', () => {
  test.use({ registryFlags: ['--base'] });

  for (const who of ['host', 'guest'] as const) {
    test(`the ${who} reloads before it can resume: both are informed, and either can create a new room`, async ({
      registry,
      host,
      guest,
    }) => {
      const [reloads, stays] = who === 'host' ? [host, guest] : [guest, host];
      await host.page.evaluate(() => sessionStorage.clear());
      const invitation = await host.createRoom();
      await guest.joinRoom(invitation);
      const release = registry.hold('create');
      await host.startAsHost();
      await guest.startAsGuest();
      await host.expectConnected();
      await guest.expectConnected();
      await reloads.page.reload();
      await stays.expectState('disconnected');
      await stays.expectError(/peer has left/i);
      await reloads.expectState('idle');
      await reloads.expectError(/reloaded.*new room/i);
      release();
      for (const page of [reloads, stays]) {
        await page.at('error-remedy-btn').click();
        await page.readInvitation();
        await page.expectState('created');
      }
    });
  }
});
