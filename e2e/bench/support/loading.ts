/** How long a page takes to load. */
import type { BrowserContext, Page } from '@playwright/test';

declare global {
  interface Window {
    interactive: Promise<number>;
  }
}

export interface Loading {
  /** From the start of the navigation until somebody can use the page, in milliseconds. */
  interactive: number;
  /** Bytes that were transferred, with headers. */
  transferred: number;
}

/**
 * Runs in the page before its own scripts: looks in each frame whether the control can be clicked and the client
 * answers. An empty page, which has no control, is ready at its first frame.
 */
function watch(selector: string): void {
  const ready = (): boolean => {
    if (!selector) return document.readyState !== 'loading';
    const control = document.querySelector<HTMLInputElement>(selector);
    if (!control || control.disabled) return false;
    const { x, y, width, height } = control.getBoundingClientRect();
    const hit = document.elementFromPoint(x + width / 2, y + height / 2);
    const clickable = !!hit && (control.contains(hit) || hit.contains(control));
    return clickable && window.harness?.client.getConnectionState() === 'idle';
  };
  window.interactive = new Promise((resolve) => {
    const look = () => (ready() ? resolve(performance.now()) : requestAnimationFrame(look));
    requestAnimationFrame(look);
  });
}

/** Loads an address in a new page until the element is ready, or just the page without a selector, and closes it. */
export async function loading(context: BrowserContext, address: string, selector = ''): Promise<Loading> {
  const page = await context.newPage();
  await page.addInitScript(watch, selector);
  await page.goto(address);
  const interactive = await page.evaluate(() => window.interactive);
  const transferred = await transfer(page);
  await page.close();
  return { interactive, transferred };
}

const transfer = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
    return all.reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).transferSize, 0);
  });
