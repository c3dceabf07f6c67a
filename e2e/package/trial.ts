/** Trials of the package with the bundlers that people have, each by its command line and as it is without configuration. */
import type { ChildProcess } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { ask, start } from '../support/programs.ts';
import { html, type Application } from './application.ts';
import { FileServer } from './files.ts';
import type { Site } from './sites.ts';

const TOOLS = join(import.meta.dirname, 'tools');
const WASM = 'webrtc-registry-client.wasm';

/** A folder beside the tools, which are found from there. */
export class Trial {
  readonly folder = mkdtempSync(join(TOOLS, 'trial-'));

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Runs a tool, given the path of its script, to completion. Returns what it printed. */
  run(script: string, ...args: string[]): string {
    return this.runWith([], script, ...args);
  }

  /** The same with flags for Node. */
  runWith(flags: readonly string[], script: string, ...args: string[]): string {
    return this.node(...flags, join(TOOLS, 'node_modules', script), ...args);
  }

  /** Runs Node to completion. Returns what it printed. */
  node(...args: string[]): string {
    const { stdout, stderr, status } = ask('node', args, this.folder);
    if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stdout}${stderr}`);
    return stdout + stderr;
  }

  /** Starts a tool that serves the application, until it says where. */
  serve(script: string, ...args: string[]): Promise<Site> {
    return this.serveBy(script, this.folder, ...args);
  }

  /** The same for a tool that wants its arguments in another order. */
  async serveBy(script: string, ...args: string[]): Promise<Site> {
    const child = start('node', [join(TOOLS, 'node_modules', script), ...args], ['ignore', 'pipe', 'inherit']);
    return { url: await address(child), stop: () => void child.kill() };
  }

  serveFolder(name: string): Promise<Site> {
    return FileServer.start(join(this.folder, name));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function address(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    // Without what colours it.
    const url = /http:\/\/localhost:\d+/.exec(line.replace(/\u001b\[\d*m/g, ''))?.[0];
    if (!url) continue;
    child.stdout!.resume();
    return url;
  }
  throw new Error('the tool ended before it served anything');
}

const vite = (name: string) => ({
  async build(trial: Trial): Promise<Site> {
    trial.run(`${name}/bin/vite.js`, 'build', '--outDir', 'out', '--logLevel', 'warn');
    return trial.serveFolder('out');
  },
  async serve(trial: Trial): Promise<Site> {
    // As the package's README says.
    trial.write('vite.config.js', 'module.exports = { optimizeDeps: { exclude: ["webrtc-registry-client"] } };\n');
    return served(name)(trial);
  },
});

/** The development server of a version of Vite. */
export const served = (name: string) => (trial: Trial) =>
  trial.serve(`${name}/bin/vite.js`, '--port', '0', '--host', 'localhost', '--clearScreen', 'false');

/** The page of a script that was bundled alone. */
const page = (trial: Trial) => trial.write('out/index.html', html('', 'main.js'));

async function rollup(trial: Trial): Promise<Site> {
  trial.run('rollup/dist/bin/rollup', 'main.js', '--dir', 'out', '--plugin', 'node-resolve', '--failAfterWarnings');
  page(trial);
  return trial.serveFolder('out');
}

export const bundlers: Record<string, (trial: Trial) => Promise<Site>> = {
  'Vite 5': vite('vite5').build,
  'Vite 5, served': vite('vite5').serve,
  'Vite 8': vite('vite').build,
  'Vite 6': vite('vite6').build,
  'Vite 6, served': vite('vite6').serve,
  async 'webpack 5'(trial) {
    trial.run('webpack-cli/bin/cli.js', '--mode', 'production', '--entry', './main.js', '--output-path', 'out');
    page(trial);
    return trial.serveFolder('out');
  },
  async 'Rollup 4'(trial) {
    const site = await rollup(trial);
    // As the package's README says.
    copyFileSync(join(trial.folder, 'node_modules/webrtc-registry-client', WASM), join(trial.folder, 'out', WASM));
    return site;
  },
  async 'Parcel 2'(trial) {
    trial.run('parcel/lib/bin.js', 'build', 'index.html', '--dist-dir', 'out', '--no-cache', '--log-level', 'warn');
    return trial.serveFolder('out');
  },
};

/** A build of Next, served by itself. */
export function next(trial: Trial): Promise<Site> {
  process.env.NEXT_TELEMETRY_DISABLED = '1';
  // It looks for the root of an application by lock files, and finds that of this project.
  trial.write('next.config.mjs', 'export default { turbopack: { root: `${import.meta.dirname}/..` } };\n');
  const script = 'next/dist/bin/next';
  trial.run(script, 'build', trial.folder);
  return trial.serveBy(script, 'start', trial.folder, '--port', '0', '--hostname', 'localhost');
}

/** One of the project's examples. */
export function trialOfExample(application: Application, name: string): Trial {
  const trial = new Trial();
  application.writeExample(trial.folder, name);
  return trial;
}

/** Writes the example of an application, in a folder of its own. */
export function trialOf(application: Application, example: 'host' | 'guest'): Trial {
  const trial = new Trial();
  application.writeOne(trial.folder, example);
  return trial;
}
