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
  if (detail.room === invited) return;
  invited = detail.room;
  guest.join(detail.room, detail.join).catch((error) => add(`guest: ${error.message}`));
});

guest.addEventListener("message", () => guest.send({ text: "Hello, host." }), { once: true });
host.addEventListener("state", ({ detail }) => detail.state === "connected" && host.send({ text: "Hello, guest." }));
