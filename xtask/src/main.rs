//! The project's commands: `cargo xtask help` lists them.

mod api;
mod budget;
mod counts;
mod crates;
mod debian;
mod debian_rust;
mod fuzz;
mod hash;
mod headers;
mod html;
mod network;
mod outcome;
mod package;
mod page;
mod part;
mod process;
mod programs;
mod python;
mod running;
mod serve;
mod setup;
mod shrink;
mod size;
mod starts;
mod sysroot;
mod test;
mod tidy;
mod toolchain;
mod tools;
mod wasm_test;
mod worker;
mod workspace;

use std::ffi::OsString;
use std::net::{SocketAddr, ToSocketAddrs};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use lexopt::{Arg, Parser, ValueExt};

use page::Quality;
use part::{Need, Part};
use programs::{BENCH, CARGO, SERVER};
use setup::Ready;
use wasm_test::Engine;
use workspace::Workspace;

const HELP: &str = "\
cargo xtask COMMAND; each installs what it needs and is missing

  serve [--listen ADDRESS] [--dev] [--open] [-- SERVER FLAGS…]
                              build the page and serve it with a Registry, by default on 127.0.0.1:8787;
                              --dev rebuilds whatever changes
  test [--only PART]… [--long]
                              every check and test, or some; --long with the end-to-end tests that take minutes:
                              fmt tidy clippy clippy-wasm doc doc-wasm crates native api wasm wasm-firefox page
                              types package worker e2e e2e-firefox e2e-networks e2e-worker
  worker dev [--listen ADDRESS] [-- WRANGLER FLAGS…]
                              the Registry and the page as a Cloudflare Worker, by default on 127.0.0.1:8788
  worker build                the same as it would be deployed, in a dry run
  setup [--list]              only install what the tests need; --list says which programs that is, what for, and how
                              each is had
  package                     build and pack the npm package into target/npm/, and print its sizes
  build-page [--dev]          build the page into dist/
  wasm-test [--firefox] [-p PKG]… [-- …]
                              the wasm tests in a headless browser
  wasm CARGO-COMMAND […]      cargo check, build, clippy, doc, tree … for wasm32-unknown-unknown
  e2e [PLAYWRIGHT FLAGS…]     the end-to-end tests, or some of them, as they are built now
  conformance --url URL       check any Registry against the base contract
  bench handshake             how long two browsers take to meet
  bench registry [FLAGS]      what the Registry's server carries: loads, memory, news
  fuzz [--minutes N] [TARGET]…
                              libFuzzer looks for what breaks the Registry, by default 10 minutes for each target;
                              --keep puts what it found before into fuzz/corpus, which the native tests try
  size                        what a visitor of the page downloads
  tidy                        the repository's own rules
";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let mut arguments = Parser::from_env();
    let workspace = Workspace::locate()?;
    let command = match arguments.next()? {
        Some(Arg::Value(command)) => command.string()?,
        Some(Arg::Short('h') | Arg::Long("help")) | None => "help".to_owned(),
        Some(other) => return Err(other.unexpected().into()),
    };
    match command.as_str() {
        "package" => done(package::run(&workspace)),
        "build-page" => build_page(&workspace, arguments),
        "wasm-test" => wasm_test(&workspace, arguments),
        "wasm" => wasm(&workspace, arguments),
        "serve" => serve(&workspace, arguments),
        "worker" => worker(&workspace, arguments),
        "open-when-ready" => done(serve::open_when_ready(arguments.value()?.parse()?)),
        "test" => test(&workspace, arguments),
        "setup" => set_up(&workspace, arguments),
        "e2e" => playwright(&workspace, arguments.raw_args()?.collect()),
        "conformance" => conformance(&workspace, arguments),
        "bench" => bench(&workspace, arguments),
        "fuzz" => fuzz(&workspace, arguments),
        "size" => done(size::run(&workspace)),
        "tidy" => done(tidy::run(&workspace).map(|files| println!("{files} files are tidy"))),
        "help" => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        other => bail!("no command {other}\n\n{HELP}"),
    }
}

fn done(result: Result<()>) -> Result<ExitCode> {
    result.map(|()| ExitCode::SUCCESS)
}

fn serve(workspace: &Workspace, mut arguments: Parser) -> Result<ExitCode> {
    let listen = SocketAddr::from(([127, 0, 0, 1], 8787));
    let mut options = serve::Options { listen, dev: false, open: false, server: Vec::new() };
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("listen") => options.listen = address(&arguments.value()?.string()?)?,
            Arg::Long("dev") => options.dev = true,
            Arg::Long("open") => options.open = true,
            Arg::Value(flag) => {
                options.server.push(flag);
                options.server.extend(arguments.raw_args()?);
            }
            other => return Err(other.unexpected().into()),
        }
    }
    serve::run(workspace, &options)
}

fn worker(workspace: &Workspace, mut arguments: Parser) -> Result<ExitCode> {
    let command = arguments.value().context("worker wants dev or build")?.string()?;
    let mut options = worker::Options { listen: SocketAddr::from(([127, 0, 0, 1], 8788)), wrangler: Vec::new() };
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("listen") if command == "dev" => options.listen = address(&arguments.value()?.string()?)?,
            Arg::Value(flag) if command == "dev" => {
                options.wrangler.push(flag);
                options.wrangler.extend(arguments.raw_args()?);
            }
            other => return Err(other.unexpected().into()),
        }
    }
    match command.as_str() {
        "dev" => worker::dev(workspace, &options),
        "build" => done(worker::build(workspace)),
        other => bail!("no command worker {other}; there are dev and build"),
    }
}

