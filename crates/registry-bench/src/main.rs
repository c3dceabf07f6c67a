//! Benchmarks the Registry server on loopback. Run by `cargo xtask bench registry`; see docs/BENCHMARKS.md.

mod ceiling;
mod client;
mod handshake;
mod load;
mod memory;
mod report;
mod server;
mod siege;
mod updates;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, ensure};
use clap::Parser;

use load::{Load, Shape};
use report::Report;
use server::Server;

/// Benchmarks a Registry server with complete handshakes, over loopback and for a limited time.
#[derive(Debug, Parser)]
struct Arguments {
    /// Path of the server program
    #[arg(long, required_unless_present_any = ["ceiling", "url"])]
    server: Option<PathBuf>,

    /// URL of a running Registry without rate limits, to measure instead of the program; puts only a small load on it
    #[arg(long)]
    url: Option<String>,

    /// File to write the results to, as JSON
    #[arg(long, default_value = "registry-bench.json")]
    json: PathBuf,

    /// Duration of each load, in seconds
    #[arg(long, default_value_t = 10)]
    seconds: u64,

    /// Number of rooms for the memory growth measurement
    #[arg(long, default_value_t = 1_000_000)]
    rooms: usize,

    /// Instead of the benchmarks, put half of what the server carries on it for so many minutes, while others abuse it
    #[arg(long, value_name = "MINUTES", conflicts_with = "url")]
    siege: Option<u64>,

    /// Serve a constant response, as the baseline for the measured server
    #[arg(long, hide = true)]
    ceiling: bool,
}

/// The number of connections that share the load.
const CONNECTIONS: usize = 32;

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if arguments.ceiling {
        return ceiling::serve().await;
    }
    if let (Some(minutes), Some(program)) = (arguments.siege, &arguments.server) {
        return siege::run(program, minutes).await;
    }
    let time = Duration::from_secs(arguments.seconds);
    let mut report = Report::default();
    match (&arguments.url, &arguments.server) {
        (Some(url), _) => bench_url(&mut report, url, time).await?,
        (None, Some(program)) => bench_program(&mut report, program, &arguments, time).await?,
        (None, None) => {}
    }
    println!("\n{report}");
    std::fs::write(&arguments.json, serde_json::to_string_pretty(&report)?)?;
    Ok(())
}

/// Runs all benchmarks against a server that it starts.
async fn bench_program(report: &mut Report, program: &Path, arguments: &Arguments, time: Duration) -> Result<()> {
    for alive in [1, 100, 10_000] {
        // Measure each load next to its own ceiling, since the machine may be busier a minute later.
        let ceiling = Server::ceiling().await?;
        let constant = Load::new(ceiling.address, Shape::Constant, CONNECTIONS.min(alive)).run(time / 2).await?;
        drop(ceiling);
        let server = Server::start(program, &[]).await?;
        let full = Load::new(server.address, Shape::Handshakes { alive }, CONNECTIONS.min(alive)).run(time).await?;
        let half = full.requests_per_second() / 2.0;
        let paced = Load::new(server.address, Shape::Handshakes { alive }, CONNECTIONS.min(alive));
        let paced = paced.paced(half).run(time).await?;
        let name = if alive == 1 { "1 room alive".to_owned() } else { format!("{alive} rooms alive") };
        report.load(&name, &constant, &full, &paced);
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
    report.wait_bytes = Some(memory::per_poll(program).await?);
    report.growth = Some(memory::growth(program, arguments.rooms).await?);
    let server = Server::start(program, &[]).await?;
    report.update_latency = Some(updates::measure(server.address, 1000).await?);
    Ok(())
}

/// Puts a small load on a server that is already running.
async fn bench_url(report: &mut Report, url: &str, time: Duration) -> Result<()> {
    let address = url.strip_prefix("http://").unwrap_or(url).trim_end_matches('/').parse()?;
    let full = Load::new(address, Shape::Handshakes { alive: 10 }, 4).run(time).await?;
    ensure!(full.handshakes() > 0, "no handshake was completed");
    report.small_load("10 rooms alive", &full);
    report.update_latency = Some(updates::measure(address, 50).await?);
    Ok(())
}
