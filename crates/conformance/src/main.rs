//! The `registry-conformance` program.

use std::process::ExitCode;

use clap::Parser;
use registry_conformance::{HttpRequest, HttpTransport, Options, Transport, run};

/// Checks that a signalling Registry implements the base contract.
///
/// By default it stays within the rate limits of a base server, so a run takes about a quarter of an hour, most of it
/// waiting.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// URL of the Registry, like http://127.0.0.1:8787
    #[arg(long)]
    url: String,

    /// Do not wait for rate limits and do not check them: the Registry has them disabled
    #[arg(long)]
    fast: bool,

    /// Also check how long rooms live, which takes another half hour
    #[arg(long)]
    slow: bool,

    /// An origin that the Registry allows, to check that all responses can be read from there
    #[arg(long)]
    origin: Option<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let options = Options { rate_limits: !arguments.fast, lifetimes: arguments.slow, origin: arguments.origin.clone() };
    let mut transport = HttpTransport::new(&arguments.url);
    if let Err(failure) = transport.send(&HttpRequest::get("/rooms/22222222/public")) {
        eprintln!("registry-conformance: no response from {}: {failure}", arguments.url);
        return ExitCode::from(2);
    }
    let report = run(&mut transport, &options, &mut |row| println!("{row}"));
    for row in report.failures() {
        println!("\n{row}");
    }
    println!("\n{}: {report}", arguments.url);
    if report.failures().next().is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
