/** What `cargo xtask test` passes to the tests, and how to start browsers for them. */
import type { LaunchOptions } from '@playwright/test';

/** An environment variable set by xtask. */
export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run these tests with \`cargo xtask test --only e2e\``);
  return value;
}

/** The directory of the built page. */
export const pageDir = () => required('PAGE_DIR');

/** The directory of the npm package's files. */
export const packageDir = () => required('PACKAGE_DIR');

/** The executable of the Registry server. */
export const registryServer = () => required('REGISTRY_SERVER');

/** The program that runs the Worker, if that replaces the server. */
export const workerProgram = () => process.env.WORKER;

/** How to start Firefox: it gathers loopback candidates only on request, and hides addresses by default. */
export const firefox = (): LaunchOptions => ({
  channel: 'moz-firefox',
  executablePath: required('FIREFOX'),
  firefoxUserPrefs: {
    'media.peerconnection.ice.loopback': true,
    'media.peerconnection.ice.obfuscate_host_addresses': false,
    'permissions.default.camera': 1,
    'permissions.default.microphone': 1,
  },
});

/** How to start Chromium: it gathers loopback candidates only with this flag and camera permission. */
export const chromium: LaunchOptions = {
  ...(process.env.CHROMIUM ? { executablePath: process.env.CHROMIUM } : {}),
  args: [
    '--allow-loopback-in-peer-connection',
    '--use-fake-ui-for-media-stream',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};
