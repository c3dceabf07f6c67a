// Starts the application. The build adds two preload links to the page's head, one for the glue and one for the wasm;
// reading their URLs here keeps the page free of inline scripts, which its Content-Security-Policy forbids.

const address = (rel) => document.querySelector(`link[rel="${rel}"][data-app]`)?.href;

async function boot() {
  const { default: init } = await import(address("modulepreload"));
  await init({ module_or_path: address("preload") });
}

boot().catch((error) => {
  console.error(error);
  const text = document.getElementById("shell-text");
  if (text) {
    text.setAttribute("role", "alert");
    text.textContent =
      typeof WebAssembly === "undefined"
        ? "This page needs WebAssembly. Use a current version of Firefox, Chrome, Edge or Safari."
        : `The page failed to start: ${error}. Try reloading it; if that does not help, the build may be incomplete.`;
  }
});
