/** A device with a wrong clock: expiry follows the Registry's clock, and the page claims no more than is known. */
import { expect, test } from '../fixtures.ts';
import { connect, expectChat, FAILED_REQUEST, meet, type HarnessPage } from '../pages/harness-page.ts';
import { Registry } from '../support/registry.ts';

/** Sets the device's clock ahead by this many minutes, from the next page load on. */
async function setAhead({ page }: HarnessPage, minutes: number): Promise<void> {
  await page.addInitScript((ms) => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + ms;
  }, minutes * 60_000);
}

/** Sets the clock ahead and reloads the page. */
async function openAhead(page: HarnessPage, minutes: number): Promise<void> {
  await setAhead(page, minutes);
  await page.page.reload();
  await page.expectState('idle');
}

for (const minutes of [10, -10]) {
  const device = minutes > 0 ? 'ten minutes ahead' : 'ten minutes behind';

  test(`${device}: expiry follows the Registry’s clock, and a reload resumes`, async ({ host, guest }) => {
    for (const page of [host, guest]) await openAhead(page, minutes);
    await meet(host, guest);
    await expect(host.at('expires-in')).toHaveText(/in (3:00|2:5\d)/);
    await expect(guest.at('expires-in')).toHaveText(/in (5:00|4:5\d)/);
    await host.startAsHost();
    await guest.startAsGuest();
    await host.expectConnected();
    await guest.expectConnected();
    await expect(host.at('room-expiry')).toHaveText(/in (10:00|9:5\d)/);
    // A guest that connects before it has seen its answer in the room does not know the expiry.
    await expect(guest.at('room-expiry')).toHaveText(/^(in (10:00|9:5\d)|–)$/);
    for (const page of [host, guest]) await page.expectEvent('standby', { step: 'ready' });
    for (const page of [host, guest]) {
      await page.page.reload();
      await page.expectEvent('reconnect:success');
      await page.expectConnected();
    }
    await expectChat(host, guest);
  });

  test(`${device}, with a Registry on another origin, whose Date header is not readable`, async ({ registry, host }) => {
    const other = await Registry.start(['--allowed-origins', registry.url]);
    await openAhead(host, minutes);
    await host.at('registry-url').fill(other.url);
    await host.at('registry-url').press('Enter');
    await host.createRoom();
    await expect(host.at('expires-in')).toHaveText(/in (3:00|2:5\d)/);
    await host.close();
    // Whatever was on its way has its response.
    await expect.poll(() => other.openRooms).toBe(0);
    await expect.poll(() => other.count('prepare', 200)).toBe(1);
    await other.stop();
  });
}

test('times of day are the device’s', async ({ host }) => {
  await openAhead(host, 90);
  await host.createRoom();
  const shown = await host.at('expires-at').innerText();
  const expected = await host.page.evaluate(() =>
    [175, 180, 185].map((seconds) => new Date(Date.now() + seconds * 1000).toTimeString().slice(0, 8)),
  );
  expect(shown > expected[0]! && shown < expected[2]!, `${shown}, not ${expected[1]}`).toBe(true);
});

test('a room has expired only when the Registry says so', async ({ registry, host }) => {
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

test.describe('at a base Registry', () => {
  test.use({ registryFlags: ['--base'] });

  test('a guest does not know the room’s expiry once it has answered', async ({ host, guest }) => {
    await connect(host, guest);
    await expect(host.at('room-expiry')).toHaveText(/in (10:00|9:5\d)/);
    await expect(guest.at('room-expiry')).toHaveText('–');
    await expect(guest.at('expires-in')).toHaveText('unknown');
  });
});
