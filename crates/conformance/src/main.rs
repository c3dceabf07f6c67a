//! The `registry-conformance` program.

use std::process::ExitCode;

use clap::Parser;
use registry_conformance::{Ask, HttpTransport, Options, Transport, run};

/// Checks that a signalling Registry keeps the base contract.
///
/// By default the rate limits of a base server are kept, so that a run takes a quarter of an hour, most of it waiting.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The Registry's address, like http://127.0.0.1:8787
    #[arg(long)]
    url: String,

    /// The Registry has its rate limits switched off: do not wait, and do not check them
    #[arg(long)]
    fast: bool,

    /// Check how long rooms live too, which takes half an hour more
    #[arg(long)]
    slow: bool,

    /// An origin that the Registry lets in, to check that every answer can be read from there
    #[arg(long)]
    origin: Option<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let options = Options { rate_limits: !arguments.fast, lifetimes: arguments.slow, origin: arguments.origin.clone() };
    let mut transport = HttpTransport::new(&arguments.url);
    if let Err(failure) = transport.send(&Ask::get("/rooms/22222222/public")) {
        eprintln!("registry-conformance: nothing answers at {}: {failure}", arguments.url);
        return ExitCode::from(2);
    }
    let report = run(&mut transport, &options, &mut |row| println!("{row}"));
    for row in report.failures() {
        println!("\n{row}");
    }
    println!("\n{}: {report}", arguments.url);
    if report.failures().next().is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
