import { __wbg_finalize_init, __wbg_get_imports, WebRTCRegistryClient } from "./glue/glue.js";

// The browser compiles the module while it downloads. Importers wait for that, and for nothing afterwards.
const { instance, module } = await load(new URL("./webrtc-registry-client.wasm", import.meta.url));
__wbg_finalize_init(instance, module);

/** Compiles and instantiates the module at `url`, even if its server does not use the MIME type of WebAssembly. */
async function load(url) {
  try {
    return await WebAssembly.instantiateStreaming(fetch(url), __wbg_get_imports());
  } catch {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url} cannot be loaded: ${response.status} ${response.statusText}`);
    return WebAssembly.instantiate(await response.arrayBuffer(), __wbg_get_imports());
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
