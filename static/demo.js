// The host's codes reach the guest by way of this page; all else the two find out by themselves.

const [host, guest] = ["host", "guest"].map((id) => document.getElementById(id));
const log = document.getElementById("log");

function tell(text) {
  const line = document.createElement("li");
  line.textContent = text;
  log.append(line);
}

for (const peer of [host, guest]) {
  peer.addEventListener("state", ({ detail }) => tell(`${peer.id}: ${detail.state}`));
  peer.addEventListener("error", ({ detail }) => tell(`${peer.id}: ${detail.message}`));
  peer.addEventListener("message", ({ detail }) => tell(`${peer.id} heard: ${detail.data.text}`));
}

let invited;
host.addEventListener("room", ({ detail }) => {
  if (detail.room === invited) return;
  invited = detail.room;
  guest.join(detail.room, detail.join).catch((error) => tell(`guest: ${error.message}`));
});

guest.addEventListener("message", () => guest.send({ text: "Hello, host." }), { once: true });
host.addEventListener("state", ({ detail }) => detail.state === "connected" && host.send({ text: "Hello, guest." }));
