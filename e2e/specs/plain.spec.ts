/** A peer that implements only the specification works with our client, and sees none of its extensions. */
import { expect, test as base } from '../fixtures.ts';
import type { HarnessPage } from '../pages/harness-page.ts';
import { PlainPeer } from '../support/plain-peer.ts';

const test = base.extend<{ ours: HarnessPage; plain: PlainPeer }>({
  ours: ({ host }, use) => use(host),
  plain: async ({ guestBrowser, registry }, use) => {
    const page = await (await guestBrowser.newContext({ permissions: ['camera', 'microphone'] })).newPage();
    await use(await PlainPeer.open(page, registry.url));
    await page.context().close();
  },
});

/** Our client's events about the peer's kind, and whether it attempted anything beyond the specification. */
const peerEvents = ({ page }: HarnessPage) =>
  page.evaluate(() => {
    const names = window.harness.client.getTrace().map((event) => (event as { name: string }).name);
    return ['peer:plain', 'peer:durable', 'standby', 'message:delivered'].filter((name) => names.includes(name));
  });

/** Exchanges messages until our client has determined the peer's kind. */
async function talk(ours: HarnessPage, plain: PlainPeer): Promise<void> {
  await ours.say('one');
  await plain.send({ text: 'two' });
  await expect(ours.messagesFrom('peer')).toContainText('two');
  await expect.poll(() => peerEvents(ours)).toEqual(['peer:plain']);
  await ours.say('three');
  await plain.send({ any: ['value', 4] });
  await expect(ours.messagesFrom('peer').last()).toContainText('value');
  await expect.poll(() => ours.page.evaluate(() => window.harness.client.getBuffer())).toEqual({
    waiting: 0,
    unacknowledged: 0,
    bytes: 0,
  });
}

const heard = [{ message: { text: 'one' } }, { message: { text: 'three' } }];

test('a plain guest sees one channel and the messages, and nothing else', async ({ ours, plain }) => {
  await plain.join(await ours.createRoom());
  await ours.startAsHost();
  await plain.connect();
  await ours.expectConnected();
  await talk(ours, plain);
  const begin = [{ event: 'datachannel' }, { event: 'open registry' }];
  await expect.poll(() => plain.notes()).toEqual([...begin, ...heard]);
  await ours.close();
  await expect.poll(() => plain.notes()).toEqual([...begin, ...heard, { event: 'close' }]);
  expect(await peerEvents(ours)).toEqual(['peer:plain']);
});

test('a plain host sees its own channel and the messages, and nothing else', async ({ ours, plain }) => {
  await ours.joinRoom(await plain.create());
  await ours.startAsGuest();
  await plain.connect();
  await ours.expectConnected();
  await talk(ours, plain);
  const begin = [{ event: 'open registry' }];
  await expect.poll(() => plain.notes()).toEqual([...begin, ...heard]);
  await ours.close();
  await expect.poll(() => plain.notes()).toEqual([...begin, ...heard, { event: 'close' }]);
});

test('when it leaves, our client reports it and does not reconnect', async ({ ours, plain }) => {
  await plain.join(await ours.createRoom());
  await ours.startAsHost();
  await plain.connect();
  await ours.expectConnected();
  await talk(ours, plain);
  await plain.close();
  await ours.expectState('disconnected');
  const tried = await ours.page.evaluate(() =>
    window.harness.client.getTrace().filter((event) => (event as { name: string }).name.startsWith('reconnect')),
  );
  expect(tried).toEqual([]);
});
