use std::net::SocketAddr;
use std::time::Instant;

use anyhow::{Context, Result};
use hdrhistogram::Histogram;
use serde::Serialize;

use crate::client::Connection;
use crate::handshake::{Handshake, Step};

/// Long-poll latency: the time from the response to a change until the response to the exchange waiting for it, in
/// milliseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct UpdateLatency {
    /// The number of changes.
    pub count: usize,
    /// The median.
    pub p50: f64,
    /// The 99th percentile.
    pub p99: f64,
    /// The maximum.
    pub max: f64,
}

/// Measures how long a guest's exchange takes to return a candidate that the host posts, one change at a time.
pub async fn measure(address: SocketAddr, count: usize) -> Result<UpdateLatency> {
    let mut times = Histogram::<u64>::new(3)?;
    let (mut changing, mut waiting) = (Connection::open(address).await?, Connection::open(address).await?);
    let mut done = 0;
    while done < count {
        let mut room = Handshake::default();
        room.advance_to(Step::Candidate(0), &mut changing).await?;
        while room.step != Step::ReadAnswer {
            let version = waiting.json(&room.exchange(&room.guest, None)).await?["version"].as_u64();
            let request = room.exchange(&room.guest, Some(version.context("an exchange returned no version")?));
            let of_host = matches!(room.step, Step::Candidate(n) if n % 2 == 0);
            if !of_host {
                room.advance(&mut changing).await?;
                continue;
            }
            let poll = async {
                let answer = waiting.json(&request).await;
                (answer, Instant::now())
            };
            let change = async {
                // Give the poll a head start: both requests travel over loopback in this order.
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
                let changed = room.advance(&mut changing).await;
                (changed, Instant::now())
            };
            let ((answer, answered_at), (changed, changed_at)) = tokio::join!(poll, change);
            changed?;
            answer?;
            times.record(u64::try_from(answered_at.saturating_duration_since(changed_at).as_micros())?)?;
            done += 1;
        }
    }
    let ms = |micros: u64| micros as f64 / 1000.0;
    let [p50, p99] = [0.5, 0.99].map(|quantile| ms(times.value_at_quantile(quantile)));
    Ok(UpdateLatency { count: done, p50, p99, max: ms(times.max()) })
}
