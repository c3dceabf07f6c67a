//! The parts of `cargo xtask test`: what each needs and what it runs.

use std::env;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::counts::Counts;
use crate::page::{self, Quality};
use crate::process::{output, say, streamed};
use crate::programs::{
    CARGO, CHROMEDRIVER, CHROMIUM, CLIPPY, FIREFOX, GECKODRIVER, GIT, NODE, PLAYWRIGHT, RUSTFMT, TSC, TURNSERVER,
    WASM_BINDGEN, WASM_TEST_RUNNER, WRANGLER,
};
use crate::serve::build_server;
use crate::setup::{Need, Once};
use crate::test::Report;
use crate::toolchain::toolchain;
use crate::workspace::workspace;
use crate::{api, browsers, budget, crates, network, npm, package, python, tidy, wasm_test, worker};

/// A part of the tests.
pub struct Part {
    /// What `--only` calls it.
    pub name: &'static str,
    /// What it requires besides a native compiler. If something is unavailable, the part is skipped.
    pub needs: &'static [Need],
    /// What it can do without. Then it tests less, and the summary says so.
    pub wishes: &'static [Need],
    /// Runs it. The argument is whether to include the tests that take minutes.
    pub run: fn(bool) -> Report,
}

const fn part(name: &'static str, needs: &'static [Need], run: fn(bool) -> Report) -> Part {
    Part { name, needs, wishes: &[], run }
}

impl Part {
    const fn wishes(mut self, wishes: &'static [Need]) -> Self {
        self.wishes = wishes;
        self
    }
}

