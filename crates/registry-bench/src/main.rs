//! Measures the Registry's server on loopback. Run by `cargo xtask bench registry`; see docs/BENCHMARKS.md.

mod ceiling;
mod client;
mod handshake;
mod load;
mod memory;
mod news;
mod report;
mod server;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, ensure};
use clap::Parser;

use load::{Load, Shape};
use report::Report;
use server::Server;

/// Measures a Registry's server with whole handshakes, all over loopback and bounded in time.
#[derive(Debug, Parser)]
struct Arguments {
    /// The server's program
    #[arg(long, required_unless_present_any = ["ceiling", "url"])]
    server: Option<PathBuf>,

    /// A Registry that runs already, without rate limits, in place of the program: only a small load is measured
    #[arg(long)]
    url: Option<String>,

    /// Where to write the figures as JSON
    #[arg(long, default_value = "registry-bench.json")]
    json: PathBuf,

    /// How long each load lasts, in seconds
    #[arg(long, default_value_t = 10)]
    seconds: u64,

    /// How many rooms are made for the measurement of growth
    #[arg(long, default_value_t = 1_000_000)]
    rooms: usize,

    /// Serve a constant answer: what the measured server is compared with
    #[arg(long, hide = true)]
    ceiling: bool,
}

/// Connections that share the work.
const CONNECTIONS: usize = 32;

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if arguments.ceiling {
        return ceiling::serve().await;
    }
    let time = Duration::from_secs(arguments.seconds);
    let mut report = Report::default();
    match (&arguments.url, &arguments.server) {
        (Some(url), _) => elsewhere(&mut report, url, time).await?,
        (None, Some(program)) => here(&mut report, program, &arguments, time).await?,
        (None, None) => {}
    }
    println!("\n{report}");
    std::fs::write(&arguments.json, serde_json::to_string_pretty(&report)?)?;
    Ok(())
}

/// Everything, against a server of our own.
async fn here(report: &mut Report, program: &Path, arguments: &Arguments, time: Duration) -> Result<()> {
    for alive in [1, 100, 10_000] {
        // Each beside its own ceiling: the machine may be busier a minute later.
        let ceiling = Server::ceiling().await?;
        let constant = Load::new(ceiling.address, Shape::Constant, CONNECTIONS.min(alive)).run(time / 2).await?;
        drop(ceiling);
        let server = Server::start(program, &[]).await?;
        let full = Load::new(server.address, Shape::Handshakes { alive }, CONNECTIONS.min(alive)).run(time).await?;
        let half = full.requests_per_second() / 2.0;
        let paced = Load::new(server.address, Shape::Handshakes { alive }, CONNECTIONS.min(alive));
        let paced = paced.paced(half).run(time).await?;
        report.load(&format!("{alive} rooms alive"), &constant, &full, &paced);
    }
    let server = Server::start(program, &[]).await?;
    memory::fill(server.address, 100_000, memory::Content::Nothing).await?;
    let ceiling = Server::ceiling().await?;
    let constant = Load::new(ceiling.address, Shape::Constant, CONNECTIONS).run(time / 2).await?;
    drop(ceiling);
    let shape = || Shape::Handshakes { alive: 100 };
    let full = Load::new(server.address, shape(), CONNECTIONS).run(time).await?;
    let paced =
        Load::new(server.address, shape(), CONNECTIONS).paced(full.requests_per_second() / 2.0).run(time).await?;
    report.load("100 rooms alive, 100,000 idle", &constant, &full, &paced);
    drop(server);

    report.room_bytes = Some(memory::per_room(program).await?);
    report.wait_bytes = Some(memory::per_wait(program).await?);
    report.growth = Some(memory::growth(program, arguments.rooms).await?);
    let server = Server::start(program, &[]).await?;
    report.news = Some(news::measure(server.address, 1000).await?);
    Ok(())
}

/// A small load, against a server that runs already.
async fn elsewhere(report: &mut Report, url: &str, time: Duration) -> Result<()> {
    let address = url.strip_prefix("http://").unwrap_or(url).trim_end_matches('/').parse()?;
    let full = Load::new(address, Shape::Handshakes { alive: 10 }, 4).run(time).await?;
    ensure!(full.handshakes() > 0, "no handshake came to its end");
    report.small_load("10 rooms alive", &full);
    report.news = Some(news::measure(address, 50).await?);
    Ok(())
}
