"use client";

import { useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import { init, WebRTCRegistryClient } from "webrtc-registry-client";

/** A room with one other person. The host opens the page with `?registry=https://…`; the guest has `&room=…&join=…` besides. */
export function Room() {
  const { registry, room: invitedTo, join } = Object.fromEntries(useSearchParams());
  const [state, setState] = useState("idle");
  const [room, setRoom] = useState(null);
  const [problem, setProblem] = useState(null);

  // An effect runs in the browser only, where there is WebRTC.
  useEffect(() => {
    let client = null;
    let isGone = false;
    const meet = async () => {
      await init();
      if (isGone) return;
      client = new WebRTCRegistryClient({ registryApiUrl: registry, iceServers: [] });
      client.onStateChange(setState);
      if (invitedTo) await client.joinRoom(invitedTo, join, "Bob");
      else await client.createRoom("Ann");
      setRoom(client.getRoomInfo());
      await client.startConnection();
    };
    meet().catch(({ code, message }) => ["closed", "disposed"].includes(code) || setProblem(message));
    return () => {
      isGone = true;
      client?.dispose();
    };
  }, [registry, invitedTo, join]);

  return (
    <main>
      <p role="status">{state}</p>
      {problem && <p role="alert">{problem}</p>}
      {room?.joinCode && <p>Room {room.code}, join code {room.joinCode}</p>}
    </main>
  );
}
