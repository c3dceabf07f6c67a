//! The harness page: a Yew application over the client of `registry-client`.
//!
//! What happens is decided elsewhere; the page shows it. [`state`] folds the client's trace into what is seen, free of
//! any browser; `components` draw it, `hooks` feed it, and `services` is the only place that names the browser.

pub mod embed;
pub mod foreign;
pub mod format;
pub mod link;
pub mod qr;
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
