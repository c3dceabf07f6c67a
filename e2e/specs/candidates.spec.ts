/** A device with many network adapters, most of which reach nobody. */
import type { Page } from '@playwright/test';

import { expect, test } from '../fixtures.ts';
import { meet } from '../pages/harness-page.ts';

const USELESS = 20;

/** Peer connections of the page announce useless candidates before the others. */
async function addAdapters(page: Page): Promise<void> {
  await page.addInitScript((count) => {
    const Original = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Original {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        const announce = () => {
          for (let i = 1; i <= count; i += 1) {
            const line = `candidate:${i} 1 udp 2122260223 198.51.100.${i} ${50_000 + i} typ host generation 0`;
            const candidate = new RTCIceCandidate({ candidate: line, sdpMid: '0', sdpMLineIndex: 0 });
            this.dispatchEvent(new RTCPeerConnectionIceEvent('icecandidate', { candidate }));
          }
        };
        this.addEventListener('icecandidate', announce, { once: true });
      }
    };
  }, USELESS);
}

for (const [kind, flags, seconds] of [
  ['with exchanges', ['--rate-limits', 'on'], 5],
  ['of the base contract', ['--base', '--rate-limits', 'on'], 10],
] as const) {
  test.describe(`a Registry ${kind}`, () => {
    test.use({ registryFlags: [...flags] });

    test(`${USELESS} useless candidates of each peer hold up nothing for long`, async ({ registry, host, guest }) => {
      for (const { page } of [host, guest]) {
        await addAdapters(page);
        await page.goto(registry.url);
      }
      await meet(host, guest);
      await host.startAsHost();
      await guest.startAsGuest();
      for (const peer of [host, guest]) {
        await expect(peer.at('state-text')).toHaveText('connected', { timeout: seconds * 1000 });
      }
    });
  });
}
