// This page passes the host's codes to the guest; the two do the rest themselves.

const [host, guest] = ["host", "guest"].map((id) => document.getElementById(id));
const list = document.getElementById("log");

function add(text) {
  const line = document.createElement("li");
  line.textContent = text;
  list.append(line);
}

for (const peer of [host, guest]) {
  peer.addEventListener("state", ({ detail }) => add(`${peer.id}: ${detail.state}`));
  peer.addEventListener("error", ({ detail }) => add(`${peer.id}: ${detail.message}`));
  peer.addEventListener("message", ({ detail }) => add(`${peer.id} received: ${detail.data.text}`));
}

let invited;
host.addEventListener("room", ({ detail }) => {
  // After a reload the guest is already in the room.
  if (detail.room === invited || detail.guest) return;
  invited = detail.room;
  guest.join(detail.room, detail.join).catch((error) => add(`guest: ${error.message}`));
});

const say = (peer, text) => peer.send({ text }).catch((error) => add(`${peer.id}: ${error.message}`));
guest.addEventListener("message", () => say(guest, "Hello, host."), { once: true });
host.addEventListener("state", ({ detail }) => detail.state === "connected" && say(host, "Hello, guest."));
