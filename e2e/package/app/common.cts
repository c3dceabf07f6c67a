/** The types, for a module of the older kind. */
import client = require('webrtc-registry-client');
import inline = require('webrtc-registry-client/inline');

export const same: typeof client.WebRTCRegistryClient = inline.WebRTCRegistryClient;
export const loads: Promise<void> = client.init(new Uint8Array());
