//! Starts the page.

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[cfg(target_family = "wasm")]
fn main() {
    std::panic::set_hook(Box::new(|panic| registry_harness::services::report_panic(&panic.to_string())));
    registry_harness::services::mount();
}

#[cfg(not(target_family = "wasm"))]
fn main() {
    eprintln!("This is a web page: build it for wasm32-unknown-unknown with `cargo xtask build-page`.");
}
