import { initSync, WebRTCRegistryClient } from "./glue/glue.js";

// The browser compiles the module while it arrives. Importers wait for that, and for nothing afterwards.
initSync({ module: await load(new URL("./webrtc-registry-client.wasm", import.meta.url)) });

/** Compiles the module at `url`, even if its server does not say that it is WebAssembly. */
async function load(url) {
  try {
    return await WebAssembly.compileStreaming(fetch(url));
  } catch {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${url} cannot be loaded: ${answer.status} ${answer.statusText}`);
    return WebAssembly.compile(await answer.arrayBuffer());
  }
}

/** The class of all errors of a client. */
const RegistryClientError = WebRTCRegistryClient.errorClass();

/** The nine states, under the names that the specification gives them. */
const ConnectionState = Object.freeze({
  IDLE: "idle",
  CREATING: "creating",
  CREATED: "created",
  JOINING: "joining",
  JOINED: "joined",
  CONNECTING: "connecting",
  CONNECTED: "connected",
  DISCONNECTED: "disconnected",
  ERROR: "error",
});

export { ConnectionState, RegistryClientError, WebRTCRegistryClient };
