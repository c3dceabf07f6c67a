/** The client in Node, as a module of the older kind. */
const { WebRTCRegistryClient } = require('webrtc-registry-client/inline');

async function main() {
  const client = new WebRTCRegistryClient({ registryApiUrl: 'http://127.0.0.1:9', iceServers: [] });
  const state = client.getConnectionState();
  const error = await client.createRoom('Host').catch((error) => error);
  console.log(`${state}, then ${error.kind}: ${error.code}`);
}
void main();
