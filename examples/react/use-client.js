import { useEffect, useState } from "react";
import { init, WebRTCRegistryClient } from "webrtc-registry-client";

/** A client for as long as the component lives, with this Registry: `null` until it is loaded. Problems go to `onProblem`. */
export function useClient(registryApiUrl, onProblem) {
  const [client, setClient] = useState(null);
  useEffect(() => {
    let made = null;
    let isGone = false;
    const make = async () => {
      await init();
      // StrictMode has run this effect twice by now; only the second one counts.
      if (isGone) return;
      made = new WebRTCRegistryClient({ registryApiUrl, iceServers: [] });
      setClient(made);
    };
    make().catch(({ message }) => onProblem(message));
    return () => {
      isGone = true;
      // Closes its room as well, even one that is still being created.
      made?.dispose();
      setClient(null);
    };
  }, [registryApiUrl, onProblem]);
  return client;
}
