//! Components and hooks in a real browser: one file each, all in one binary, which is built and started once.
#![cfg(target_family = "wasm")]

mod app;
mod chat;
mod copy_button;
mod countdown;
mod diagram;
mod error_box;
mod paths;
mod sdp;
mod settings_panel;
mod state_map;
mod statistics;
mod support;
mod timeline;
mod use_filtered;
mod use_settings;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
