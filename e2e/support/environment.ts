/** What `cargo xtask test` tells the tests, and how a browser must be started for them. */
import type { LaunchOptions } from '@playwright/test';

/** A variable that xtask sets. */
export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run these tests with \`cargo xtask test --only e2e\``);
  return value;
}

/** The folder of the built page. */
export const pageDir = () => required('PAGE_DIR');

/** The Registry's executable. */
export const registryServer = () => required('REGISTRY_SERVER');

/** The program that runs the Worker, where that takes the server's place. */
export const workerProgram = () => process.env.WORKER;

/** How Firefox is started: it looks for a path over loopback only if told, and hides its addresses unless told not to. */
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

/** Two browsers on one machine meet over loopback, where Chromium looks for a path only if told, and permitted a camera. */
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
