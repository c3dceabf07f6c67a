//! The WebAssembly module of the npm package `webrtc-registry-client`: what `registry-js` exports to JavaScript, and
//! nothing else. `cargo xtask package` makes the package around it.
//!
//! For targets other than wasm the crate is empty.
#![cfg(target_family = "wasm")]

pub use registry_js::WebRtcRegistryClientJs;
