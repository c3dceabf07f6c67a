/** A device whose clock is wrong: the room lives as long as the Registry says, and the page says no more than is known. */
import { expect, test } from '../fixtures.ts';
import { connect, expectChat, FAILED_REQUEST, meet, type HarnessPage } from '../pages/harness-page.ts';
import { Registry } from '../support/registry.ts';

/** The device is so many minutes ahead, in every life of the page from its next one on. */
async function setAhead({ page }: HarnessPage, minutes: number): Promise<void> {
  await page.addInitScript((ms) => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + ms;
  }, minutes * 60_000);
}

/** The same, for a page that is open. */
async function openAhead(page: HarnessPage, minutes: number): Promise<void> {
  await setAhead(page, minutes);
  await page.page.reload();
  await page.expectState('idle');
}

for (const minutes of [10, -10]) {
  const device = minutes > 0 ? 'ten minutes ahead' : 'ten minutes behind';

  test(`${device}: the room’s life is the Registry’s, and a reload goes on`, async ({ host, guest }) => {
    for (const page of [host, guest]) await openAhead(page, minutes);
    await meet(host, guest);
    await expect(host.at('expires-in')).toHaveText(/in (3:00|2:5\d)/);
    await expect(guest.at('expires-in')).toHaveText(/in (5:00|4:5\d)/);
    await host.startAsHost();
    await guest.startAsGuest();
    await host.expectConnected();
    await guest.expectConnected();
    await expect(host.at('room-expiry')).toHaveText(/in (10:00|9:5\d)/);
    // A guest that is connected before it has seen its answer in the room does not know.
    await expect(guest.at('room-expiry')).toHaveText(/^(in (10:00|9:5\d)|–)$/);
    for (const page of [host, guest]) await page.expectEvent('standby', { step: 'ready' });
    for (const page of [host, guest]) {
      await page.page.reload();
      await page.expectEvent('reconnect:success');
      await page.expectConnected();
    }
    await expectChat(host, guest);
  });

  test(`${device}, and a Registry on another origin, which cannot show what time it is`, async ({ registry, host }) => {
    const other = await Registry.start(['--allowed-origins', registry.url]);
    await openAhead(host, minutes);
    await host.at('registry-url').fill(other.url);
    await host.at('registry-url').press('Enter');
    await host.createRoom();
    await expect(host.at('expires-in')).toHaveText(/in (3:00|2:5\d)/);
    await host.close();
    await other.stop();
  });
}

test('the time of day is that of the device', async ({ host }) => {
  await openAhead(host, 90);
  await host.createRoom();
  const shown = await host.at('expires-at').innerText();
  const expected = await host.page.evaluate(() =>
    [175, 180, 185].map((seconds) => new Date(Date.now() + seconds * 1000).toTimeString().slice(0, 8)),
  );
  expect(shown > expected[0]! && shown < expected[2]!, `${shown}, not ${expected[1]}`).toBe(true);
});

test('a room that is over is so when the Registry says it', async ({ registry, host }) => {
  host.expectComplaint(FAILED_REQUEST);
  await openAhead(host, 10);
  const { roomCode } = await host.createRoom();
  await host.startAsHost();
  await expect(host.at('room-expiry')).toHaveText(/in /);
  const token = await host.page.evaluate(() => window.harness.client.getRoomInfo()!.token);
  const headers = { 'X-Registry-Version': '1', 'X-Access-Token': token };
  await fetch(`${registry.url}/rooms/${roomCode}/close`, { method: 'POST', headers });
  await host.expectState('error');
  await expect(host.at('room-expiry')).toHaveText('gone');
});

test.describe('at a Registry of the base contract', () => {
  test.use({ registryFlags: ['--base'] });

  test('a guest does not know how long the room lives once it has answered', async ({ host, guest }) => {
    await connect(host, guest);
    await expect(host.at('room-expiry')).toHaveText(/in (10:00|9:5\d)/);
    await expect(guest.at('room-expiry')).toHaveText('–');
    await expect(guest.at('expires-in')).toHaveText('unknown');
  });
});
