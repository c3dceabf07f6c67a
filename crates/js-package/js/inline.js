/** The client with its module in the script, loaded when this is imported: one file, and no request. */
import { initSync } from "./index.js";
import module from "./webrtc-registry-client.wasm";

initSync(module);

export * from "./index.js";
