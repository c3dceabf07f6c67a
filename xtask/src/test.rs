//! `cargo xtask test`: every check there is, one after the other, and a summary.

use std::cell::OnceCell;
use std::env;
use std::process::{Command, ExitCode};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::api;
use crate::browsers::headless;
use crate::budget;
use crate::counts::Counts;
use crate::crates;
use crate::network;
use crate::outcome::{Outcome, Report, first_line, judge, summary};
use crate::package;
use crate::page::{self, Quality};
use crate::part::Part;
use crate::process::{output, say, streamed};
use crate::programs::{CARGO, FIREFOX, NODE, PLAYWRIGHT, TSC};
use crate::serve::build_server;
use crate::setup::{self, Unavailable, require};
use crate::tidy;
use crate::toolchain::toolchain;
use crate::wasm_test;
use crate::worker;
use crate::workspace::workspace;

/// One run of some parts.
struct Run {
    /// The end-to-end tests that take long run too.
    long: bool,
    /// The page was built.
    page: OnceCell<()>,
    /// The Worker was built.
    worker: OnceCell<()>,
}

/// Runs these parts or all, even if one fails, and says how they went. What they need is set up meanwhile.
pub fn run(only: &[Part], long: bool) -> Result<ExitCode> {
    let started = Instant::now();
    let parts = if only.is_empty() { Part::value_variants() } else { only };
    let run = Run { long, page: OnceCell::new(), worker: OnceCell::new() };
    let outcomes: Vec<Outcome> = thread::scope(|scope| {
        setup::prepare(scope, parts);
        parts.iter().map(|part| run.outcome(*part)).collect()
    });
    Ok(summary(&outcomes, started.elapsed()))
}

impl Run {
    fn outcome(&self, part: Part) -> Outcome {
        println!();
        say(&format!("== {}", part.name()));
        let asked = Instant::now();
        let ready = self.wait_for(part);
        let (waited, started) = (asked.elapsed(), Instant::now());
        let report = ready.and_then(|without| {
            let (counts, note) = self.run(part)?;
            Ok((counts, if note.is_empty() { without } else { note }))
        });
        let (verdict, counts, note) = judge(report.inspect_err(|error| println!("{error:#}")));
        Outcome { part, verdict, counts, note, waited, time: started.elapsed() }
    }

    /// Waits for what the part needs. What it only wishes for may be missing, but not for having failed; the result says so.
    fn wait_for(&self, part: Part) -> Result<String> {
        require(part.needs())?;
        match require(part.wishes()) {
            Err(error) if error.is::<Unavailable>() => Ok(format!("with less: {}", first_line(&error.to_string()))),
            result => result.map(|()| String::new()),
        }
    }

