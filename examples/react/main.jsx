import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { Room } from "./room.jsx";

// The host opens the page with `?registry=https://…`; the guest has `&room=…&join=…` besides.
const { registry, room, join } = Object.fromEntries(new URLSearchParams(location.search));
const invitation = room ? { room, join } : null;

createRoot(document.getElementById("root")).render(
  <StrictMode>
    <Room registry={registry ?? location.origin} invitation={invitation} />
  </StrictMode>,
);
