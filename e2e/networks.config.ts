/** What happens to a connection when the network fails. Run by `cargo xtask test --only e2e-networks`, with `--long` all. */
import { defineConfig } from '@playwright/test';

import tests from './playwright.config.ts';

export default defineConfig(tests, {
  testDir: 'networks',
  outputDir: '../target/networks/playwright',
  globalSetup: undefined,
  globalTeardown: './networks/table.ts',
  // There is one network at a time, and what it measures shall be its own.
  workers: 1,
  fullyParallel: false,
  timeout: 240_000,
});
