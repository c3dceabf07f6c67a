/** The client in a world of the test's own: with a Registry, a network, peer connections, and time that the test moves. */
import { World } from "./glue/glue.js";
import { initSync } from "./index.js";
import module from "./webrtc-registry-client.wasm";

initSync(module);

export * from "./index.js";
export { World };
