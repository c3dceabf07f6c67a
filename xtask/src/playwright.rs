//! Playwright, for the end-to-end tests and a benchmark.

use std::env;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::network;
use crate::page::Quality;
use crate::process::say;
use crate::programs::{CHROMIUM, HEADLESS_SHELL, PLAYWRIGHT};
use crate::serve::build_server;
use crate::setup::debian::is_debian;
use crate::workspace::workspace;

/// Playwright with the environment that the end-to-end tests expect, in a network of its own if possible.
pub fn playwright(server: Quality) -> Result<Command> {
    let server = build_server(server)?;
    let program = PLAYWRIGHT.installed()?;
    let mut playwright = network::around(&program).unwrap_or_else(|_| {
        say("the browsers share the network of this machine");
        program
    });
    playwright.current_dir(workspace().root.join("e2e"));
    playwright.env("PAGE_DIR", &workspace().dist).env("REGISTRY_SERVER", server).env("CHROMIUM", chromium()?);
    Ok(playwright)
}

/// The Chromium for end-to-end tests: the headless shell if possible, which opens pages in half the time.
pub fn chromium() -> Result<&'static Path> {
    let chosen = env::var_os("CHROMIUM").is_some();
    let wanted = HEADLESS_SHELL.find().is_some() || is_debian() || CHROMIUM.find().is_none();
    let shell = if wanted && !chosen { HEADLESS_SHELL.path().ok() } else { None };
    shell.map_or_else(|| CHROMIUM.path(), Ok)
}
