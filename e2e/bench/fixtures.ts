/** Fixtures of the benchmarks: all signalling servers, and the browsers of host and guest. */
import type { Browser } from '@playwright/test';

import { expect, test as base } from '../fixtures.ts';
import { World } from './support/world.ts';

/** Those of host and guest. */
export type Browsers = readonly [Browser, Browser];

interface Fixtures {
  world: World;
  browsers: Browsers;
}

export const test = base.extend<Fixtures>({
  world: async ({}, use) => {
    const world = await World.start();
    await use(world);
    await world.stop();
  },
  browsers: ({ hostBrowser, guestBrowser }, use) => use([hostBrowser, guestBrowser]),
});

export { expect };
