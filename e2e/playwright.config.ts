/** Two browsers, a Registry, and everything that may go wrong between them. Run by `cargo xtask test --only e2e`. */
import { defineConfig } from '@playwright/test';

import { chromium } from './support/environment.ts';

export default defineConfig({
  testDir: 'specs',
  globalSetup: './support/worker.ts',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  // A test that fails now and then is a bug, in the product or in the test.
  retries: 0,
  workers: 2,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['html', { open: 'never', outputFolder: 'playwright-report' }]],
  use: {
    launchOptions: chromium,
    actionTimeout: 20_000,
    // Recording every page takes a third of the processor's time. `--trace on` does for a test that is looked into.
    trace: 'off',
    screenshot: 'only-on-failure',
    contextOptions: { reducedMotion: 'reduce' },
    // Chromium looks for a path over loopback only where a page may use a camera.
    permissions: ['camera', 'microphone'],
  },
});
