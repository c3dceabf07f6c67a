/** The Worker, if the tests use it: one for all tests, since its rooms are independent. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { workerProgram } from './environment.ts';
import { listeningPort } from './listening.ts';
import { start } from './programs.ts';

/** The port of the Worker, if there is one. */
export const workerPort = () => (process.env.WORKER_PORT ? Number(process.env.WORKER_PORT) : undefined);

/** Starts the Worker before the first test; the returned function stops it after the last. */
export default async function setUp(): Promise<(() => Promise<void>) | undefined> {
  if (!workerProgram()) return undefined;
  const disk = await mkdtemp(join(tmpdir(), 'registry-worker-'));
  const variables = ['RATE_LIMITS:off'].flatMap((variable) => ['--var', variable]);
  const args = ['worker', 'dev', '--as-built', '--listen', '127.0.0.1:0', '--', '--persist-to', disk, ...variables];
  const child = start('xtask', args, ['ignore', 'pipe', 'inherit']);
  process.env.WORKER_PORT = String(await listeningPort(child));
  return async () => {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
    await rm(disk, { recursive: true, force: true });
  };
}
