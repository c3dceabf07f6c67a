/** The rows of the sequence diagram. Only those in view are drawn. */
import type { Locator } from '@playwright/test';

/** A row of the diagram as it is marked. */
export interface Row {
  from: string;
  to: string;
  kind: string;
  inferred: boolean;
}

/** All rows of a list, also those that are out of view: scrolls from the first to the last. */
export function rowsOf(list: Locator): Promise<Row[]> {
  return list.evaluate(async (list) => {
    const found = new Map<string, Row>();
    list.scrollTop = 0;
    for (;;) {
      // One frame for the event of scrolling, one for what is drawn because of it.
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      for (const row of list.querySelectorAll<HTMLElement>('[data-testid="diagram-row"]')) {
        const { from = '', to = '', kind = '', inferred } = row.dataset;
        found.set(row.id, { from, to, kind, inferred: inferred === 'true' });
      }
      if (list.scrollTop + list.clientHeight >= list.scrollHeight - 1) break;
      list.scrollTop += list.clientHeight / 2;
    }
    return [...found].sort(([a], [b]) => Number(a.split('-').at(-1)) - Number(b.split('-').at(-1))).map(([, row]) => row);
  });
}
