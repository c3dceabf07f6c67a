//! Mounts the page, in place of the shell in index.html.

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[cfg(target_family = "wasm")]
fn main() {
    std::panic::set_hook(Box::new(registry_harness::services::report_panic));
    yew::Renderer::<registry_harness::app::App>::new().render();
}

#[cfg(not(target_family = "wasm"))]
fn main() {
    eprintln!("This is a web page: build it for wasm32-unknown-unknown with `cargo xtask build-page`.");
}
