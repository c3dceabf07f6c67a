//! The Registry as a Cloudflare Worker: a thin shell around the pure [`registry_core`] crate, like the server.
//!
//! The entry point parses a request only as far as needed to find its room, counts it towards the client's limits, and
//! forwards it to the Durable Object named by the room code. That object runs the same [`registry_core::Room`] that a server
//! keeps in memory: it loads the room from storage once, keeps it in memory while it is awake, and writes it back when
//! something changed that must survive. When the room expires, an alarm deletes everything.
//!
//! See `docs/DEPLOY.md` for deployment.

#[cfg(target_family = "wasm")]
mod client_limits;
#[cfg(target_family = "wasm")]
mod documents;
#[cfg(target_family = "wasm")]
mod entry;
#[cfg(target_family = "wasm")]
mod http;
#[cfg(target_family = "wasm")]
mod object;
#[cfg(target_family = "wasm")]
mod room_store;
#[cfg(any(target_family = "wasm", test))]
mod settings;
#[cfg(target_family = "wasm")]
mod system;
