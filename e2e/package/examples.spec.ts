/** The project's examples work as they are. */
import type { Page } from '@playwright/test';

import { expect, listen, test } from './fixtures.ts';
import type { Site } from './sites.ts';
import { bundlers, next, served, trialOfExample, type Trial } from './trial.ts';

const BABEL = 'module.exports = { presets: [["@babel/preset-env", { targets: { node: "current" } }]] };\n';

for (const environment of ['node', 'jsdom']) {
  test(`tests: vitest, ${environment}`, ({ application }) => {
    const trial = trialOfExample(application, 'tests');
    try {
      const printed = trial.run('vitest/vitest.mjs', 'run', 'vitest.test.js', '--environment', environment);
      expect(printed).toMatch(/3 passed/);
    } finally {
      trial.remove();
    }
  });

  test(`tests: Jest, ${environment}`, ({ application }) => {
    const trial = trialOfExample(application, 'tests');
    try {
      // Jest with Babel takes scripts that are not declared to be modules.
      trial.write('package.json', '{ "name": "meeting" }\n');
      trial.write('babel.config.cjs', BABEL);
      expect(trial.run('jest/bin/jest.js', 'jest.test.js', '--env', environment)).toMatch(/2 passed/);
    } finally {
      trial.remove();
    }
  });
}

test('tests: Node’s own runner', ({ application }) => {
  const trial = trialOfExample(application, 'tests');
  try {
    expect(trial.node('--test', 'node.test.mjs')).toMatch(/pass 2\n/);
  } finally {
    trial.remove();
  }
});

/** The rooms that a page has created and closed at the Registry. */
function roomsOf(page: Page): { created: number; closed: number } {
  const rooms = { created: 0, closed: 0 };
  page.on('request', (request) => {
    if (request.method() !== 'POST') return;
    if (request.url().endsWith('/rooms')) rooms.created += 1;
    if (request.url().endsWith('/close')) rooms.closed += 1;
  });
  return rooms;
}

/** The text of an example that shows the codes. */
const codes = (page: Page) => page.getByText(/^Room [A-Z0-9]{8}, join code \d{6}$/);

const webExamples: [name: string, how: string, open: (trial: Trial) => Promise<Site>, talks: boolean][] = [
  ['page', 'as it is', (trial) => trial.serveFolder('.'), true],
  ['react', 'built', bundlers['Vite 8']!, true],
  ['react', 'served', served('vite'), true],
  ['vue', 'built', bundlers['Vite 8']!, true],
  ['vue', 'served', served('vite'), true],
  ['next', 'built', next, false],
];

for (const [name, how, open, talks] of webExamples) {
  test(`${name}, ${how}: two people meet`, async ({ application, browser, guestBrowser, registry }) => {
    const trial = trialOfExample(application, name);
    const site = await open(trial);
    const [host, guest] = [await browser.newPage(), await guestBrowser.newPage()];
    const [hostSays, guestSays] = [listen(host), listen(guest)];
    const rooms = roomsOf(host);
    try {
      await host.goto(`${site.url}/?registry=${registry}`);
      const [, room, join] = /Room (\S+), join code (\d+)/.exec(await codes(host).innerText())!;
      await guest.goto(`${site.url}/?registry=${registry}&room=${room}&join=${join}`);
      for (const page of [host, guest]) await expect(page.getByRole('status')).toHaveText('connected');
      if (talks) {
        await host.getByLabel('Message').fill('hello');
        await host.getByRole('button', { name: 'Send' }).click();
        await expect(guest.getByRole('listitem')).toHaveText('hello');
      }
      // Also where effects run twice.
      expect(rooms.created - rooms.closed).toBe(1);
      expect([...hostSays.complaints, ...guestSays.complaints]).toEqual([]);
    } finally {
      await Promise.all([host.close(), guest.close()]);
      await site.stop();
      trial.remove();
    }
  });
}
