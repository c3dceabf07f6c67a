import { init } from "webrtc-registry-client";
import { createApp } from "vue";

import Room from "./Room.vue";

// The host opens the page with `?registry=https://…`; the guest has `&room=…&join=…` besides.
const { registry, room, join } = Object.fromEntries(new URLSearchParams(location.search));
const invitation = room ? { room, join } : null;

init().then(
  () => createApp(Room, { registry: registry ?? location.origin, invitation }).mount("#app"),
  (error) => document.body.append(error.message),
);
