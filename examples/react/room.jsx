import { useEffect, useState } from "react";

import { useClient } from "./use-client.js";

/** A room with one other person: a new one, or the one of an invitation. */
export function Room({ registry, invitation }) {
  const [state, setState] = useState("idle");
  const [room, setRoom] = useState(null);
  const [messages, setMessages] = useState([]);
  const [problem, setProblem] = useState(null);
  const client = useClient(registry, setProblem);
  const { room: invitedTo, join } = invitation ?? {};

  useEffect(() => {
    if (!client) return;
    const stops = [
      client.onStateChange(setState),
      client.onMessage((message) => setMessages((earlier) => [...earlier, message])),
    ];
    const meet = async () => {
      if (invitedTo) await client.joinRoom(invitedTo, join, "Bob");
      else await client.createRoom("Ann");
      setRoom(client.getRoomInfo());
      await client.startConnection();
    };
    // A component that goes away has disposed of its client, which is no problem.
    meet().catch(({ code, message }) => ["closed", "disposed"].includes(code) || setProblem(message));
    return () => stops.forEach((stop) => stop());
  }, [client, invitedTo, join]);

  const say = (form) => {
    try {
      client.sendMessage(form.get("text"));
    } catch (error) {
      setProblem(error.message);
    }
  };
  return (
    <main>
      <p role="status">{state}</p>
      {problem && <p role="alert">{problem}</p>}
      {room?.joinCode && <p>Room {room.code}, join code {room.joinCode}</p>}
      {state === "connected" && (
        <form action={say}>
          <input name="text" aria-label="Message" />
          <button>Send</button>
        </form>
      )}
      <ul>{messages.map((message, index) => <li key={index}>{message}</li>)}</ul>
    </main>
  );
}
