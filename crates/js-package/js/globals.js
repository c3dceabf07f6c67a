/** What browsers have, and the DOM that Jest simulates in Node has not. */
const fallback = (name) => globalThis[name] ?? globalThis.process?.getBuiltinModule?.("node:util")[name];

const [Decoder, Encoder] = [fallback("TextDecoder"), fallback("TextEncoder")];
export { Decoder as TextDecoder, Encoder as TextEncoder };

/** As it is before a test puts its own in its place. */
const { queueMicrotask: own } = globalThis;
export { own as queueMicrotask };
