//! The project's commands: `cargo xtask help` lists them.

mod budget;
mod fuzz;
mod network;
mod package;
mod page;
mod playwright;
mod process;
mod programs;
mod running;
mod serve;
mod setup;
mod test;
mod tidy;
mod wasm;
mod wasm_test;
mod worker;
mod workspace;

use std::ffi::OsString;
use std::num::NonZeroU64;
use std::process::{Command as Process, ExitCode};

use anyhow::Result;
use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand};

use page::Quality;
use playwright::playwright;
use programs::{BENCH, SERVER};
use workspace::{cargo, workspace};

/// The project's commands. Each of them installs what it needs.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
enum Command {
    /// Build the page and serve it with a Registry
    Serve(serve::Options),
    /// Run every check and test, or some of them
    Test {
        /// Run only these parts
        #[arg(long, value_name = "PART", value_delimiter = ',', value_parser = part_names())]
        only: Vec<String>,
        /// Run also the end-to-end tests that take minutes
        #[arg(long)]
        long: bool,
    },
    /// The Registry and the page as a Cloudflare Worker
    #[command(subcommand)]
    Worker(Worker),
    /// Install everything that the tests need
    Setup {
        /// List all programs, with what they are for and where they come from
        #[arg(long)]
        list: bool,
    },
    /// Build and pack the npm package into target/npm/, and print its sizes
    Package,
    /// Build the page into dist/
    BuildPage {
        /// Build it quickly, without optimisation and compression
        #[arg(long)]
        dev: bool,
    },
    /// Run Trunk with its tools in the PATH: trunk build, watch, serve …
    Trunk(Rest),
    /// Run the WebAssembly tests in a headless browser
    WasmTest {
        /// Use Firefox instead of Chromium
        #[arg(long)]
        firefox: bool,
        /// Run only the tests of this package
        #[arg(short, long)]
        package: Vec<String>,
        /// Arguments for the test programs
        #[arg(last = true)]
        rest: Vec<OsString>,
    },
    /// Run cargo for wasm32-unknown-unknown: check, build, clippy, doc, tree …
    Wasm(Rest),
    /// Build the page and run the end-to-end tests, or some of them
    E2e(Rest),
    /// Check any Registry against the API contract: conformance --url URL
    Conformance(Rest),
    /// Run a benchmark, or all of them
    Bench {
        #[command(subcommand)]
        which: Option<Bench>,
    },
    /// Fuzz the Registry with libFuzzer
    Fuzz {
        /// How many minutes for each target
        #[arg(long, value_name = "N", default_value = "10")]
        minutes: NonZeroU64,
        /// Instead add the inputs found before to fuzz/corpus, which the native tests use
        #[arg(long)]
        keep: bool,
        /// The targets; by default all
        targets: Vec<String>,
    },
    /// Take the pictures of docs/DEBUGGING.md
    Pictures,
    /// Print the size of what a visitor of the page downloads
    Size,
    /// Check the repository's own rules
    Tidy,
}

#[derive(Subcommand)]
enum Worker {
    /// Build it and run it locally
    Dev(worker::Options),
    /// Build it in a dry run of a deployment
    Build,
}

#[derive(Subcommand)]
enum Bench {
    /// How fast two browsers connect and talk, compared with other libraries, and what the page costs
    Browser(Rest),
    /// How much load the Registry's server can take
    Registry(Rest),
}

/// Arguments that are passed on to another program.
#[derive(Args, Default)]
struct Rest {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

fn part_names() -> PossibleValuesParser {
    PossibleValuesParser::new(test::PARTS.iter().map(|part| part.name))
}

fn main() -> ExitCode {
    run(Command::parse()).unwrap_or_else(|error| {
        eprintln!("\nxtask: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(command: Command) -> Result<ExitCode> {
    let done = |()| ExitCode::SUCCESS;
    match command {
        Command::Serve(options) => serve::run(&options),
        Command::Test { only, long } => test::run(&only, long),
        Command::Worker(Worker::Dev(options)) => worker::dev(&options),
        Command::Worker(Worker::Build) => {
            page::build(Quality::Release)?;
            worker::build().map(done)
        }
        Command::Setup { list } if list => {
            print!("{}", programs::list());
            Ok(ExitCode::SUCCESS)
        }
        Command::Setup { .. } => test::set_up().map(done),
        Command::Package => {
            package::build().map(|package| println!("{}\n{}", package.size, package.archive.display())).map(done)
        }
        Command::BuildPage { dev } => page::build(if dev { Quality::Dev } else { Quality::Release }).map(done),
        Command::Trunk(rest) => pass_through(page::trunk()?.args(rest.arguments)),
        Command::WasmTest { firefox, package, rest } => {
            pass_through(wasm_test::command(firefox, &package)?.arg("--").args(rest))
        }
        Command::Wasm(rest) => pass_through(&mut setup::toolchain::toolchain()?.cargo(&rest.arguments)),
        Command::E2e(rest) => end_to_end(&[], &rest),
        Command::Conformance(rest) => {
            let conformance = ["--package", "registry-conformance", "--bin", "registry-conformance", "--"];
            pass_through(cargo("run").arg("--quiet").args(conformance).args(rest.arguments))
        }
        Command::Bench { which: Some(Bench::Browser(rest)) } => bench_browser(&rest.arguments),
        Command::Bench { which: Some(Bench::Registry(rest)) } => bench_registry(rest.arguments),
        Command::Bench { which: None } => {
            let browser = bench_browser(&[])?;
            let registry = bench_registry(Vec::new())?;
            Ok(if browser == ExitCode::SUCCESS { registry } else { browser })
        }
        Command::Fuzz { minutes, keep, targets } => fuzz::run((!keep).then_some(minutes), &targets),
        Command::Pictures => end_to_end(&["--config", "pictures.config.ts"], &Rest::default()),
        Command::Size => budget::print().map(done),
        Command::Tidy => tidy::run().map(|files| println!("{files} files are tidy")).map(done),
    }
}

fn end_to_end(flags: &[&str], rest: &Rest) -> Result<ExitCode> {
    page::build(Quality::Release)?;
    pass_through(playwright(Quality::Dev)?.arg("test").args(flags).args(&rest.arguments))
}

fn bench_browser(arguments: &[OsString]) -> Result<ExitCode> {
    page::build(Quality::Release)?;
    let package = package::build()?;
    let mut playwright = playwright(Quality::Release)?;
    playwright.args(["test", "--config", "bench.config.ts"]).args(arguments).env("PACKAGE_DIR", package.content);
    pass_through(&mut playwright)
}

fn bench_registry(arguments: Vec<OsString>) -> Result<ExitCode> {
    let mut build = cargo("build");
    build.args(["--release", "--package", "registry-server", "--package", "registry-bench"]);
    process::step("building the server and the load generator", &mut build)?;
    let release = workspace().target.join("release");
    let mut bench = BENCH.at(release.join(BENCH.file_name()));
    bench.arg("--server").arg(release.join(SERVER.file_name()));
    bench.arg("--json").arg(workspace().target.join("registry-bench.json"));
    pass_through(bench.args(arguments))
}

/// Runs a command and returns its success as an exit code.
fn pass_through(command: &mut Process) -> Result<ExitCode> {
    let status = command.status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
