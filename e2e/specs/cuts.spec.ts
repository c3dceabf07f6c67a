/** A connection that breaks repeatedly recovers each time, without losing anything that was accepted. */
import { expect, test } from '../fixtures.ts';
import { connect, expectChat, type HarnessPage } from '../pages/harness-page.ts';

interface Traced {
  name: string;
  details: any;
}

const trace = ({ page }: HarnessPage) => page.evaluate(() => window.harness.client.getTrace() as Traced[]);

/** How often the client has emitted this event. */
const count = async (side: HarnessPage, name: string) => (await trace(side)).filter((event) => event.name === name).length;

/** Waits until the connection can be recovered: a fallback room is ready. */
async function expectStandby(side: HarnessPage): Promise<void> {
  const rooms = async () => {
    const steps = (await trace(side)).filter(({ name }) => name === 'standby').map(({ details }) => details.step);
    return steps.lastIndexOf('ready') > steps.lastIndexOf('used');
  };
  await expect.poll(rooms).toBe(true);
}

/** Sends consecutive numbers from `first` on, without waiting. */
const send = ({ page }: HarnessPage, first: number, count: number) =>
  page.evaluate(
    ([first, count]) => {
      for (let i = first; i < first + count; i += 1) window.harness.client.sendMessage(i);
    },
    [first, count] as const,
  );

/** The numbers received so far. */
const numbers = async (side: HarnessPage) =>
  (await trace(side)).filter(({ name }) => name === 'message').map(({ details }) => details.data);

const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);

test('durable peers recognise each other, acknowledge messages, and keep a fallback room', async ({ host, guest }) => {
  await connect(host, guest);
  for (const side of [host, guest]) {
    await expect.poll(() => count(side, 'peer:durable')).toBe(1);
    await expectStandby(side);
  }
  await send(host, 0, 3);
  await expect.poll(() => count(host, 'message:delivered')).toBeGreaterThan(0);
  await expect.poll(() => host.page.evaluate(() => window.harness.client.getBuffer().unacknowledged)).toBe(0);
  expect(await numbers(guest)).toEqual(upTo(3));
});

for (const who of ['host', 'guest'] as const) {
  test(`the connection recovers from three cuts by the ${who}, and nothing is lost or duplicated`, async ({ host, guest }) => {
    await connect(host, guest);
    const sides = { host, guest };
    const rounds = 3;
    for (let round = 0; round < rounds; round += 1) {
      for (const side of [host, guest]) await expectStandby(side);
      for (const side of [host, guest]) await send(side, round * 20, 10);
      await sides[who].page.evaluate(() => window.harness.client.cut());
      for (const side of [host, guest]) await send(side, round * 20 + 10, 10);
      for (const side of [host, guest]) {
        await expect.poll(() => count(side, 'reconnect:success')).toBe(round + 1);
        await expect.poll(() => numbers(side)).toEqual(upTo((round + 1) * 20));
      }
    }
    await expectChat(host, guest);
  });
}
