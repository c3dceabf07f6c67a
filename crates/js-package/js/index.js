/** The class and its errors. They can be used once `init` or `initSync` has loaded the module. */
import { RegistryClient, RegistryClientError, StateManager, WebRTCRegistryClient } from "./glue/glue.js";

export { init, initSync } from "./load.js";
export { RoomManager, WebRTCManager } from "./parts.js";
export { RegistryClient, RegistryClientError, StateManager, WebRTCRegistryClient };

/** The nine states, under the names that the specification gives them. */
export const ConnectionState = Object.freeze({
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
