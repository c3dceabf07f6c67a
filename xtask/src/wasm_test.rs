//! Tests that run as wasm in a headless browser.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::page::Tools;
use crate::toolchain::TARGET;
use crate::tools::Browser;
use crate::workspace::Workspace;

/// The packages that have wasm code: the application, its JavaScript surface, and the client.
pub const PACKAGES: [&str; 3] = ["registry-harness", "registry-js", "registry-client"];

/// `cargo test` for the target in a headless Chromium, for these packages and with these further arguments.
pub fn command(workspace: &Workspace, tools: &Tools, browser: &Browser, packages: &[String]) -> Result<Command> {
    let capabilities = workspace.wasm_target.join("webdriver.json");
    fs::create_dir_all(&workspace.wasm_target)?;
    fs::write(&capabilities, capabilities_of(browser)).context("cannot write webdriver.json")?;
    let mut cargo = tools.toolchain.cargo(workspace, "test");
    cargo.args(["--lib", "--bins", "--tests", "--no-fail-fast"]);
    for package in packages {
        cargo.args(["--package", package]);
    }
    let runner = format!("CARGO_TARGET_{}_RUNNER", TARGET.replace('-', "_").to_uppercase());
    cargo.env(runner, &tools.bindgen.test_runner);
    cargo.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities);
    cargo.env("CHROMEDRIVER", &browser.driver);
    Ok(cargo)
}

/// The WebDriver capabilities: a Chromium that keeps to itself.
fn capabilities_of(browser: &Browser) -> String {
    let arguments = CHROMIUM_ARGUMENTS.map(|argument| format!("{argument:?}")).join(", ");
    let binary = browser.chromium.to_string_lossy();
    format!("{{\"goog:chromeOptions\": {{\"args\": [{arguments}], \"binary\": {binary:?}}}}}\n")
}

/// Without the last two, Chromium gathers no candidates on a machine that has nothing but a loopback interface.
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
