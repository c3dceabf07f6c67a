/** Browsers of either kind, started so that two of them on one machine meet over loopback. */
import type { Browser, BrowserContext, PlaywrightWorkerArgs } from '@playwright/test';

import { chromium, firefox } from './environment.ts';

export type Kind = 'chromium' | 'firefox';

export function launch(playwright: PlaywrightWorkerArgs['playwright'], kind: Kind): Promise<Browser> {
  return playwright[kind].launch(kind === 'firefox' ? firefox() : chromium);
}

/** Chromium looks for a path over loopback only where a page may use a camera; Firefox has been told by its preferences. */
export function newContext(browser: Browser): Promise<BrowserContext> {
  const isChromium = browser.browserType().name() === 'chromium';
  return browser.newContext({ permissions: isChromium ? ['camera', 'microphone'] : [] });
}
