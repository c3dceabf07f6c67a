/** Fixtures of the tests of the npm package: an application that has installed it, two browsers, and a Registry. */
import { expect, test as base, type Browser, type ConsoleMessage, type Page } from '@playwright/test';

import { Server } from '../support/server.ts';
import { Application } from './application.ts';

interface Fixtures {
  registry: string;
}
interface WorkerFixtures {
  application: Application;
  guestBrowser: Browser;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  application: [
    async ({}, use) => {
      const application = new Application();
      await use(application);
      application.remove();
    },
    { scope: 'worker' },
  ],
  guestBrowser: [
    async ({ playwright }, use) => {
      const browser = await playwright.chromium.launch();
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  registry: async ({}, use) => {
    const server = await Server.startNew(['--allowed-origins', '*']);
    await use(`http://localhost:${server.port}`);
    await server.stop();
  },
});

/** The console's messages so far, and its errors and warnings. */
export function listen(page: Page): { messages: string[]; complaints: string[] } {
  const heard = { messages: [] as string[], complaints: [] as string[] };
  page.on('console', (message: ConsoleMessage) => {
    heard.messages.push(message.text());
    if (['error', 'warning'].includes(message.type())) heard.complaints.push(message.text());
  });
  page.on('pageerror', (error) => heard.complaints.push(String(error)));
  return heard;
}

export { expect };
