import { useEffect, useState } from "react";

import { useClient } from "./use-client.js";

/** A room with one other person: a new one, or the one of an invitation. */
export function Room({ registry, invitation }) {
  const client = useClient(registry);
  const [state, setState] = useState("idle");
  const [room, setRoom] = useState(null);
  const [messages, setMessages] = useState([]);
  const [problem, setProblem] = useState(null);

  useEffect(() => {
    if (!client) return;
    client.onStateChange(setState);
    client.onMessage((message) => setMessages((earlier) => [...earlier, message]));
    const meet = async () => {
      if (invitation) await client.joinRoom(invitation.room, invitation.join, "Bob");
      else await client.createRoom("Ann");
      setRoom(client.getRoomInfo());
      await client.startConnection();
    };
    // A component that goes away has disposed of its client, which is no problem.
    meet().catch(({ code, message }) => ["closed", "disposed"].includes(code) || setProblem(message));
  }, [client, invitation]);

  const say = (form) => {
    client.sendMessage(form.get("text"));
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
