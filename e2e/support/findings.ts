/** What the page finds to be wrong, and how long that takes. */
import type { TestType } from '@playwright/test';

import { expect } from '../fixtures.ts';
import type { HarnessPage } from '../pages/harness-page.ts';
import type { Finding } from '../pages/window.ts';

/** For the address of a page: no STUN server, as that of the default settings may be out of reach, which is a finding itself. */
export const NO_STUN = '?stun=';

/** It is named within this time of the moment when it can be known. */
const LIMIT_S = 5;

declare global {
  interface Window {
    /** What stood first in the list, one after another. */
    firsts: string[];
  }
}

/** Notes what stands first in the page's findings, from its next load on. */
export async function watchFindings({ page }: HarnessPage): Promise<void> {
  await page.addInitScript(() => {
    window.firsts = [];
    setInterval(() => {
      const cause = window.harness?.findings()[0]?.cause;
      if (cause && window.firsts.at(-1) !== cause) window.firsts.push(cause);
    }, 500);
  });
}

/** All that is found now. */
export const findings = ({ page }: HarnessPage): Promise<Finding[]> => page.evaluate(() => window.harness.findings());

/** What has ever stood first since the page was loaded. */
export const everFound = ({ page }: HarnessPage): Promise<string[]> => page.evaluate(() => window.firsts);

interface Row {
  cause: string;
  how: string;
  seconds: number;
}

const rows: Row[] = [];

/** From when on something can be known: so many milliseconds after the last event of this name and with these details. */
export interface Known {
  name: string;
  details?: Record<string, unknown>;
  after?: number;
}

/** Expects that this stands first in the list, and on the page, within five seconds of the moment when it can be known. */
export async function expectFound(page: HarnessPage, cause: string, how: string, known: Known): Promise<void> {
  const found = await page.page.waitForFunction(
    ({ cause, name, details, after }) => {
      if (window.harness?.findings()[0]?.cause !== cause) return undefined;
      const seen = performance.now();
      const matches = (event: { name: string; details: Record<string, unknown> }) =>
        event.name === name && Object.entries(details).every(([key, value]) => event.details[key] === value);
      const event = window.harness.client.getTrace().findLast(matches);
      return event && { seconds: Math.max(0, seconds(seen, event.atMs + after)) };

      function seconds(now: number, then: number) {
        return (now - then) / 1000;
      }
    },
    { cause, name: known.name, details: known.details ?? {}, after: known.after ?? 0 },
    { polling: 100, timeout: 80_000 },
  );
  const { seconds } = (await found.jsonValue()) as { seconds: number };
  rows.push({ cause, how, seconds });
  expect(seconds, `${cause}: seconds until it was named`).toBeLessThan(LIMIT_S);
  const card = page.at('finding').first();
  await expect(card).toHaveAttribute('data-cause', cause);
  const [first] = (await findings(page)) as [Finding];
  expect(first.cause).toBe(cause);
  await expect(card.getByTestId('finding-title')).toHaveText(first.title);
  // A note is one line until it is opened.
  if (!first.over && first.severity !== 'note') await expect(card.getByTestId('finding-advice')).toBeInViewport();
  expect(first.advice.length).toBeGreaterThan(0);
  expect(first.evidence.length).toBeGreaterThan(0);
}

/** Prints how long it took to find each cause, when all tests of the file are done. */
export function printFindings(of: TestType<any, any>): void {
  of.afterAll(() => {
    if (rows.length === 0) return;
    const lines = rows.map(({ cause, how, seconds }) => `| ${cause} | ${how} | ${seconds.toFixed(1)} |`);
    console.log(['', '| cause | how it was made to happen | seconds to the finding |', '| --- | --- | ---: |', ...lines, ''].join('\n'));
  });
}
