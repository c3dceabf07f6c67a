//! The WebAssembly module of `webrtc-registry-client/testing`: the client's class, whose instances live in a `World` with a
//! Registry, a network, peer connections and time of its own. `cargo xtask package` builds it into the package.
//!
//! The crate is empty on other targets.
#![cfg(target_family = "wasm")]

mod arguments;
mod rules;
mod world;

pub use registry_js::{RegistryClientJs, StateManagerJs, WebRtcRegistryClientJs};
pub use world::World;

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
