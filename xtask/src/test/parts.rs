//! The parts of `cargo xtask test`: what each needs and what it runs.

use std::env;
use std::process::Command;
use std::sync::OnceLock;

use anyhow::Result;

use super::counts::{Counts, Report, check, counted};
use super::{api, crates};
use crate::page::{self, Quality};
use crate::playwright::{self, playwright};
use crate::process::output;
use crate::programs::{
    CARGO, CHROMEDRIVER, CHROMIUM, CLIPPY, FIREFOX, GECKODRIVER, GIT, NODE, RUSTFMT, TSC, TURNSERVER, WASM_BINDGEN,
    WASM_TEST_RUNNER, WRANGLER,
};
use crate::setup::toolchain::toolchain;
use crate::setup::{Need, npm, once};
use crate::workspace::{cargo, workspace};
use crate::{budget, network, package, tidy, wasm_test, worker};

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

const COMPILER: Need = || toolchain().map(drop);
const BINDGEN: Need = || WASM_BINDGEN.set_up().and(WASM_TEST_RUNNER.set_up());
const NPM_TOOLS: Need = || npm::bin("").map(drop);
const TEST_BROWSER: Need = || playwright::chromium().map(drop);
const OWN_NETWORK: Need = || network::flag().map(drop);

/// All parts in the order in which they run: first those that need little and fail quickly.
pub static PARTS: [Part; 19] = [
    part("fmt", &[|| RUSTFMT.set_up()], |_| check(cargo("fmt").args(["--all", "--check"]))),
    part("tidy", &[|| GIT.set_up()], |_| tidy::run().map(|files| (Counts::ONE, format!("{files} files")))),
    part("types", &[NPM_TOOLS], |_| check(TSC.installed()?.args(["--project", "e2e"]).current_dir(&workspace().root))),
    part("clippy", &[|| CLIPPY.set_up()], |_| {
        check(cargo("clippy").args(["--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"]))
    }),
    part("doc", &[], |_| check(cargo("doc").args(["--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))),
    part("crates", &[], |_| check(&mut crates::publish_dry_run()?)),
    part("native", &[], |_| native_tests()),
    part("api", &[|| api::schemathesis().map(drop)], |_| api::run()),
    part("clippy-wasm", &[COMPILER, || CLIPPY.set_up()], |_| {
        check(wasm("clippy")?.args(["--all-targets", "--", "-D", "warnings"]))
    }),
    part("doc-wasm", &[COMPILER], |_| check(wasm("doc")?.arg("--no-deps"))),
    part("wasm", &[COMPILER, BINDGEN, || CHROMIUM.set_up(), || CHROMEDRIVER.set_up()], |_| {
        counted(&mut wasm_test::command(false, &[])?)
    }),
    part("wasm-firefox", &[COMPILER, BINDGEN, || FIREFOX.set_up(), || GECKODRIVER.set_up()], |_| {
        counted(&mut wasm_test::command(true, &[])?)
    }),
    part("page", &[page::set_up], |_| {
        build_page()?;
        check(NODE.installed()?.args(["--test", "xtask/"]).current_dir(&workspace().root))?;
        Ok((Counts::ONE, budget::check_page()?.to_string()))
    }),
    part("package", &[COMPILER, BINDGEN, NPM_TOOLS, TEST_BROWSER], |_| package_tests()).wishes(&[OWN_NETWORK]),
    part("worker", &[page::set_up, || WRANGLER.set_up()], |_| worker_tests()),
    part("e2e", &[page::set_up, TEST_BROWSER], |long| end_to_end(long, &[]))
        .wishes(&[OWN_NETWORK, || TURNSERVER.set_up()]),
    part("e2e-firefox", &[page::set_up, TEST_BROWSER, || FIREFOX.set_up()], |long| {
        end_to_end(long, &["--config", "firefox.config.ts"])
    })
    .wishes(&[OWN_NETWORK]),
    part("e2e-networks", &[page::set_up, TEST_BROWSER, OWN_NETWORK, network::can_fail], |long| {
        end_to_end(long, &["--config", "networks.config.ts"])
    })
    .wishes(&[|| TURNSERVER.set_up()]),
    part("e2e-worker", &[page::set_up, TEST_BROWSER, || WRANGLER.set_up()], |_| {
        build_worker()?;
        let mut playwright = playwright(Quality::Dev)?;
        playwright.arg("test").args(OF_THE_REGISTRY).env("WORKER", env::current_exe()?);
        counted(&mut playwright)
    })
    .wishes(&[OWN_NETWORK]),
];

/// The end-to-end tests for which it matters what the Registry does.
const OF_THE_REGISTRY: [&str; 9] =
    ["admission", "closing", "cycles", "durable", "integration", "order", "origins", "plain", "reload"];

/// A cargo command for the packages with WebAssembly code.
fn wasm(subcommand: &str) -> Result<Command> {
    let mut cargo = toolchain()?.cargo(&[subcommand]);
    for package in wasm_test::PACKAGES.into_iter().chain([package::CRATE, package::TESTING_CRATE, worker::PACKAGE]) {
        cargo.args(["--package", package]);
    }
    Ok(cargo)
}

/// nextest runs the tests if it is installed; it leaves those in the documentation to `cargo test`.
fn native_tests() -> Report {
    if output(CARGO.command().args(["nextest", "--version"])).is_err() {
        return counted(cargo("test").args(["--workspace", "--no-fail-fast"]));
    }
    let mut nextest = cargo("nextest");
    nextest.args(["run", "--workspace", "--no-fail-fast", "--status-level", "slow", "--final-status-level", "fail"]);
    let (mut counts, note) = counted(&mut nextest)?;
    let (doc, doc_note) = counted(cargo("test").args(["--workspace", "--doc"]))?;
    counts += doc;
    Ok((counts, if note.is_empty() { doc_note } else { note }))
}

/// Builds the page, once in a run.
fn build_page() -> Result<()> {
    static PAGE: OnceLock<Result<()>> = OnceLock::new();
    once(&PAGE, || page::build(Quality::Release)).copied()
}

/// Builds the Worker and its page, once in a run.
fn build_worker() -> Result<()> {
    static WORKER: OnceLock<Result<()>> = OnceLock::new();
    build_page()?;
    once(&WORKER, worker::build).copied()
}

/// Applications install the packed package as anybody would, and meet in browsers.
fn package_tests() -> Report {
    let package = package::build()?;
    npm::bin("e2e/package/tools")?;
    let mut playwright = playwright(Quality::Dev)?;
    playwright.args(["test", "--config", "package.config.ts"]).env("PACKAGE", &package.archive);
    let (counts, note) = counted(&mut playwright)?;
    Ok((counts, if note.is_empty() { package.size.to_string() } else { note }))
}

/// The tests start and stop Workers with this very program.
fn worker_tests() -> Report {
    build_worker()?;
    let mut test = cargo("test");
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
