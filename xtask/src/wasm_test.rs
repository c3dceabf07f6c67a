//! Tests that run as WebAssembly in a headless browser.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::json;

use crate::programs::{CHROMEDRIVER, CHROMIUM, FIREFOX, GECKODRIVER, WASM_TEST_RUNNER};
use crate::setup::toolchain::{TARGET, toolchain};
use crate::workspace::workspace;

/// The packages with such tests: the page, the JavaScript class, the client, and an example.
pub const PACKAGES: [&str; 4] = ["registry-harness", "registry-js", "registry-client", "example-yew"];

/// `cargo test` for the target in a headless Chromium or Firefox, for these packages or, if there are none, for all.
pub fn command(firefox: bool, packages: &[String]) -> Result<Command> {
    // The browser must not contact anybody, and has to find a path over loopback.
    let (driver, path, capabilities) = if firefox {
        let preferences = json!({
            "media.peerconnection.ice.loopback": true,
            // Otherwise it replaces addresses by mDNS names.
            "media.peerconnection.ice.obfuscate_host_addresses": false,
            "permissions.default.camera": 1,
            "permissions.default.microphone": 1,
        });
        let options = json!({"moz:firefoxOptions": {"prefs": preferences, "binary": FIREFOX.path()?}});
        ("GECKODRIVER", GECKODRIVER.path()?, options)
    } else {
        let options = json!({"goog:chromeOptions": {"args": CHROMIUM_ARGUMENTS, "binary": CHROMIUM.path()?}});
        ("CHROMEDRIVER", CHROMEDRIVER.path()?, options)
    };
    let file = workspace().wasm_target.join("webdriver.json");
    fs::create_dir_all(&workspace().wasm_target)?;
    fs::write(&file, capabilities.to_string()).context("cannot write webdriver.json")?;
    let mut cargo = toolchain()?.cargo(&["test", "--lib", "--bins", "--tests", "--no-fail-fast"]);
    let all = PACKAGES.map(str::to_owned);
    for package in if packages.is_empty() { &all } else { packages } {
        cargo.args(["--package", package]);
    }
    let runner = format!("CARGO_TARGET_{}_RUNNER", TARGET.replace('-', "_").to_uppercase());
    cargo.env(runner, WASM_TEST_RUNNER.path()?);
    cargo.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", file).env(driver, path);
    Ok(cargo)
}

/// Without the last two, Chromium gathers no candidates on a machine that has only a loopback interface.
const CHROMIUM_ARGUMENTS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--allow-loopback-in-peer-connection",
    "--use-fake-ui-for-media-stream",
];
