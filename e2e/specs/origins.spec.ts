/** Page and Registry on different origins. */
import { expect, test } from '../fixtures.ts';
import { expectChat, FAILED_REQUEST, meet, type HarnessPage } from '../pages/harness-page.ts';
import { Registry } from '../support/registry.ts';

const useRegistry = async (page: HarnessPage, address: string): Promise<void> => {
  await page.at('registry-url').fill(address);
  await page.at('registry-url').press('Enter');
};

test('a Registry that allows the page’s origin works', async ({ registry, host, guest }) => {
  const other = await Registry.start(['--allowed-origins', registry.url]);
  await useRegistry(host, other.url);
  await useRegistry(guest, `${other.url}/`);
  await meet(host, guest);
  await host.startAsHost();
  await guest.startAsGuest();
  await host.expectConnected();
  await guest.expectConnected();
  await expectChat(host, guest);
  await host.close();
  await expect.poll(() => other.openRooms).toBe(0);
  expect(registry.seen, 'the page’s own Registry was not used').toEqual([]);
  await other.stop();
});

test('on the Registry’s own origin the first exchange is of the handshake', async ({ registry, host, guest }) => {
  await meet(host, guest);
  await guest.startAsGuest();
  await expect.poll(() => registry.count('room')).toBe(1);
  await host.startAsHost();
  for (const page of [host, guest]) await page.expectConnected();
  expect(registry.preflights).toEqual([]);
  expect(registry.count('prepare')).toBe(0);
});

test('a handshake needs only one preflight per browser', async ({ registry, host, guest }) => {
  const other = await Registry.start(['--allowed-origins', registry.url]);
  await useRegistry(host, other.url);
  await useRegistry(guest, other.url);
  await meet(host, guest);
  await host.startAsHost();
  await expect.poll(() => other.count('room')).toBeGreaterThanOrEqual(1);
  await guest.startAsGuest();
  await host.expectConnected();
  await guest.expectConnected();
  const preflights = other.preflights.filter((address) => address === '/exchange');
  expect(preflights.length, 'one for each of the two browsers').toBe(2);
  expect(other.preflights.filter((address) => address.includes('/candidate'))).toEqual([]);
  await host.close();
  await expect.poll(() => other.openRooms).toBe(0);
  await other.stop();
});

test('a Registry that does not allow the page’s origin: the page names the reason', async ({ registry, host }) => {
  host.expectComplaint(FAILED_REQUEST, /blocked by CORS policy/);
  const other = await Registry.start(['--allowed-origins', 'https://somebody.example']);
  await useRegistry(host, other.url);
  await host.submitHost();
  await host.expectState('error');
  await host.expectError(/allows this page.s origin/i);
  expect(other.count('create'), 'the preflight failed').toBe(0);
  // The remedy: another Registry.
  await useRegistry(host, registry.url);
  await host.createRoom();
  await other.stop();
});

test('a URL without a Registry: the page says what to check', async ({ registry, host }) => {
  host.expectComplaint(FAILED_REQUEST);
  await useRegistry(host, `${registry.url}/elsewhere`);
  await host.submitHost();
  await host.expectState('error');
  await host.expectError(/address|Registry URL/i);
});
