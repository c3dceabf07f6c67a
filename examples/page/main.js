import { init, WebRTCRegistryClient } from "webrtc-registry-client";

const [status, problem, codes, form, messages] = ["[role=status]", "[role=alert]", "#codes", "form", "ul"].map((selector) =>
  document.querySelector(selector),
);

// The host opens the page with `?registry=https://…`; the guest has `&room=…&join=…` besides.
const { registry, room, join } = Object.fromEntries(new URLSearchParams(location.search));

await init();
const client = new WebRTCRegistryClient({ registryApiUrl: registry ?? location.origin, iceServers: [] });

client.onStateChange((state) => {
  status.textContent = state;
  form.hidden = state !== "connected";
});
client.onMessage((message) => {
  const item = document.createElement("li");
  item.textContent = message;
  messages.append(item);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  client.sendMessage(new FormData(form).get("text"));
  form.reset();
});

try {
  if (room) {
    await client.joinRoom(room, join, "Bob");
  } else {
    await client.createRoom("Ann");
    codes.textContent = `Room ${client.getRoomInfo().code}, join code ${client.getRoomInfo().joinCode}`;
  }
  await client.startConnection();
} catch (error) {
  problem.textContent = error.message;
  problem.hidden = false;
}