    fn run(&self, part: Part) -> Report {
        match part {
            Part::Fmt => check(self.native("fmt").args(["--all", "--check"])),
            Part::Tidy => tidy::run().map(|files| (one(), format!("{files} files"))),
            Part::Types => check(TSC.installed()?.args(["--project", "e2e"]).current_dir(&workspace().root)),
            Part::Clippy => check(self.native("clippy").args(CLIPPY_NATIVE)),
            Part::Doc => {
                check(self.native("doc").args(["--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
            }
            Part::Crates => check(&mut crates::publish_dry_run()?),
            Part::Native => self.native_tests(),
            Part::Api => api::run(),
            Part::ClippyWasm => check(self.wasm("clippy")?.arg("--all-targets").args(["--", "-D", "warnings"])),
            Part::DocWasm => check(self.wasm("doc")?.arg("--no-deps")),
            Part::Wasm => counted(&mut wasm_test::command(false, &[])?, Counts::from_cargo_test),
            Part::WasmFirefox => counted(&mut wasm_test::command(true, &[])?, Counts::from_cargo_test),
            Part::Page => self.check_page(),
            Part::Package => self.package(),
            Part::Worker => self.worker(),
            Part::E2e => self.end_to_end(&[], |_| Ok(())),
            Part::E2eFirefox => self.end_to_end(&["--config", "firefox.config.ts"], |playwright| {
                playwright.env("FIREFOX", FIREFOX.path()?);
                Ok(())
            }),
            Part::E2eNetworks => self.end_to_end(&["--config", "networks.config.ts"], |_| Ok(())),
            Part::E2eWorker => self.end_to_end(&[], |playwright| {
                self.build_worker()?;
                playwright.env("WORKER", env::current_exe()?);
                Ok(())
            }),
        }
    }

    fn native(&self, subcommand: &str) -> Command {
        let mut cargo = CARGO.command();
        cargo.arg(subcommand).current_dir(&workspace().root);
        cargo
    }

    /// A cargo command for the packages with wasm code.
    fn wasm(&self, subcommand: &str) -> Result<Command> {
        let mut cargo = toolchain()?.cargo(&[subcommand]);
        for package in wasm_test::PACKAGES.into_iter().chain([package::CRATE, worker::PACKAGE]) {
            cargo.args(["--package", package]);
        }
        Ok(cargo)
    }

    /// nextest runs the tests where it is installed; it leaves those in the documentation to `cargo test`.
    fn native_tests(&self) -> Report {
        if output(CARGO.command().args(["nextest", "--version"])).is_err() {
            return counted(self.native("test").args(["--workspace", "--no-fail-fast"]), Counts::from_cargo_test);
        }
        let mut nextest = self.native("nextest");
        nextest.args([
            "run",
            "--workspace",
            "--no-fail-fast",
            "--status-level",
            "slow",
            "--final-status-level",
            "fail",
        ]);
        let (mut counts, note) = counted(&mut nextest, Counts::from_nextest)?;
        let (doc, doc_note) = counted(self.native("test").args(["--workspace", "--doc"]), Counts::from_cargo_test)?;
        counts += doc;
        Ok((counts, [note, doc_note].into_iter().find(|note| !note.is_empty()).unwrap_or_default()))
    }

    /// Builds the page, unless this run has built it already.
    fn build_page(&self) -> Result<()> {
        if self.page.get().is_none() {
            page::build(Quality::Release)?;
            let _ = self.page.set(());
        }
        Ok(())
    }

    /// Builds the Worker, unless this run has built it already.
    fn build_worker(&self) -> Result<()> {
        self.build_page()?;
        if self.worker.get().is_none() {
            worker::build()?;
            let _ = self.worker.set(());
        }
        Ok(())
    }

    fn check_page(&self) -> Report {
        self.build_page()?;
        check(NODE.installed()?.arg("--test").arg("xtask/").current_dir(&workspace().root))?;
        Ok((one(), budget::check_page()?.to_string()))
    }

    /// Applications install the packed package as anybody would, and meet in browsers.
    fn package(&self) -> Report {
        let package = package::build()?;
        let mut playwright = playwright()?;
        playwright.args(["test", "--config", "package.config.ts"]).env("PACKAGE", &package.archive);
        let (counts, note) = counted(&mut playwright, Counts::from_playwright)?;
        Ok((counts, if note.is_empty() { package.size.to_string() } else { note }))
    }

    /// The tests start and stop Workers by way of this very program.
    fn worker(&self) -> Report {
        self.build_worker()?;
        let mut test = self.native("test");
        test.args(["--package", worker::PACKAGE, "--test", "dev", "--", "--ignored", "--test-threads=1"]);
        counted(test.env("XTASK", env::current_exe()?), Counts::from_cargo_test)
    }

    fn end_to_end(&self, flags: &[&str], prepare: impl FnOnce(&mut Command) -> Result<()>) -> Report {
        self.build_page()?;
        let mut playwright = playwright()?;
        if self.long {
            playwright.env("LONG", "1");
        }
        prepare(&mut playwright)?;
        counted(playwright.arg("test").args(flags), Counts::from_playwright)
    }
}

const CLIPPY_NATIVE: [&str; 6] = ["--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"];

/// Playwright with what the end-to-end tests need to know, in a network of its own if there is one.
pub fn playwright() -> Result<Command> {
    let server = build_server(Quality::Dev)?;
    let program = PLAYWRIGHT.installed()?;
    let mut playwright = network::around(&program).unwrap_or_else(|_| {
        say("the browsers share this machine's network");
        program
    });
    playwright.current_dir(workspace().root.join("e2e"));
    playwright.env("PAGE_DIR", &workspace().dist).env("REGISTRY_SERVER", server);
    playwright.env("CHROMIUM", headless()?);
    Ok(playwright)
}

fn one() -> Counts {
    Counts { passed: 1, ..Counts::default() }
}

/// A command that is one check: it succeeds or it does not.
fn check(command: &mut Command) -> Report {
    let (status, _) = streamed(command)?;
    if !status.success() {
        bail!("{status}; its output is above");
    }
    Ok((one(), String::new()))
}

/// A command whose tests are counted. That it fails without a failed test, by not compiling say, counts as a failure.
pub fn counted(command: &mut Command, count: impl Fn(&str) -> Counts) -> Report {
    let (status, text) = streamed(command).context("the tests could not be started")?;
    let mut counts = count(&text);
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
        let (counts, note) = counted(SH.command().args(["-c", "exit 7"]), Counts::from_cargo_test).unwrap();
        assert_eq!(counts.failed, 1);
        assert!(note.contains('7'));
    }
}
