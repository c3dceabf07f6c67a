//! The project's commands: `cargo xtask help` lists them.

mod debian;
mod hash;
mod html;
mod page;
mod process;
mod setup;
mod toolchain;
mod tools;
mod wasm_test;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::{Arg, Parser, ValueExt};

use page::Quality;
use workspace::Workspace;

const HELP: &str = "\
cargo xtask COMMAND

  build-page [--dev]          build the page into dist/
  wasm-test [-p PKG]… [-- …]  the wasm tests in a headless browser
  wasm CARGO-COMMAND […]      cargo check, build, clippy, doc, tree … for wasm32-unknown-unknown
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
        "build-page" => build_page(&workspace, arguments),
        "wasm-test" => wasm_test(&workspace, arguments),
        "wasm" => wasm(&workspace, arguments),
        "help" => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        other => bail!("no command {other}\n\n{HELP}"),
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
    let mut packages = Vec::new();
    let mut rest: Vec<OsString> = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Short('p') | Arg::Long("package") => packages.push(arguments.value()?.string()?),
            Arg::Value(value) => rest.push(value),
            other => return Err(other.unexpected().into()),
        }
    }
    if packages.is_empty() {
        packages = wasm_test::PACKAGES.map(str::to_owned).into();
    }
    let (tools, browser) = setup::test_tools(workspace)?;
    let mut cargo = wasm_test::command(workspace, &tools, &browser, &packages)?;
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
