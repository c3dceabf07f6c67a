/** Firefox with Chromium, as host and as guest, and with itself. Run by `cargo xtask test --only e2e-firefox`. */
import { defineConfig } from '@playwright/test';

import base from './playwright.config.ts';
import type { Kind } from './support/browsers.ts';

/** The browser options in `base` are for Chromium. */
const { launchOptions: _, permissions: __, ...use } = base.use ?? {};

const pair = (hostKind: Kind, guestKind: Kind) => ({ name: `${hostKind} and ${guestKind}`, use: { hostKind, guestKind } });

export default defineConfig<object, { hostKind: Kind; guestKind: Kind }>({
  ...base,
  testDir: 'firefox',
  globalSetup: undefined,
  workers: 1,
  // To take a screenshot, Playwright injects a style into the page, which the page's policy blocks with a console
  // message.
  use: { ...use, screenshot: 'off' },
  projects: [pair('chromium', 'firefox'), pair('firefox', 'chromium'), pair('firefox', 'firefox')],
});