fn address(text: &str) -> Result<SocketAddr> {
    let found = text.to_socket_addrs().ok().and_then(|mut addresses| addresses.next());
    found.with_context(|| format!("--listen wants ADDRESS:PORT such as 127.0.0.1:8787, not {text}"))
}

fn test(workspace: &Workspace, mut arguments: Parser) -> Result<ExitCode> {
    let (mut parts, mut long) = (Vec::new(), false);
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("long") => long = true,
            Arg::Long("only") => {
                for name in arguments.value()?.string()?.split(',') {
                    parts.push(Part::named(name)?);
                }
            }
            other => return Err(other.unexpected().into()),
        }
    }
    if parts.is_empty() {
        parts = Part::ALL.into();
    }
    test::run(workspace, &parts, long)
}

fn playwright(workspace: &Workspace, arguments: Vec<OsString>) -> Result<ExitCode> {
    let ready = Ready::set_up(workspace, &[Need::Page, Need::Chromium, Need::Network]);
    page::build(workspace, ready.tools()?, Quality::Release)?;
    let mut playwright = test::playwright(workspace, &ready)?;
    pass_through(playwright.arg("test").args(arguments))
}

fn conformance(workspace: &Workspace, mut arguments: Parser) -> Result<ExitCode> {
    let mut cargo = CARGO.command();
    cargo.args(["run", "--quiet", "--package", "registry-conformance", "--bin", "registry-conformance", "--"]);
    pass_through(cargo.args(arguments.raw_args()?).current_dir(&workspace.root))
}

fn bench(workspace: &Workspace, mut arguments: Parser) -> Result<ExitCode> {
    match arguments.value()?.string()?.as_str() {
        "handshake" => {
            let flags = ["--config", "bench.config.ts", "handshake"].map(OsString::from);
            playwright(workspace, flags.into_iter().chain(arguments.raw_args()?).collect())
        }
        "registry" => {
            let mut cargo = CARGO.command();
            cargo.args(["build", "--release", "--package", "registry-server", "--package", "registry-bench"]);
            process::quietly("building the server and its load", cargo.current_dir(&workspace.root))?;
            let release = workspace.target.join("release");
            let mut bench = BENCH.at(release.join(BENCH.name()));
            bench.arg("--server").arg(release.join(SERVER.name()));
            bench.arg("--json").arg(workspace.target.join("registry-bench.json"));
            pass_through(bench.args(arguments.raw_args()?))
        }
        other => bail!("no measurement {other}; there are: handshake, registry"),
    }
}

fn fuzz(workspace: &Workspace, mut arguments: Parser) -> Result<ExitCode> {
    let (mut task, mut names) = (fuzz::Task::Look { minutes: fuzz::MINUTES }, Vec::new());
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("minutes") => task = fuzz::Task::Look { minutes: arguments.value()?.parse()? },
            Arg::Long("keep") => task = fuzz::Task::Keep,
            Arg::Value(name) => names.push(name.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    fuzz::run(workspace, &task, &names)
}

fn set_up(workspace: &Workspace, mut arguments: Parser) -> Result<ExitCode> {
    match arguments.next()? {
        None => done(setup::everything(workspace)),
        Some(Arg::Long("list")) => {
            print!("{}", programs::list());
            Ok(ExitCode::SUCCESS)
        }
        Some(other) => Err(other.unexpected().into()),
    }
}

fn build_page(workspace: &Workspace, mut arguments: Parser) -> Result<ExitCode> {
    let mut quality = Quality::Release;
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("dev") => quality = Quality::Dev,
            other => return Err(other.unexpected().into()),
        }
    }
    let tools = setup::page_tools(workspace, |_| Ok(()))?;
    page::build(workspace, &tools, quality)?;
    Ok(ExitCode::SUCCESS)
}

fn wasm_test(workspace: &Workspace, mut arguments: Parser) -> Result<ExitCode> {
    let (mut packages, mut firefox) = (Vec::new(), false);
    let mut rest: Vec<OsString> = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("firefox") => firefox = true,
            Arg::Short('p') | Arg::Long("package") => packages.push(arguments.value()?.string()?),
            Arg::Value(value) => rest.push(value),
            other => return Err(other.unexpected().into()),
        }
    }
    if packages.is_empty() {
        packages = wasm_test::PACKAGES.map(str::to_owned).into();
    }
    let part = if firefox { Part::WasmFirefox } else { Part::Wasm };
    let ready = Ready::set_up(workspace, part.needs());
    let engine = match firefox {
        true => Engine::firefox(ready.firefox()?, ready.geckodriver()?),
        false => Engine::chromium(ready.browser()?),
    };
    let mut cargo = wasm_test::command(workspace, ready.tools()?, &engine, &packages)?;
    pass_through(cargo.arg("--").args(rest))
}

fn wasm(workspace: &Workspace, mut arguments: Parser) -> Result<ExitCode> {
    let subcommand = arguments.value()?.string()?;
    let toolchain = setup::toolchain(workspace)?;
    let mut cargo = toolchain.cargo(workspace, &subcommand);
    pass_through(cargo.args(arguments.raw_args()?))
}

/// Runs the command with our own output, and answers as it does.
fn pass_through(command: &mut std::process::Command) -> Result<ExitCode> {
    let status = command.status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
