//! The WebAssembly module of the npm package `webrtc-registry-client`: exactly what `registry-js` exports to JavaScript.
//! `cargo xtask package` builds the package around it.
//!
//! The crate is empty on other targets.
#![cfg(target_family = "wasm")]

pub use registry_js::{RegistryClientJs, StateManagerJs, WebRtcRegistryClientJs};

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
