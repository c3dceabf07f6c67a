//! The WebAssembly module of the npm package `webrtc-registry-client`: what `registry-js` exports to JavaScript, and
//! nothing else. `cargo xtask package` makes the package around it.
//!
//! For targets other than wasm the crate is empty.
#![cfg(target_family = "wasm")]

pub use registry_js::WebRtcRegistryClientJs;

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
