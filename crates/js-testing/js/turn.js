// As they are before a test replaces them by its own.
const { setImmediate, setTimeout, MessageChannel } = globalThis;

/** Resolves when everything has run that can run now. */
export function turn() {
  return new Promise((resolve) => {
    if (setImmediate) return void setImmediate(resolve);
    if (!MessageChannel) return void setTimeout(resolve);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
