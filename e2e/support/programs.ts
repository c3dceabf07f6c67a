/**
 * All programs that the tests start, except the browsers, which Playwright starts. `xtask/src/programs.rs` documents
 * what each is for and how it is installed; `cargo xtask tidy` checks that no program is started elsewhere.
 */
import { execFileSync, spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';

import { registryServer, required } from './environment.ts';

const PROGRAMS = ['ip', 'nft', 'node', 'npm', 'nsenter', 'registry-server', 'sh', 'tsc', 'turnserver', 'unshare', 'xtask'] as const;

/** The name of a program. */
export type Program = (typeof PROGRAMS)[number];

/** Directories to search besides those in `PATH`. */
const PLACES: { readonly [name in Program]?: () => string } = {
  'registry-server': registryServer,
  tsc: () => join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), '../.bin/tsc'),
  xtask: () => required('WORKER'),
};

const place = (program: Program): string => PLACES[program]?.() ?? program;

/** Whether a program is installed. */
export function isInstalled(program: Program): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Starts a program in the background. */
export function start(program: Program, args: readonly string[], stdio: StdioOptions): ChildProcess {
  return spawn(place(program), args, { stdio });
}

/** Runs a program to completion; its stderr is part of the error if it fails. */
export function run(program: Program, args: readonly string[], cwd?: string): void {
  execFileSync(place(program), args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
}

/** The output and exit status of a program. */
export function ask(
  program: Program,
  args: readonly string[],
  cwd: string,
): { stdout: string; stderr: string; status: number | null } {
  return spawnSync(place(program), args, { cwd, encoding: 'utf8' });
}
