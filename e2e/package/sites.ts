/** The ways to deliver an application: built by Vite or esbuild, served by Vite, or unbundled. */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as esbuild from 'esbuild';
import * as vite from 'vite';

import { html, type Application } from './application.ts';
import { FileServer } from './files.ts';

const PAGES = ['host', 'guest', 'injected'];
const WASM = 'webrtc-registry-client.wasm';

/** A place where the application is served. */
export interface Site {
  readonly url: string;
  stop(): void | Promise<void>;
}

export const sites = {
  async plain(application: Application): Promise<Site> {
    const folder = application.at('plain');
    application.writePlain(folder);
    return FileServer.start(folder);
  },

  async vite(application: Application): Promise<Site> {
    const outDir = application.at('dist-vite');
    const input = PAGES.map((page) => application.at(`${page}.html`));
    await vite.build({ root: application.folder, configFile: false, logLevel: 'warn', build: { outDir, rolldownOptions: { input } } });
    return FileServer.start(outDir);
  },

  async 'vite dev'(application: Application): Promise<Site> {
    const server = await vite.createServer({
      root: application.folder,
      configFile: false,
      logLevel: 'warn',
      server: { port: 0, host: 'localhost' },
    });
    await server.listen();
    return { url: server.resolvedUrls!.local[0]!.replace(/\/$/, ''), stop: () => server.close() };
  },

  async esbuild(application: Application): Promise<Site> {
    const outdir = application.at('dist-esbuild');
    const entryPoints = PAGES.map((page) => application.at(`${page}.ts`));
    await esbuild.build({ entryPoints, outdir, bundle: true, minify: true, format: 'esm', logLevel: 'warning' });
    for (const page of PAGES) writeFileSync(join(outdir, `${page}.html`), html('', `${page}.js`));
    // As described in the README.
    copyFileSync(join(application.package, WASM), join(outdir, WASM));
    return FileServer.start(outdir);
  },
};

export type SiteName = keyof typeof sites;
