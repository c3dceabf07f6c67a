/** What the page shows while a connection is being established: the state diagram, the room, the path. */
import { expect, test } from '../fixtures.ts';
import { connect, expectChat, type HarnessPage } from '../pages/harness-page.ts';

const expectPresent = (page: HarnessPage, state: string) =>
  expect(page.at('state-map').locator('[aria-current="step"]')).toHaveText(new RegExp(`^${state}`));

test('the current state is highlighted, and the path to it is marked', async ({ host, guest }) => {
  await expectPresent(host, 'idle');
  await host.createRoom();
  await expectPresent(host, 'created');
  await host.close();
  await connect(host, guest);
  await expectPresent(host, 'connected');
  await expectPresent(guest, 'connected');
  for (const state of ['creating', 'created', 'connecting']) {
    await expect(host.at(`state-map-${state}`)).toHaveAttribute('data-visited', 'true');
  }
  await expect(host.at('state-map-joining')).toHaveAttribute('data-visited', 'false');
  await guest.close();
  await expectPresent(host, 'disconnected');
  await expect(host.page).toHaveTitle(/disconnected/);
});

test('connection details are shown on both sides', async ({ host, guest }) => {
  await connect(host, guest);
  await expectChat(host, guest);
  for (const page of [host, guest]) {
    await expect(page.at('path-kind')).toHaveText('direct');
    await expect(page.at('selected-local')).toContainText(/(host|prflx) udp .*:\d+/);
    await expect(page.at('signaling-state')).toHaveText('stable');
    await expect(page.at('connection-state')).toHaveText('connected');
    await expect(page.at('data-channel-state')).toHaveText('open');
    await expect(page.at('offer-state')).toContainText(/posted|applied|received/);
    await expect(page.at('answer-state')).toContainText(/posted|applied/);
    await expect(page.at('room-polling')).toContainText('stopped');
    await expect(page.at('messages-sent')).toContainText(/^1,/);
    await expect(page.at('messages-received')).toContainText(/^1,/);
    await expect(page.at('request-errors')).toHaveText('–');
  }
});

test('while waiting, the page says for whom', async ({ host, guest }) => {
  const invitation = await host.createRoom();
  await host.startAsHost();
  await expect(host.at('progress')).toContainText(/waiting for a guest/i);
  await expect(host.at('room-polling')).toContainText('long poll');
  await guest.joinRoom(invitation);
  await expect(host.at('progress')).toContainText(/guest is in the room/i);
  await expect(host.at('room-status')).toHaveText('joined');
});

test('a guest that starts first sees that it is waiting for the host', async ({ host, guest }) => {
  await guest.joinRoom(await host.createRoom());
  await guest.startAsGuest();
  await expect(guest.at('progress')).toContainText(/waiting for the host/i);
});

test('the time until the room expires is counted down', async ({ registry, blank }) => {
  const host = blank;
  await host.installClock();
  await host.open(registry.url);
  await host.createRoom();
  await expect(host.at('expires-in')).toHaveText(/in (3:00|2:5\d)/);
  await host.page.clock.runFor(120_000);
  await expect(host.at('expires-in')).toHaveText(/in (1:00|0:5\d)/);
});

test.describe('at a base Registry', () => {
  test.use({ registryFlags: ['--base'] });

  test('both polls are shown, and stop', async ({ host, guest }) => {
    const invitation = await host.createRoom();
    await host.startAsHost();
    await expect(host.at('room-polling')).toContainText(/every/);
    await guest.joinRoom(invitation);
    await guest.startAsGuest();
    for (const page of [host, guest]) {
      await page.expectConnected();
      await expect(page.at('room-polling')).toContainText('stopped');
      await expect(page.at('candidate-polling')).toContainText('stopped');
    }
  });
});
