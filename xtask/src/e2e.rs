//! Playwright, for `cargo xtask e2e` and the parts of the tests that use it.

use std::process::Command;

use anyhow::Result;

use crate::browsers::headless;
use crate::network;
use crate::page::Quality;
use crate::process::say;
use crate::programs::PLAYWRIGHT;
use crate::serve::build_server;
use crate::workspace::workspace;

/// Playwright with the environment that the end-to-end tests expect, in a network of its own if possible.
pub fn playwright() -> Result<Command> {
    let server = build_server(Quality::Dev)?;
    let program = PLAYWRIGHT.installed()?;
    let mut playwright = network::around(&program).unwrap_or_else(|_| {
        say("the browsers share the network of this machine");
        program
    });
    playwright.current_dir(workspace().root.join("e2e"));
    playwright.env("PAGE_DIR", &workspace().dist).env("REGISTRY_SERVER", server).env("CHROMIUM", headless()?);
    Ok(playwright)
}
