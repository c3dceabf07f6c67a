// Starts the application. The build adds two preload links to the page's head, one for the glue and one for the wasm;
// reading their addresses here keeps the page free of inline scripts, which its Content-Security-Policy forbids.

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
        ? "This browser has no WebAssembly, which the page needs. Use a current Firefox, Chrome, Edge or Safari."
        : `The page could not start: ${error}. Reload it; if that does not help, the build is incomplete.`;
  }
});
