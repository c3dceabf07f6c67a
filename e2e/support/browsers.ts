/** Starts browsers such that two of them on one machine can connect over loopback. */
import type { Browser, BrowserContext, BrowserContextOptions, PlaywrightWorkerArgs } from '@playwright/test';

import { chromium, firefox } from './environment.ts';

export type Kind = 'chromium' | 'firefox';

export function launch(playwright: PlaywrightWorkerArgs['playwright'], kind: Kind): Promise<Browser> {
  return playwright[kind].launch(kind === 'firefox' ? firefox() : chromium);
}

/** Chromium gathers loopback candidates only if the page may use a camera; Firefox is configured by preferences. */
export function newContext(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const isChromium = browser.browserType().name() === 'chromium';
  return browser.newContext({ permissions: isChromium ? ['camera', 'microphone'] : [], ...options });
}
