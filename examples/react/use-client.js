import { useEffect, useState } from "react";
import { init, WebRTCRegistryClient } from "webrtc-registry-client";

/** A client for as long as the component lives, with this Registry; `null` until it is loaded. */
export function useClient(registryApiUrl) {
  const [client, setClient] = useState(null);
  useEffect(() => {
    let made = null;
    let isGone = false;
    void init().then(() => {
      // StrictMode has run this effect twice by now; only the second one counts.
      if (isGone) return;
      made = new WebRTCRegistryClient({ registryApiUrl, iceServers: [] });
      setClient(made);
    });
    return () => {
      isGone = true;
      // Closes its room as well, even one that is still being created.
      made?.dispose();
      setClient(null);
    };
  }, [registryApiUrl]);
  return client;
}
