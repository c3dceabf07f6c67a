/** The card with what is wrong: its words, its links into the timeline, and what it leaves out. */
import { expect, test } from '../fixtures.ts';
import { FAILED_REQUEST, type HarnessPage } from '../pages/harness-page.ts';
import { rateLimitedFor } from '../support/faults.ts';

const NOWHERE = { roomCode: 'AAAAAAAA', joinCode: '123456' };

test.beforeEach(({ host, guest }) => {
  for (const page of [host, guest]) page.expectComplaint(FAILED_REQUEST);
});

async function findsNothing(guest: HarnessPage): Promise<void> {
  await guest.submitGuest(NOWHERE);
  await expect(guest.at('finding')).toHaveAttribute('data-cause', 'room-unknown');
}

test('it says what is wrong, how that is known and what to do, and nothing when nothing is wrong', async ({ host, guest }) => {
  await expect(host.at('findings')).toBeHidden();
  await host.createRoom();
  await expect(host.at('findings')).toBeHidden();
  await findsNothing(guest);
  await expect(guest.at('finding-title')).toContainText('no room of this code');
  await expect(guest.at('finding-explanation')).toContainText('404');
  await expect(guest.at('finding-advice')).toContainText('Compare the room code');
  await expect(guest.at('error-box')).toBeVisible();
  // The error box says what happened, and the card why: no sentence stands there twice.
  const error = await guest.at('error-message').innerText();
  expect(await guest.at('findings').innerText()).not.toContain(error);
});

test('a link to the evidence shows the event, whatever hides it', async ({ guest }) => {
  await findsNothing(guest);
  await guest.at('filter-debug-log').fill('nothing has this name');
  await guest.at('collapse-debug-log').click();
  const link = guest.at('finding-evidence').last();
  const number = await link.innerText();
  await link.click();
  await expect(guest.at('debug-details')).toContainText(`${number} response`);
  await expect(guest.at('debug-details')).toContainText('"status": 404');
  await expect(guest.at('debug-log')).toBeFocused();
  await expect(guest.page.locator('[data-testid="debug-entry"][aria-selected="true"]')).toBeInViewport();
});

test('the worst stands first, and the others are folded away', async ({ guest }) => {
  await guest.page.addInitScript(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + 600_000;
  });
  await guest.page.reload();
  await guest.expectState('idle');
  await guest.submitGuest(NOWHERE);
  await expect(guest.at('more-findings')).toHaveText('1 more');
  await expect(guest.at('finding')).toHaveCount(1);
  await guest.at('more-findings').click();
  await expect(guest.at('finding')).toHaveCount(2);
  await expect(guest.at('finding').last()).toHaveAttribute('data-cause', 'clocks-differ');
  await expect(guest.at('finding-title').last()).toBeVisible();
  await expect(guest.at('finding-advice').last()).toBeHidden();
  await guest.at('finding-title').last().click();
  await expect(guest.at('finding-advice').last()).toBeVisible();
  await guest.at('more-findings').click();
  await expect(guest.at('finding')).toHaveCount(1);
});

test('what has passed is over, and is gone with the next room', async ({ registry, host }) => {
  registry.fault('create', rateLimitedFor(1), 2);
  await host.submitHost();
  await expect(host.at('finding')).toHaveAttribute('data-over', 'false');
  await host.expectState('created');
  await expect(host.at('finding')).toHaveAttribute('data-over', 'true');
  await expect(host.at('finding-advice')).toBeHidden();
  await host.close();
  await host.createRoom();
  await expect(host.at('findings')).toBeHidden();
});

test('of two peers in one tab, it says whose it is', async ({ registry, host }) => {
  await host.page.goto(`${registry.url}/?peers=2`);
  const guest = host.page.getByTestId('peer-guest');
  await guest.getByTestId('guest-username').fill('GuestUser');
  await guest.getByTestId('guest-room-code').fill(NOWHERE.roomCode);
  await guest.getByTestId('guest-join-code').fill(NOWHERE.joinCode);
  await guest.getByTestId('join-room-btn').click();
  await expect(host.at('finding')).toContainText('Guest');
  await host.at('finding-evidence').last().click();
  await expect(host.at('debug-details')).toContainText('"status": 404');
});
