/**
 * An application in its own directory. It installs the packed package, and its code is taken from the package's README.
 */
import { cpSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { required } from '../support/environment.ts';
import { run } from '../support/programs.ts';

const sources = join(import.meta.dirname, 'app');
const EXAMPLES = join(import.meta.dirname, '../../examples');
const NAME = 'webrtc-registry-client';

export class Application {
  readonly folder = mkdtempSync(join(tmpdir(), 'package-'));

  constructor() {
    writeFileSync(join(this.folder, 'package.json'), '{ "name": "application", "private": true, "type": "module" }\n');
    const flags = ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    run('npm', [...flags, required('PACKAGE')], this.folder);
    cpSync(sources, this.folder, { recursive: true });
    const [host, guest] = this.#examples();
    this.#page('host', host!);
    this.#page('guest', guest!);
    this.#page('injected', readFileSync(join(sources, 'injected.ts'), 'utf8'));
  }

  /** The directory of the installed package. */
  get package(): string {
    return join(this.folder, 'node_modules', NAME);
  }

  /** Another directory of this application. */
  at(...path: string[]): string {
    return join(this.folder, ...path);
  }

  /** The same pages without a build step: plain JavaScript, with an import map for the package. */
  writePlain(folder: string): void {
    const map = JSON.stringify({ imports: { [NAME]: `./${NAME}/index.js` } });
    mkdirSync(folder, { recursive: true });
    cpSync(this.package, join(folder, NAME), { recursive: true });
    writeFileSync(join(folder, 'empty.html'), '<!doctype html><title>Empty</title>');
    for (const name of ['host', 'guest']) {
      writeFileSync(join(folder, `${name}.js`), readFileSync(this.at(`${name}.ts`)));
      writeFileSync(join(folder, `${name}.html`), html(`<script type="importmap">${map}</script>`, `${name}.js`));
    }
  }

  /** A small application in a folder of its own, whose page is one of the examples: a script for any tool, even an old one. */
  writeOne(folder: string, example: 'host' | 'guest'): void {
    const [, imports, code] = /^(import .*?\n)\n(.*)$/s.exec(readFileSync(this.at(`${example}.ts`), 'utf8'))!;
    writeFileSync(join(folder, 'main.js'), `${imports}\nasync function main() {\n${code}}\nvoid main();\n`);
    writeFileSync(join(folder, 'index.html'), html('', 'main.js'));
    writeFileSync(join(folder, 'package.json'), '{ "name": "trial", "private": true }\n');
    // Some tools would use that of these tests.
    writeFileSync(join(folder, 'tsconfig.json'), '{}\n');
    this.installInto(folder);
  }

  /** One of the project's examples, in a folder of its own. */
  writeExample(folder: string, name: string): void {
    cpSync(join(EXAMPLES, name), folder, { recursive: true });
    this.installInto(folder);
  }

  installInto(folder: string): void {
    cpSync(this.package, join(folder, 'node_modules', NAME), { recursive: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The host and guest examples from the README of the installed package. */
  #examples(): string[] {
    const readme = readFileSync(join(this.package, 'README.md'), 'utf8');
    const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1]!);
    if (examples.length !== 2) throw new Error(`the README has ${examples.length} examples in place of two`);
    return examples;
  }

  #page(name: string, code: string): void {
    writeFileSync(this.at(`${name}.ts`), parametrised(code));
    writeFileSync(this.at(`${name}.html`), html('', `${name}.ts`));
  }
}

/** An HTML page with one script. */
export const html = (head: string, script: string) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Application</title>${head}</head>` +
  `<body><script type="module" src="./${script}"></script></body></html>\n`;

/** An example with the values that a user would fill in taken from the page's URL. */
function parametrised(code: string): string {
  const from = (name: string) => `(new URLSearchParams(location.search).get("${name}") ?? "")`;
  return code
    .replace('"https://registry.example.com"', from('registry'))
    .replace('{ urls: "stun:stun.l.google.com:19302" }', '')
    .replace('location.hash.slice(1)', 'location.search');
}
