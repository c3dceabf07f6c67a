/** How a connection copes with network failures. Run by `cargo xtask test --only e2e-networks`; `--long` runs all. */
import { defineConfig } from '@playwright/test';

import tests from './playwright.config.ts';

export default defineConfig(tests, {
  testDir: 'networks',
  outputDir: '../target/networks/playwright',
  globalSetup: undefined,
  globalTeardown: './networks/table.ts',
  // One network at a time, so that measurements do not affect each other.
  workers: 1,
  fullyParallel: false,
  timeout: 240_000,
});
