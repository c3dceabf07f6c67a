/** Benchmarks, run by `cargo xtask bench`. */
import { defineConfig } from '@playwright/test';

import tests from './playwright.config.ts';

export default defineConfig(tests, {
  testDir: 'bench',
  outputDir: '../target/bench/playwright',
  workers: 1,
  timeout: 300_000,
  reporter: [['list']],
  use: { trace: 'off', screenshot: 'off' },
});
