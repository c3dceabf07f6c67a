//! `cargo xtask test`: every check there is, one after the other, and a summary.

use std::env;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

use crate::api;
use crate::counts::Counts;
use crate::crates;
use crate::package;
use crate::page::{self, Quality, Tools};
use crate::part::Part;
use crate::process::{command, output, say, seconds, streamed, which};
use crate::serve::build_server;
use crate::setup;
use crate::size;
use crate::tidy;
use crate::tools::{self, Browser};
use crate::wasm_test::{self, Engine};
use crate::worker;
use crate::workspace::Workspace;

/// How a part went.
struct Outcome {
    part: Part,
    counts: Counts,
    /// What there is to add: why it failed, or what a person should know.
    note: String,
    time: Duration,
}

/// What a part answers: how many tests or checks, and a remark.
pub type Report = Result<(Counts, String)>;

/// The workspace and, if a part needs them, the tools.
struct Run<'a> {
    workspace: &'a Workspace,
    tools: Result<(Tools, Browser)>,
    /// The end-to-end tests that take long run too.
    long: bool,
}

/// Runs the parts, all of them even if one fails, and says how they went.
pub fn run(workspace: &Workspace, parts: &[Part], long: bool) -> Result<ExitCode> {
    let started = Instant::now();
    let tools = match parts.iter().any(|part| part.needs_tools()) {
        true => setup::test_tools(workspace).inspect_err(|error| say(&format!("set-up failed: {error:#}"))),
        false => Err(anyhow!("not set up")),
    };
    let set_up = started.elapsed();
    let context = Run { workspace, tools, long };
    let outcomes: Vec<Outcome> = parts.iter().map(|part| context.outcome(*part)).collect();
    Ok(summary(&outcomes, set_up, started.elapsed()))
}

