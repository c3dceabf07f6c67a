//! Honest pairs at half of what the server carries, while others abuse it in every way that is known. The server has its
//! limits, so every pair and every abuser has addresses of its own, all of them on loopback.

mod abuse;
mod honest;

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::time::{MissedTickBehavior, interval, sleep_until};

use crate::client::{ApiRequest, Connection};
use crate::server::Server;
use honest::Outcomes;

/// How long the capacity is measured.
const MEASURING: Duration = Duration::from_secs(20);
/// How many pairs at a time find out the capacity.
const PAIRS: usize = 32;
/// Few enough rooms that abusers can fill the Registry.
const FLAGS: [&str; 4] = ["--max-rooms", "6000", "--max-connections", "4096"];

/// A file of the page, and its size in bytes: more than is buffered on the way.
const LARGE_FILE: &str = "large.bin";
const LARGE_FILE_SIZE: usize = 16 << 20;

/// Runs the siege, and prints a table with a row a minute.
pub async fn run(program: &Path, minutes: u64) -> Result<()> {
    let page = std::env::temp_dir().join(format!("registry-siege-{}", std::process::id()));
    std::fs::create_dir_all(&page)?;
    let result = besiege(program, minutes, &page).await;
    std::fs::remove_dir_all(page)?;
    result
}

async fn besiege(program: &Path, minutes: u64, page: &Path) -> Result<()> {
    rlimit::increase_nofile_limit(u64::MAX)?;
    std::fs::write(page.join("index.html"), "page")?;
    std::fs::write(page.join(LARGE_FILE), vec![b'x'; LARGE_FILE_SIZE])?;
    let page = page.to_str().context("the temporary folder is not named in Unicode")?;
    let flags = [&FLAGS[..], &["--static", page]].concat();
    let server = Server::with_limits(program, &flags).await?;
    let carried = capacity(&server).await?;
    drop(server);
    // A minute later the limits of the addresses that were used would be over; those of another server do not know them.
    let server = Server::with_limits(program, &flags).await?;
    let rate = carried / 2.0;
    println!("honest pairs alone: {carried:.0} handshakes/s; with the abuse: {rate:.0} handshakes/s\n");
    println!("| minute | handshakes | lost | repeated calls | p50 | p99 | slowest | memory | evicted | refused |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    let rooms = abuse::Rooms::default();
    let abuse = abuse::begin(server.address, &rooms);
    let outcomes = Arc::new(Outcomes::default());
    let pairs = tokio::spawn(honest::keep_coming(server.address, rate, Arc::clone(&outcomes), rooms));
    let begun = Instant::now();
    let mut total = honest::Tally::default();
    for minute in 1..=minutes {
        sleep_until((begun + Duration::from_secs(60 * minute)).into()).await;
        let tally = outcomes.take();
        let seen = Seen::of(&server).await?;
        println!("| {minute} | {tally} | {:.0} MiB | {} | {} |", seen.mib, seen.evicted, seen.refused);
        total.add(tally)?;
    }
    pairs.abort();
    drop(abuse);
    println!("\n| all | {total} |");
    for (reason, count) in &total.reasons {
        println!("lost: {reason}: {count}");
    }
    Ok(())
}

/// How many handshakes a second honest pairs alone make.
async fn capacity(server: &Server) -> Result<f64> {
    let (outcomes, begun) = (Arc::new(Outcomes::default()), Instant::now());
    let workers = (0..PAIRS).map(|worker| {
        let (address, outcomes) = (server.address, Arc::clone(&outcomes));
        tokio::spawn(async move {
            let mut n = worker;
            while begun.elapsed() < MEASURING {
                outcomes.add(honest::pair(address, n, Duration::ZERO, &abuse::Rooms::default()).await);
                n += PAIRS;
            }
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await?;
    }
    Ok(outcomes.take().handshakes as f64 / begun.elapsed().as_secs_f64())
}

/// The nth address of a kind: each kind has a network of its own.
fn address(kind: u8, n: usize) -> IpAddr {
    let [_, a, b, c] = (n as u32).to_be_bytes();
    debug_assert!(a < 8, "a network holds half a million addresses");
    Ipv4Addr::new(127, kind + a % 8, b, c.max(1)).into()
}

/// Ticks, without catching up on those that were missed.
fn every(period: Duration) -> tokio::time::Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    ticks
}

/// What the server says of itself.
struct Seen {
    mib: f64,
    evicted: String,
    refused: u64,
}

impl Seen {
    async fn of(server: &Server) -> Result<Self> {
        let mut connection = Connection::open(server.address).await?;
        let ask = ApiRequest { method: "GET", path: "/metrics".into(), ..ApiRequest::default() };
        let text = String::from_utf8_lossy(&connection.send(&ask).await?.1).into_owned();
        let value = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim();
        let refused = text.lines().filter(|line| line.starts_with("registry_refused_total"));
        Ok(Self {
            mib: server.memory()? as f64 / 1024.0 / 1024.0,
            evicted: value("registry_rooms_evicted_total").to_owned(),
            refused: refused.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum(),
        })
    }
}
