/** A page that is reloaded before there is a connection to resume, or closed. */
import { expect, test } from '../fixtures.ts';
import { FAILED_REQUEST, HarnessPage, meet } from '../pages/harness-page.ts';

test('the host reloads before anybody has joined: its room is closed', async ({ registry, host, guest }) => {
  guest.expectComplaint(FAILED_REQUEST);
  const invitation = await host.createRoom();
  await host.page.reload();
  await host.expectState('idle');
  await expect.poll(() => registry.count('close', 204)).toBe(1);
  await guest.submitGuest(invitation);
  await guest.expectError(/no such room/i);
});

test('the host reloads while the guest waits: the guest is informed', async ({ registry, host, guest }) => {
  guest.expectComplaint(FAILED_REQUEST);
  await meet(host, guest);
  await guest.startAsGuest();
  await expect.poll(() => registry.count('room')).toBeGreaterThan(0);
  await host.page.reload();
  await guest.expectState('error');
  await guest.expectError(/room is gone|host closed/i);
});

test('the host’s window is closed when connected: the guest sees that it left', async ({ registry, guest, hostBrowser }) => {
  const context = await hostBrowser.newContext();
  const page = await context.newPage();
  await new HarnessPage(page).open(registry.url);
  const invitation = await page.evaluate(async () => {
    const { client } = window.harness;
    const roomCode = await client.createRoom('HostUser');
    return { roomCode, joinCode: client.getRoomInfo()?.joinCode ?? '' };
  });
  await guest.joinRoom(invitation);
  await guest.startAsGuest();
  await page.evaluate(() => window.harness.client.startConnection());
  await guest.expectConnected();
  await page.close({ runBeforeUnload: true });
  // A page that is closed cannot be distinguished from one that is reloaded.
  await guest.expectEvent('state:changed', { newState: 'disconnected', reason: 'the other page was closed or is reloading' });
  await expect(guest.at('reconnect')).toBeVisible();
  await context.close();
});
