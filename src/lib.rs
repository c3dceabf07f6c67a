//! The harness page: a Yew application over the client of `registry-client`.
//!
//! [`state`] folds the client's trace into what the page shows, without a browser; `components` draw it, `hooks` connect the
//! two, and `services` wraps browser APIs and composes the client.

pub mod check;
pub mod embed;
pub mod foreign;
pub mod format;
pub mod link;
pub mod pace;
pub mod qr;
pub mod sampling;
pub mod settings;
pub mod state;

#[cfg(target_family = "wasm")]
pub mod app;
#[cfg(target_family = "wasm")]
pub mod components;
#[cfg(target_family = "wasm")]
pub mod hooks;
#[cfg(target_family = "wasm")]
pub mod services;
