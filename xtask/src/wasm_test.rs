//! Tests that run as wasm in a headless browser.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::page::Tools;
use crate::toolchain::TARGET;
use crate::tools::Browser;
use crate::workspace::Workspace;

/// The packages that have wasm code: the application, its JavaScript surface, and the client.
pub const PACKAGES: [&str; 3] = ["registry-harness", "registry-js", "registry-client"];

/// Where the tests run, and its WebDriver server.
pub enum Engine {
    /// A Chromium.
    Chromium(PathBuf, PathBuf),
    /// A Firefox.
    Firefox(PathBuf, PathBuf),
}

impl Engine {
    /// The browser that is always there.
    pub fn chromium(browser: &Browser) -> Self {
        Self::Chromium(browser.chromium.clone(), browser.driver.clone())
    }

    /// A Firefox and its driver.
    pub fn firefox(browser: &Path, driver: &Path) -> Self {
        Self::Firefox(browser.to_path_buf(), driver.to_path_buf())
    }

    /// The driver, and the variable by which the test runner knows it.
    fn driver(&self) -> (&'static str, &PathBuf) {
        match self {
            Self::Chromium(_, driver) => ("CHROMEDRIVER", driver),
            Self::Firefox(_, driver) => ("GECKODRIVER", driver),
        }
    }

    /// The WebDriver capabilities: a browser that keeps to itself, and looks for a path over loopback.
    fn capabilities(&self) -> String {
        match self {
            Self::Chromium(browser, _) => {
                let arguments = CHROMIUM_ARGUMENTS.map(|argument| format!("{argument:?}")).join(", ");
                format!("{{\"goog:chromeOptions\": {{\"args\": [{arguments}], \"binary\": {browser:?}}}}}\n")
            }
            Self::Firefox(browser, _) => {
                let preferences = FIREFOX_PREFERENCES.map(|(name, value)| format!("{name:?}: {value}")).join(", ");
                format!("{{\"moz:firefoxOptions\": {{\"prefs\": {{{preferences}}}, \"binary\": {browser:?}}}}}\n")
            }
        }
    }
}

/// `cargo test` for the target in a headless browser, for these packages and with these further arguments.
pub fn command(workspace: &Workspace, tools: &Tools, engine: &Engine, packages: &[String]) -> Result<Command> {
    let capabilities = workspace.wasm_target.join("webdriver.json");
    fs::create_dir_all(&workspace.wasm_target)?;
    fs::write(&capabilities, engine.capabilities()).context("cannot write webdriver.json")?;
    let mut cargo = tools.toolchain.cargo(workspace, "test");
    cargo.args(["--lib", "--bins", "--tests", "--no-fail-fast"]);
    for package in packages {
        cargo.args(["--package", package]);
    }
    let runner = format!("CARGO_TARGET_{}_RUNNER", TARGET.replace('-', "_").to_uppercase());
    cargo.env(runner, &tools.bindgen.test_runner);
    cargo.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities);
    let (name, driver) = engine.driver();
    cargo.env(name, driver);
    Ok(cargo)
}

/// Without them, Firefox looks for no path over loopback, and hides its addresses behind names that need multicast.
const FIREFOX_PREFERENCES: [(&str, &str); 4] = [
    ("media.peerconnection.ice.loopback", "true"),
    ("media.peerconnection.ice.obfuscate_host_addresses", "false"),
    ("permissions.default.camera", "1"),
    ("permissions.default.microphone", "1"),
];

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