/// All parts in the order in which they run: first those that need little and fail quickly.
pub static PARTS: [Part; 19] = [
    part("fmt", &[|| RUSTFMT.set_up()], |_| check(native("fmt").args(["--all", "--check"]))),
    part("tidy", &[|| GIT.set_up()], |_| tidy::run().map(|files| (Counts::ONE, format!("{files} files")))),
    part("types", &[npm_tools], |_| check(TSC.installed()?.args(["--project", "e2e"]).current_dir(&workspace().root))),
    part("clippy", &[|| CLIPPY.set_up()], |_| {
        check(native("clippy").args(["--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"]))
    }),
    part("doc", &[], |_| check(native("doc").args(["--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))),
    part("crates", &[], |_| check(&mut crates::publish_dry_run()?)),
    part("native", &[], |_| native_tests()),
    part("api", &[|| python::schemathesis().map(drop)], |_| api::run()),
    part("clippy-wasm", &[compiler, || CLIPPY.set_up()], |_| {
        check(wasm("clippy")?.args(["--all-targets", "--", "-D", "warnings"]))
    }),
    part("doc-wasm", &[compiler], |_| check(wasm("doc")?.arg("--no-deps"))),
    part("wasm", &[compiler, bindgen, || CHROMIUM.set_up(), || CHROMEDRIVER.set_up()], |_| {
        counted(&mut wasm_test::command(false, &[])?)
    }),
    part("wasm-firefox", &[compiler, bindgen, || FIREFOX.set_up(), || GECKODRIVER.set_up()], |_| {
        counted(&mut wasm_test::command(true, &[])?)
    }),
    part("page", &[page::set_up], |_| {
        build_page()?;
        check(NODE.installed()?.args(["--test", "xtask/"]).current_dir(&workspace().root))?;
        Ok((Counts::ONE, budget::check_page()?.to_string()))
    }),
    part("package", &[compiler, bindgen, npm_tools, chromium], |_| package_tests()).wishes(&[own_network]),
    part("worker", &[page::set_up, || WRANGLER.set_up()], |_| worker_tests()),
    part("e2e", &[page::set_up, chromium], |long| end_to_end(long, &[])).wishes(&[own_network]),
    part("e2e-firefox", &[page::set_up, chromium, || FIREFOX.set_up()], |long| {
        end_to_end(long, &["--config", "firefox.config.ts"])
    })
    .wishes(&[own_network]),
    part("e2e-networks", &[page::set_up, chromium, own_network, network::can_fail], |long| {
        end_to_end(long, &["--config", "networks.config.ts"])
    })
    .wishes(&[|| TURNSERVER.set_up()]),
    part("e2e-worker", &[page::set_up, chromium, || WRANGLER.set_up()], |_| {
        build_worker()?;
        let mut playwright = playwright(Quality::Dev)?;
        playwright.arg("test").args(OF_THE_REGISTRY).env("WORKER", env::current_exe()?);
        counted(&mut playwright)
    })
    .wishes(&[own_network]),
];

/// The end-to-end tests for which it matters what the Registry does.
const OF_THE_REGISTRY: [&str; 9] =
    ["admission", "closing", "cycles", "durable", "integration", "order", "origins", "plain", "reload"];

fn compiler() -> Result<()> {
    toolchain().map(drop)
}

fn own_network() -> Result<()> {
    network::flag().map(drop)
}

fn npm_tools() -> Result<()> {
    npm::bin("").map(drop)
}

fn bindgen() -> Result<()> {
    WASM_BINDGEN.set_up().and(WASM_TEST_RUNNER.set_up())
}

fn chromium() -> Result<()> {
    browsers::headless().map(drop)
}

fn native(subcommand: &str) -> Command {
    let mut cargo = CARGO.command();
    cargo.arg(subcommand).current_dir(&workspace().root);
    cargo
}

/// A cargo command for the packages with WebAssembly code.
fn wasm(subcommand: &str) -> Result<Command> {
    let mut cargo = toolchain()?.cargo(&[subcommand]);
    for package in wasm_test::PACKAGES.into_iter().chain([package::CRATE, worker::PACKAGE]) {
        cargo.args(["--package", package]);
    }
    Ok(cargo)
}

/// nextest runs the tests if it is installed; it leaves those in the documentation to `cargo test`.
fn native_tests() -> Report {
    if output(CARGO.command().args(["nextest", "--version"])).is_err() {
        return counted(native("test").args(["--workspace", "--no-fail-fast"]));
    }
    let mut nextest = native("nextest");
    nextest.args(["run", "--workspace", "--no-fail-fast", "--status-level", "slow", "--final-status-level", "fail"]);
    let (mut counts, note) = counted(&mut nextest)?;
    let (doc, doc_note) = counted(native("test").args(["--workspace", "--doc"]))?;
    counts += doc;
    Ok((counts, if note.is_empty() { doc_note } else { note }))
}

/// Builds the page, once in a run.
fn build_page() -> Result<()> {
    static PAGE: Once<()> = Once::new();
    PAGE.get(|| page::build(Quality::Release)).copied()
}

/// Builds the Worker and its page, once in a run.
fn build_worker() -> Result<()> {
    static WORKER: Once<()> = Once::new();
    build_page()?;
    WORKER.get(worker::build).copied()
}

/// Applications install the packed package as anybody would, and meet in browsers.
fn package_tests() -> Report {
    let package = package::build()?;
    let mut playwright = playwright(Quality::Dev)?;
    playwright.args(["test", "--config", "package.config.ts"]).env("PACKAGE", &package.archive);
    let (counts, note) = counted(&mut playwright)?;
    Ok((counts, if note.is_empty() { package.size.to_string() } else { note }))
}

/// The tests start and stop Workers with this very program.
fn worker_tests() -> Report {
    build_worker()?;
    let mut test = native("test");
    test.args(["--package", worker::PACKAGE, "--test", "dev", "--", "--ignored", "--test-threads=1"]);
    counted(test.env("XTASK", env::current_exe()?))
}

fn end_to_end(long: bool, flags: &[&str]) -> Report {
    build_page()?;
    let mut playwright = playwright(Quality::Dev)?;
    if long {
        playwright.env("LONG", "1");
    }
    if flags.contains(&"firefox.config.ts") {
        playwright.env("FIREFOX", FIREFOX.path()?);
    }
    counted(playwright.arg("test").args(flags))
}

/// Playwright with the environment that the end-to-end tests expect, in a network of its own if possible.
pub fn playwright(server: Quality) -> Result<Command> {
    let server = build_server(server)?;
    let program = PLAYWRIGHT.installed()?;
    let mut playwright = network::around(&program).unwrap_or_else(|_| {
        say("the browsers share the network of this machine");
        program
    });
    playwright.current_dir(workspace().root.join("e2e"));
    playwright.env("PAGE_DIR", &workspace().dist).env("REGISTRY_SERVER", server).env("CHROMIUM", browsers::headless()?);
    Ok(playwright)
}

/// A command that is one check: it succeeds or it does not.
pub fn check(command: &mut Command) -> Report {
    let (status, _) = streamed(command)?;
    if !status.success() {
        bail!("{status}; its output is above");
    }
    Ok((Counts::ONE, String::new()))
}

/// A command whose tests are counted. If it fails without a failed test, because it does not compile for example, that counts
/// as a failure.
fn counted(command: &mut Command) -> Report {
    let (status, text) = streamed(command).context("the tests could not be started")?;
    let mut counts = Counts::read(&text);
    if !status.success() && counts.failed == 0 {
        counts.failed = 1;
    }
    Ok((counts, if status.success() { String::new() } else { format!("{status}; its output is above") }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs::SH;

    #[test]
    #[cfg(unix)]
    fn a_test_command_that_dies_without_a_failed_test_is_a_failure() {
        let (counts, note) = counted(SH.command().args(["-c", "exit 7"])).unwrap();
        assert_eq!(counts.failed, 1);
        assert!(note.contains('7'));
    }
}
