// Starts the application. The build adds two preload links to the page's head, one for the glue and one for the wasm;
// reading their URLs here keeps the page free of inline scripts, which its Content-Security-Policy forbids.

const address = (rel) => document.querySelector(`link[rel="${rel}"][data-app]`)?.href;

/** Tells the page that embeds this one, whose origin is in the address. */
function tell(message) {
  const query = new URLSearchParams(location.search);
  if (parent === window || query.get("embed") !== "1" || !query.has("parent")) return;
  try {
    parent.postMessage({ source: "registry-harness", version: 1, ...message }, query.get("parent"));
  } catch {
    // It is not an origin; the application says so.
  }
}

async function boot() {
  const { default: init } = await import(address("modulepreload"));
  await init({ module_or_path: address("preload") });
}

tell({ type: "loading" });
boot().catch((error) => {
  console.error(error);
  tell({ type: "error", code: "not_loaded", message: `the page failed to start: ${error}`, retryable: true });
  const text = document.getElementById("shell-text");
  if (text) {
    text.setAttribute("role", "alert");
    text.textContent =
      typeof WebAssembly === "undefined"
        ? "This page needs WebAssembly. Use a current version of Firefox, Chrome, Edge or Safari."
        : `The page failed to start: ${error}. Try reloading it; if that does not help, the build may be incomplete.`;
  }
});
