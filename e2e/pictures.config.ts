/** The pictures of `docs/DEBUGGING.md`, taken by `cargo xtask pictures`. */
import { defineConfig } from '@playwright/test';

import tests from './playwright.config.ts';

export default defineConfig(tests, {
  testDir: 'pictures',
  outputDir: '../target/pictures/playwright',
  workers: 1,
  reporter: [['list']],
  use: { screenshot: 'off', viewport: { width: 1280, height: 860 }, colorScheme: 'light' },
});
