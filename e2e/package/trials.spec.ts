/** The npm package in the tools that applications are built and tested with. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';

import { required } from '../support/environment.ts';
import { expect, listen, test } from './fixtures.ts';
import { bundlers, trialOf } from './trial.ts';
import { sites } from './sites.ts';

for (const [name, build] of Object.entries(bundlers)) {
  test(`the README’s example of a host connects: ${name}`, async ({ application, browser, guestBrowser, registry }) => {
    const trial = trialOf(application, 'host');
    const [host, guest] = [await browser.newPage(), await guestBrowser.newPage()];
    const [hostSays, guestSays] = [listen(host), listen(guest)];
    const [hostAt, guestAt] = [await build(trial), await sites.plain(application)];
    try {
      await host.goto(`${hostAt.url}/index.html?registry=${registry}`);
      await expect(host.locator('body')).toContainText(/Room [A-Z0-9]{8}, join code \d{6}/);
      const [, room, join] = /Room (\S+), join code (\d+)/.exec(await host.locator('body').innerText())!;
      await guest.goto(`${guestAt.url}/guest.html?registry=${registry}&room=${room}&join=${join}`);
      await expect.poll(() => hostSays.messages).toContain('State changed: connected');
      expect([...hostSays.complaints, ...guestSays.complaints]).toEqual([]);
    } finally {
      await Promise.all([host.close(), guest.close()]);
      await Promise.all([hostAt.stop(), guestAt.stop()]);
      trial.remove();
    }
  });
}

test('neither publint nor attw finds anything wrong with the package', ({ application }) => {
  const trial = trialOf(application, 'host');
  try {
    expect(trial.run('publint/src/cli.js', application.package, '--strict')).toContain('All good');
    // The module is no script, and `auto` waits while it is imported, which modules of the older kind cannot.
    const excluded = ['wasm', 'webrtc-registry-client.wasm'].flatMap((entry) => ['--exclude-entrypoints', entry]);
    const flags = ['--profile', 'node16', '--ignore-rules', 'cjs-resolves-to-esm', '--no-emoji', ...excluded];
    expect(trial.run('@arethetypeswrong/cli/dist/index.js', required('PACKAGE'), ...flags)).toContain('OK (ESM)');
  } finally {
    trial.remove();
  }
});

for (const version of ['4.9', '5.0']) {
  test(`TypeScript ${version} understands the types`, ({ application }) => {
    const trial = trialOf(application, 'host');
    try {
      const files = ['specification', 'misuse', 'injected'].map((name) => `${name}.ts`);
      for (const file of files) copyFileSync(application.at(file), join(trial.folder, file));
      trial.write('package.json', '{ "type": "module" }\n');
      const modules = { module: 'nodenext', moduleResolution: 'nodenext', target: 'es2022' };
      const options = { ...modules, noEmit: true, strict: true, lib: ['es2022', 'dom'], types: [], skipLibCheck: false };
      trial.write('tsconfig.json', JSON.stringify({ compilerOptions: options, files }));
      expect(trial.run(`typescript-${version}/bin/tsc`, '--project', '.')).toBe('');
    } finally {
      trial.remove();
    }
  });
}

const VITEST = ['vitest/vitest.mjs', 'run', '--globals', '--environment'];
const JEST = ['jest/bin/jest.js', '--env'];
/** Without a transform, which Jest supports with a flag of Node's. */
const JEST_ESM = '{ "type": "module", "jest": { "transform": {} } }';

const runners: [name: string, command: string[], manifest?: string][] = [
  ['vitest, node', [...VITEST, 'node']],
  ['vitest, jsdom', [...VITEST, 'jsdom']],
  ['vitest, happy-dom', [...VITEST, 'happy-dom']],
  ['Jest with Babel, node', [...JEST, 'node']],
  ['Jest with Babel, jsdom', [...JEST, 'jsdom']],
  ['Jest with ES modules, node', [...JEST, 'node'], JEST_ESM],
  ['Jest with ES modules, jsdom', [...JEST, 'jsdom'], JEST_ESM],
];

for (const [name, [script, ...args], manifest] of runners) {
  test(`an application’s test passes: ${name}`, ({ application }) => {
    const trial = trialOf(application, 'host');
    try {
      copyFileSync(application.at('application-test.js'), join(trial.folder, 'client.test.js'));
      if (manifest) trial.write('package.json', manifest);
      else trial.write('babel.config.cjs', 'module.exports = { presets: [["@babel/preset-env", { targets: { node: "current" } }]] };\n');
      const flags = manifest ? ['--experimental-vm-modules'] : [];
      expect(trial.runWith(flags, script!, ...args)).toMatch(/1 passed/);
    } finally {
      trial.remove();
    }
  });
}
