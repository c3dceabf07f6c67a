/** What the client would send over HTTP, carried by an IRegistryClient. */
export function asHttpClient(registry) {
  const call = async (act) => {
    try {
      return withoutExtensions(await act());
    } catch (error) {
      throw refusal(error);
    }
  };
  const parts = (url) => /\/rooms(?:\/([^/?]+)(?:\/([a-z-]+))?)?(?:\?.*)?$/.exec(url) ?? [];
  return {
    get(url, headers) {
      const [, room, what] = parts(url);
      const token = headers["X-Access-Token"];
      return call(() => {
        if (what === "public") return registry.getPublicRoomInfo(room);
        if (what === "candidates") return registry.getCandidates(room, token);
        return registry.getRoom(room, token);
      });
    },
    post(url, body, headers) {
      const [, room, what] = parts(url);
      const token = headers["X-Access-Token"];
      const acts = {
        join: () => registry.joinRoom(room, body.joinCode, body.guestUserName),
        offer: () => registry.postOffer(room, token, body),
        answer: () => registry.postAnswer(room, token, body),
        candidate: () => registry.postCandidate(room, token, body),
        close: () => registry.closeRoom(room, token),
      };
      return call(acts[what] ?? (() => registry.createRoom(body.hostUserName)));
    },
  };
}

/** The interface has the specification's nine calls, and none of the extensions that a Registry may offer. */
function withoutExtensions(answer) {
  if (!answer?.exchange) return answer;
  const { exchange, ...base } = answer;
  return base;
}

/** A RegistryClientError as the answer that it was made of; anything else is no answer, or one already. */
function refusal(error) {
  const { kind, status, code, message, retryable, retryAfterSec } = error ?? {};
  return kind === "api" ? { status, body: { error: { code, message, retryable } }, retryAfterSec } : error;
}
