import init, { WebRTCRegistryClient } from "./glue/glue.js";

// The browser compiles the module while it arrives. Importers wait for that, and for nothing afterwards.
await init({ module_or_path: new URL("./webrtc-registry-client.wasm", import.meta.url) });

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
