//! `cargo xtask test`: every check there is, one after the other, and a summary.

use std::env;
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::api;
use crate::counts::Counts;
use crate::crates;
use crate::outcome::{Outcome, Report, first_line, judge, summary};
use crate::package;
use crate::page::{self, Quality};
use crate::part::{Need, Part};
use crate::process::{output, say, streamed};
use crate::programs::{CARGO, PLAYWRIGHT, TSC};
use crate::serve::build_server;
use crate::setup::{Ready, Unavailable};
use crate::size;
use crate::tidy;
use crate::wasm_test::{self, Engine};
use crate::worker;
use crate::workspace::Workspace;

/// The workspace, and what was set up for the parts.
struct Run<'a> {
    workspace: &'a Workspace,
    ready: Ready,
    /// The end-to-end tests that take long run too.
    long: bool,
}

/// Runs the parts, all of them even if one fails, and says how they went.
pub fn run(workspace: &Workspace, parts: &[Part], long: bool) -> Result<ExitCode> {
    let started = Instant::now();
    let needs: Vec<Need> = parts.iter().flat_map(|part| part.needs().iter().chain(part.wishes())).copied().collect();
    let context = Run { workspace, ready: Ready::set_up(workspace, &needs), long };
    let set_up = started.elapsed();
    let outcomes: Vec<Outcome> = parts.iter().map(|part| context.outcome(*part)).collect();
    Ok(summary(&outcomes, set_up, started.elapsed()))
}

impl Run<'_> {
    fn outcome(&self, part: Part) -> Outcome {
        println!();
        say(&format!("== {}", part.name()));
        let started = Instant::now();
        let report = self.report(part).inspect_err(|error| println!("{error:#}"));
        let (verdict, counts, note) = judge(report);
        Outcome { part, verdict, counts, note, time: started.elapsed() }
    }

    /// Runs the part if all is there that it needs. What it only wishes for may be missing, but not for having failed.
    fn report(&self, part: Part) -> Report {
        self.ready.require(part.needs())?;
        let mut without = String::new();
        for wish in part.wishes() {
            match self.ready.check(*wish) {
                Err(error) if !error.is::<Unavailable>() => return Err(error),
                Err(error) => without = format!("without a {}: {}", wish.name(), first_line(&error.to_string())),
                Ok(()) => {}
            }
        }
        let (counts, note) = self.run(part)?;
        Ok((counts, if note.is_empty() { without } else { note }))
    }

    fn run(&self, part: Part) -> Report {
        match part {
            Part::Fmt => check(self.native("fmt").args(["--all", "--check"])),
            Part::Tidy => tidy::run(self.workspace).map(|files| (one(), format!("{files} files"))),
            Part::Clippy => check(self.native("clippy").args(CLIPPY_NATIVE)),
            Part::ClippyWasm => check(self.wasm("clippy")?.arg("--all-targets").args(["--", "-D", "warnings"])),
            Part::Doc => {
                check(self.native("doc").args(["--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
            }
            Part::DocWasm => {
                let deny = format!("target.{}.rustdocflags=[\"-Dwarnings\"]", crate::toolchain::TARGET);
                check(self.wasm("doc")?.args(["--no-deps", "--config", &deny]))
            }
            Part::Crates => check(&mut crates::publish_dry_run(self.workspace)?),
            Part::Native => self.native_tests(),
            Part::Api => api::run(self.workspace, self.ready.python()?),
            Part::Wasm => self.wasm_tests(&Engine::chromium(self.ready.browser()?)),
            Part::WasmFirefox => self.wasm_tests(&Engine::firefox(self.ready.firefox()?, self.ready.geckodriver()?)),
            Part::Page => self.page(),
            Part::Types => {
                let mut tsc = self.ready.tools()?.npm.program(&TSC);
                check(tsc.args(["--project", "e2e"]).current_dir(&self.workspace.root))
            }
            Part::Package => self.package(),
            Part::Worker => self.worker(),
            Part::E2e => self.end_to_end(|_| Ok(())),
            Part::E2eFirefox => self.end_to_end(|playwright| {
                playwright.env("FIREFOX", self.ready.firefox()?);
                playwright.args(["--config", "firefox.config.ts"]);
                Ok(())
            }),
            Part::E2eNetworks => self.end_to_end(|playwright| {
                playwright.args(["--config", "networks.config.ts"]);
                Ok(())
            }),
            Part::E2eWorker => self.end_to_end(|playwright| {
                worker::build(self.workspace)?;
                playwright.env("WORKER", env::current_exe()?);
                Ok(())
            }),
        }
    }

    fn native(&self, subcommand: &str) -> Command {
        let mut cargo = CARGO.command();
        cargo.arg(subcommand).current_dir(&self.workspace.root);
        cargo
    }

    /// A cargo command for the packages with wasm code.
    fn wasm(&self, subcommand: &str) -> Result<Command> {
        let mut cargo = self.ready.tools()?.toolchain.cargo(self.workspace, subcommand);
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

    fn wasm_tests(&self, engine: &Engine) -> Report {
        let tools = self.ready.tools()?;
        let packages = wasm_test::PACKAGES.map(str::to_owned);
        let mut cargo = wasm_test::command(self.workspace, tools, engine, &packages)?;
        counted(&mut cargo, Counts::from_cargo_test)
    }

    fn page(&self) -> Report {
        let tools = self.ready.tools()?;
        page::build(self.workspace, tools, Quality::Release)?;
        if tools.toolchain.is_small(self.workspace) {
            size::check(self.workspace)?;
        }
        Ok((one(), size::one_line(self.workspace)?))
    }

    /// Applications install the packed package as anybody would, and meet in browsers.
    fn package(&self) -> Report {
        let package = package::build(self.workspace, self.ready.tools()?)?;
        let mut playwright = playwright(self.workspace, &self.ready)?;
        playwright.args(["test", "--config", "package.config.ts"]).env("PACKAGE", &package.archive);
        let (counts, note) = counted(&mut playwright, Counts::from_playwright)?;
        Ok((counts, if note.is_empty() { package.sizes } else { note }))
    }

    /// The tests start and stop Workers by way of this very program.
    fn worker(&self) -> Report {
        worker::build(self.workspace)?;
        let mut test = self.native("test");
        test.args(["--package", worker::PACKAGE, "--test", "dev", "--", "--ignored", "--test-threads=1"]);
        counted(test.env("XTASK", env::current_exe()?), Counts::from_cargo_test)
    }

    fn end_to_end(&self, with: impl FnOnce(&mut Command) -> Result<()>) -> Report {
        page::build(self.workspace, self.ready.tools()?, Quality::Release)?;
        let mut playwright = playwright(self.workspace, &self.ready)?;
        if self.long {
            playwright.env("LONG", "1");
        }
        with(playwright.arg("test"))?;
        counted(&mut playwright, Counts::from_playwright)
    }
}

const CLIPPY_NATIVE: [&str; 6] = ["--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"];

/// Playwright with what the end-to-end tests need to know, in a network of its own if there is one.
pub fn playwright(workspace: &Workspace, ready: &Ready) -> Result<Command> {
    let server = build_server(workspace, Quality::Dev)?;
    let program = ready.tools()?.npm.program(&PLAYWRIGHT);
    let mut playwright = match ready.network() {
        Some(network) => network.around(&program),
        None => {
            say("the browsers share this machine's network");
            program
        }
    };
    playwright.current_dir(workspace.root.join("e2e"));
    playwright.env("PAGE_DIR", &workspace.dist).env("REGISTRY_SERVER", server);
    playwright.env("CHROMIUM", &ready.browser()?.headless);
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
