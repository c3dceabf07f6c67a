use std::net::SocketAddr;
use std::time::Instant;

use anyhow::{Context, Result};
use hdrhistogram::Histogram;
use serde::Serialize;

use crate::client::{Ask, Connection};
use crate::handshake::{Handshake, Step};

/// How long after a change whoever waits for it has the answer, in milliseconds from the answer to the change.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct News {
    /// How many changes.
    pub count: usize,
    /// The median.
    pub p50: f64,
    /// The 99th percentile.
    pub p99: f64,
    /// The longest.
    pub max: f64,
}

/// Lets a guest wait for the host's candidates, one change after the other.
pub async fn measure(address: SocketAddr, count: usize) -> Result<News> {
    let mut times = Histogram::<u64>::new(3)?;
    let (mut changing, mut waiting) = (Connection::open(address).await?, Connection::open(address).await?);
    let mut done = 0;
    while done < count {
        let mut room = Handshake::default();
        room.advance_to(Step::Candidate(0), &mut changing).await?;
        let mut ask = Ask { method: "GET", path: format!("/rooms/{}?wait=20", room.code), ..Ask::default() };
        ask.token = room.guest.clone();
        while room.step != Step::ReadAnswer {
            let version = waiting.json(&Ask { since: None, ..ask.clone() }).await?["version"].as_u64();
            ask.since = Some(version.context("this Registry cannot wait")?);
            let of_host = matches!(room.step, Step::Candidate(n) if n % 2 == 0);
            if !of_host {
                room.advance(&mut changing).await?;
                continue;
            }
            let news = async {
                let answer = waiting.json(&ask).await;
                (answer, Instant::now())
            };
            let change = async {
                // The request that waits is on its way first: both go over loopback, in this order.
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
                let changed = room.advance(&mut changing).await;
                (changed, Instant::now())
            };
            let ((answer, told), (changed, made)) = tokio::join!(news, change);
            changed?;
            answer?;
            times.record(u64::try_from(told.saturating_duration_since(made).as_micros())?)?;
            done += 1;
        }
    }
    let ms = |micros: u64| micros as f64 / 1000.0;
    let [p50, p99] = [0.5, 0.99].map(|quantile| ms(times.value_at_quantile(quantile)));
    Ok(News { count: done, p50, p99, max: ms(times.max()) })
}
