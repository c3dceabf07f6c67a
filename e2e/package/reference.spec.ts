/** `docs/JAVASCRIPT.md` has everything that the declarations have, and nothing else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from '@playwright/test';

const root = join(import.meta.dirname, '../..');
const declarations = (name: string) => readFileSync(join(root, 'crates/js/js', name), 'utf8');
const reference = readFileSync(join(root, 'docs/JAVASCRIPT.md'), 'utf8');

/** The part of a text from where one thing is said to where another is. */
function between(text: string, start: string, end: string): string {
  const from = text.indexOf(start);
  const to = text.indexOf(end, from + start.length);
  if (from < 0) throw new Error(`there is no ${start}`);
  return text.slice(from, to < 0 ? undefined : to);
}

/** The cells of the tables below a heading, row by row. */
function rows(heading: string): string[][] {
  const level = heading.split(' ')[0]!;
  const lines = between(`${reference}\n${level} `, `\n${heading}\n`, `\n${level} `).split('\n');
  const table = lines.filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
  return table.map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
}

/** The names in the cells of one column: each is code, perhaps with arguments. */
const names = (cells: string[]): string[] =>
  cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]!.replace(/\(.*/, '')));

const all = (text: string, pattern: RegExp): string[] => [...new Set([...text.matchAll(pattern)].map((match) => match[1]!))];

test('every method is described', () => {
  const members = between(declarations('client.d.ts'), 'export declare class WebRTCRegistryClient {', '\n}');
  const declared = all(members, /^ {2}(?:static )?(\w+|\[Symbol\.dispose\])(?:<.*>)?\(/gm).filter((name) => name !== 'constructor');
  expect(names(rows('## The client').map(([name]) => name!)).sort()).toEqual(declared.sort());
});

test('every method of a world is described', () => {
  const members = between(declarations('testing.d.ts'), 'export declare class World {', '\n}');
  const declared = all(members, /^ {2}(\w+)(?:<.*>)?\(/gm).filter((name) => name !== 'constructor');
  expect(names(rows('## Testing').map(([name]) => name!)).sort()).toEqual(declared.sort());
});

test('everything that is exported is described', () => {
  const declared = ['client.d.ts', 'parts.d.ts'].flatMap((name) =>
    all(declarations(name), /^export declare (?:const|function|class) (\w+)/gm),
  );
  expect(names(rows('## Loading').map(([name]) => name!)).sort()).toEqual(declared.sort());
});

test('every setting is described, with its default', () => {
  const settings = between(declarations('settings.d.ts'), 'export interface ClientSettings {', '\n}');
  const comments = settings.replace(/\n +\* ?(?!\/)/g, ' ');
  const declared = [...comments.matchAll(/: ([^:]*?)\.\s*\*\/\s*(\w+)\?:/g)].map(([, value, name]) => [
    `\`${name}\``,
    `\`${value!.replaceAll('"', '')}\``,
  ]);
  expect(declared.length).toBe(all(settings, /^ {2}(\w+)\?:/gm).length);
  const described = rows('## Settings').map(([name, value]) => [name, value]);
  expect(described.slice(1)).toEqual(declared);
});

test('every event is described', () => {
  const events = between(declarations('events.d.ts'), 'export interface ClientEventMap {', '\n}');
  const declared = all(events, /^ {2}"?([\w:*-]+)"?: \[/gm).filter((name) => name !== '*');
  expect(names(rows('## Events').map(([name]) => name!)).sort()).toEqual(declared.sort());
});

test('every error code is described', () => {
  const comment = between(declarations('client.d.ts'), "The Registry's error code, or one of the client's own", '*/');
  const declared = all(comment, /`([a-z_]+_[a-z_…]*|interrupted|closing|closed|disposed)`/g);
  const described = names(rows('## Errors').map(([, code]) => code ?? ''));
  expect([...new Set(described)].sort()).toEqual(declared.sort());
});