impl Run<'_> {
    fn outcome(&self, part: Part) -> Outcome {
        println!();
        say(&format!("== {}", part.name()));
        let started = Instant::now();
        let report = self.run(part).unwrap_or_else(|error| {
            println!("{error:#}");
            let first = error.to_string().lines().next().unwrap_or_default().to_owned();
            (Counts { failed: 1, ..Counts::default() }, first)
        });
        let (mut counts, mut note) = report;
        if counts.passed + counts.failed == 0 {
            counts.failed = 1;
            note = "no test ran".to_owned();
        }
        Outcome { part, counts, note, time: started.elapsed() }
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
            Part::Api => api::run(self.workspace),
            Part::Wasm => self.wasm_tests(&Engine::chromium(&self.tools()?.1)),
            Part::WasmFirefox => self.wasm_tests(&Engine::firefox(self.workspace)?),
            Part::Page => self.page(),
            Part::Types => {
                check(self.tools()?.0.npm.program("tsc").args(["--project", "e2e"]).current_dir(&self.workspace.root))
            }
            Part::Package => self.package(),
            Part::Worker => self.worker(),
            Part::E2e => self.end_to_end(|_| Ok(())),
            Part::E2eFirefox => self.end_to_end(|playwright| {
                playwright.env("FIREFOX", tools::firefox(self.workspace)?);
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

    fn tools(&self) -> Result<&(Tools, Browser)> {
        self.tools.as_ref().map_err(|_| anyhow!("the set-up failed; its message is at the top"))
    }

    fn native(&self, subcommand: &str) -> Command {
        let mut cargo = command("cargo");
        cargo.arg(subcommand).current_dir(&self.workspace.root);
        cargo
    }

    /// A cargo command for the packages with wasm code.
    fn wasm(&self, subcommand: &str) -> Result<Command> {
        let mut cargo = self.tools()?.0.toolchain.cargo(self.workspace, subcommand);
        for package in wasm_test::PACKAGES.into_iter().chain([package::CRATE, worker::PACKAGE]) {
            cargo.args(["--package", package]);
        }
        Ok(cargo)
    }

    /// nextest runs the tests where it is installed; it leaves those in the documentation to `cargo test`.
    fn native_tests(&self) -> Report {
        if output(command("cargo").args(["nextest", "--version"])).is_err() {
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
        let (tools, _) = self.tools()?;
        let packages = wasm_test::PACKAGES.map(str::to_owned);
        let mut cargo = wasm_test::command(self.workspace, tools, engine, &packages)?;
        counted(&mut cargo, Counts::from_cargo_test)
    }

    fn page(&self) -> Report {
        let (tools, _) = self.tools()?;
        page::build(self.workspace, tools, Quality::Release)?;
        if tools.toolchain.is_small(self.workspace) {
            size::check(self.workspace)?;
        }
        Ok((one(), size::one_line(self.workspace)?))
    }

    /// Applications install the packed package as anybody would, and meet in browsers.
    fn package(&self) -> Report {
        let (tools, browser) = self.tools()?;
        let package = package::build(self.workspace, tools)?;
        let (mut playwright, _) = playwright(self.workspace, tools, browser)?;
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
        let (tools, browser) = self.tools()?;
        page::build(self.workspace, tools, Quality::Release)?;
        let (mut playwright, alone) = playwright(self.workspace, tools, browser)?;
        if self.long {
            playwright.env("LONG", "1");
        }
        with(playwright.arg("test"))?;
        let (counts, mut note) = counted(&mut playwright, Counts::from_playwright)?;
        if !alone && note.is_empty() {
            note = "without a network of its own: no permission for a namespace".to_owned();
        }
        Ok((counts, note))
    }
}

const CLIPPY_NATIVE: [&str; 6] = ["--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"];

/// Playwright with what the end-to-end tests need to know, in a network of its own if that is permitted.
pub fn playwright(workspace: &Workspace, tools: &Tools, browser: &Browser) -> Result<(Command, bool)> {
    let server = build_server(workspace, Quality::Dev)?;
    let program = tools.npm.program("playwright");
    let alone = may_unshare();
    let mut playwright = match alone {
        Some(flags) => {
            let mut unshare = command("unshare");
            unshare.args([flags, "sh", "-c", "ip link set lo up && exec \"$@\"", "sh"]).arg(program.get_program());
            unshare
        }
        None => {
            say("no permission for a network namespace: the browsers share this machine's network");
            program
        }
    };
    playwright.current_dir(workspace.root.join("e2e"));
    playwright.env("PAGE_DIR", &workspace.dist).env("REGISTRY_SERVER", server).env("CHROMIUM", &browser.headless);
    Ok((playwright, alone.is_some()))
}

/// How a network namespace with loopback can be had: as root, or as root of a user namespace.
fn may_unshare() -> Option<&'static str> {
    which("ip")?;
    let works = |flags: &str| {
        let mut unshare = command("unshare");
        output(unshare.args([flags, "sh", "-c", "ip link set lo up"])).is_ok()
    };
    ["-n", "-rn"].into_iter().find(|flags| works(flags))
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

/// Prints what ran, how many and how long, and answers for the process.
fn summary(outcomes: &[Outcome], set_up: Duration, total: Duration) -> ExitCode {
    let mut all = Counts::default();
    println!("\n{:<12} {:<6} {:>6} {:>6} {:>7} {:>12}", "part", "", "passed", "failed", "skipped", "time");
    println!("{:<12} {:<6} {:>6} {:>6} {:>7} {:>12}", "set-up", "", "", "", "", seconds(set_up));
    for Outcome { part, counts, note, time } in outcomes {
        all += *counts;
        let result = if counts.failed == 0 { "ok" } else { "FAILED" };
        let Counts { passed, failed, skipped } = counts;
        let (name, time) = (part.name(), seconds(*time));
        println!("{name:<12} {result:<6} {passed:>6} {failed:>6} {skipped:>7} {time:>12}  {note}");
    }
    println!("\n{} in {}", if all.failed == 0 { "all is well" } else { "something failed" }, seconds(total));
    println!("{} passed, {} failed", all.passed, all.failed);
    if all.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_test_command_that_dies_without_a_failed_test_is_a_failure() {
        let (counts, note) = counted(command("sh").args(["-c", "exit 7"]), Counts::from_cargo_test).unwrap();
        assert_eq!(counts.failed, 1);
        assert!(note.contains('7'));
    }
}
