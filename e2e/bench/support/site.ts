/** The folder that is served: the page of the harness, and in `bench` that of the peers. */
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as esbuild from 'esbuild';

import { packageDir, pageDir } from '../../support/environment.ts';

const WASM = 'webrtc-registry-client.wasm';
const HTML = `<!doctype html><title>Peers</title><link rel="icon" href="data:,">
<meta http-equiv="Content-Security-Policy" content="script-src 'self' 'wasm-unsafe-eval'">
<script type="module" src="main.js"></script>
`;

/** The path of the page with nothing but a peer. */
export const PEERS = '/bench/index.html';
/** The path of an empty page. */
export const EMPTY = '/bench/empty.html';
/** The path of the script that adds a peer to a page. */
export const SCRIPT = '/bench/main.js';
/** The path of the harness, without STUN servers, which the others do not have either. */
export const HARNESS = '/?stun=';

/** Makes the folder. The result is its path. */
export async function site(): Promise<string> {
  const folder = new URL('../../../target/bench/site', import.meta.url).pathname;
  rmSync(folder, { recursive: true, force: true });
  cpSync(pageDir(), folder, { recursive: true });
  await esbuild.build({
    entryPoints: [join(import.meta.dirname, '../peers/main.ts')],
    outdir: join(folder, 'bench'),
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'warning',
    alias: {
      'webrtc-registry-client': join(packageDir(), 'index.js'),
      // The build that needs no polyfills for Node's modules.
      'simple-peer': 'simple-peer/simplepeer.min.js',
    },
  });
  cpSync(join(packageDir(), WASM), join(folder, 'bench', WASM));
  writeFileSync(join(folder, PEERS), HTML);
  writeFileSync(join(folder, EMPTY), '<!doctype html><title>Empty</title><link rel="icon" href="data:,">\n');
  return folder;
}
