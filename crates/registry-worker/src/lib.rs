//! The Registry as a Cloudflare Worker: a thin shell around the pure [`registry`] crate, like the server.
//!
//! The entry takes a request apart as far as it must to know whose it is, counts it towards its client's limits, and
//! passes it on to the Durable Object that the room's code names. That object runs the very [`registry::Room`] that a
//! server keeps in its memory: it looks the room up on disk once, holds it in memory while it is awake, and writes it
//! back when something changed that must survive. When the room is over an alarm removes all of it.
//!
//! `docs/DEPLOY.md` tells how to deploy it.

#[cfg(target_family = "wasm")]
mod entry;
#[cfg(target_family = "wasm")]
mod http;
#[cfg(target_family = "wasm")]
mod object;
#[cfg(target_family = "wasm")]
mod place;
#[cfg(any(target_family = "wasm", test))]
mod settings;
#[cfg(target_family = "wasm")]
mod system;
