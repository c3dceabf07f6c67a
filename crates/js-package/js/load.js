/** Loads the WebAssembly module. Nothing here waits while the script is imported: many tools do not support that. */
import { __wbg_finalize_init, __wbg_get_imports, RegistryClientError } from "./glue/glue.js";

/** Diagnostics of a client that does not exist. */
const NO_DIAGNOSTICS = {
  phase: "idle",
  phaseMs: 0,
  role: null,
  roomStatus: null,
  connectionState: null,
  iceConnectionState: null,
  iceGatheringState: null,
  signalingState: null,
  dataChannelState: null,
};

const failure = (kind, code, message) =>
  new RegistryClientError(message, { kind, code, retryable: kind === "network", diagnostics: NO_DIAGNOSTICS });

/** In place of what the module exports until it is there: whoever needs it learns what to do. */
const MISSING = new Proxy(Object.freeze({}), {
  get(_, name) {
    if (name === "__wbindgen_start") return () => {};
    throw failure("state", "not_loaded", "the client is not loaded yet: await init() before you use it");
  },
});
__wbg_finalize_init({ exports: MISSING });

let loaded = false;
let loading;

/**
 * Loads the module, once. By default it is the file next to this script; it can also be an address, a response, bytes, or a
 * compiled module, or a promise of one.
 */
export function init(source) {
  if (loaded) return Promise.resolve();
  loading ??= load(source).finally(() => (loading = undefined));
  return loading;
}

/** Loads the module from its bytes or from a compiled module, at once. */
export function initSync(source) {
  if (loaded) return;
  const module = source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source);
  finish(new WebAssembly.Instance(module, __wbg_get_imports()), module);
}

function finish(instance, module) {
  // Somebody else may have been faster.
  if (loaded) return;
  loaded = true;
  __wbg_finalize_init(instance, module);
}

async function load(source) {
  const given = (await source) ?? new URL("./webrtc-registry-client.wasm", import.meta.url);
  const imports = __wbg_get_imports();
  const made = await instantiate(given, imports);
  finish(made.instance ?? made, made.module ?? given);
}

function instantiate(source, imports) {
  if (typeof source === "string") return fromAddress(new URL(source, globalThis.document?.baseURI), imports);
  if (source instanceof URL) return fromAddress(source, imports);
  if (typeof source.arrayBuffer === "function") return fromResponse(source, imports);
  return WebAssembly.instantiate(source, imports);
}

/** Compiles a module while it is downloaded. Node has its files elsewhere. */
async function fromAddress(url, imports) {
  const files = url.protocol === "file:" && globalThis.process?.getBuiltinModule?.("node:fs");
  if (files) {
    const { fileURLToPath } = globalThis.process.getBuiltinModule("node:url");
    return WebAssembly.instantiate(await files.promises.readFile(fileURLToPath(url.href)), imports);
  }
  let response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw failure("network", "not_loaded", `${url} cannot be loaded: ${error.message}`);
  }
  return fromResponse(response, imports);
}

/** Compiles a response, even if its server does not use the MIME type of WebAssembly. */
async function fromResponse(response, imports) {
  if (!response.ok) {
    const status = `${response.status} ${response.statusText}`.trim();
    throw failure("network", "not_loaded", `${response.url} cannot be loaded: ${status}`);
  }
  if (response.headers.get("content-type")?.startsWith("application/wasm")) {
    return WebAssembly.instantiateStreaming(response, imports);
  }
  return WebAssembly.instantiate(await response.arrayBuffer(), imports);
}
