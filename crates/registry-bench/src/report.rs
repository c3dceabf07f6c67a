use std::fmt;

use serde::Serialize;

use crate::load::Measured;
use crate::memory::Growth;
use crate::updates::UpdateLatency;

/// The results of a run. Displayed as Markdown.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    loads: Vec<Row>,
    /// Bytes per full room, beyond its payload.
    pub room_bytes: Option<f64>,
    /// Bytes per pending long poll, including its connection.
    pub wait_bytes: Option<f64>,
    /// Memory over many rooms.
    pub growth: Option<Growth>,
    /// Long-poll latency.
    #[serde(rename = "news")]
    pub update_latency: Option<UpdateLatency>,
}

/// The results of one load.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    name: String,
    /// Requests per second with a constant response.
    ceiling: Option<f64>,
    requests_per_second: f64,
    handshakes_per_second: f64,
    /// The highest 99th percentile at half the load, in milliseconds.
    half_load_p99_ms: Option<f64>,
    calls: Vec<Call>,
}

/// One call at full load and at half load, in milliseconds.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Call {
    name: &'static str,
    p50: f64,
    p99: f64,
    half_load: Option<(f64, f64)>,
}

impl Report {
    /// Adds a load with its ceiling, and the same load at half its rate.
    pub fn load(&mut self, name: &str, ceiling: &Measured, full: &Measured, half: &Measured) {
        eprintln!("{name}: {:.0} requests/s of {:.0}", full.requests_per_second(), ceiling.requests_per_second());
        self.loads.push(Row {
            ceiling: Some(ceiling.requests_per_second()),
            half_load_p99_ms: Some(half.worst_p99_ms()),
            ..Row::of(name, full, Some(half))
        });
    }

    /// Adds a load without a ceiling.
    pub fn small_load(&mut self, name: &str, full: &Measured) {
        self.loads.push(Row::of(name, full, None));
    }
}

impl Row {
    fn of(name: &str, full: &Measured, half: Option<&Measured>) -> Self {
        let half = |name: &str| {
            half.and_then(|half| half.calls().find(|(other, ..)| *other == name)).map(|(_, p50, p99)| (p50, p99))
        };
        let calls = full.calls().map(|(name, p50, p99)| Call { name, p50, p99, half_load: half(name) });
        Self {
            name: name.to_owned(),
            ceiling: None,
            requests_per_second: full.requests_per_second(),
            handshakes_per_second: full.handshakes_per_second(),
            half_load_p99_ms: None,
            calls: calls.collect(),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| load | requests/s | share of ceiling | handshakes/s | highest p99 at half load |")?;
        writeln!(f, "| --- | ---: | ---: | ---: | ---: |")?;
        for row in &self.loads {
            let share = row.ceiling.map(|ceiling| format!("{:.0} %", 100.0 * row.requests_per_second / ceiling));
            let p99 = row.half_load_p99_ms.map(|p99| format!("{p99:.1} ms"));
            let [share, p99] = [share, p99].map(|cell| cell.unwrap_or_else(|| "–".to_owned()));
            let Row { name, requests_per_second: requests, handshakes_per_second: handshakes, .. } = row;
            writeln!(f, "| {name} | {requests:.0} | {share} | {handshakes:.0} | {p99} |")?;
        }
        for row in &self.loads {
            writeln!(f, "\n**{}**, milliseconds:\n", row.name)?;
            writeln!(f, "| call | p50 | p99 | p50 at half load | p99 at half load |")?;
            writeln!(f, "| --- | ---: | ---: | ---: | ---: |")?;
            for Call { name, p50, p99, half_load } in &row.calls {
                let [half50, half99] = half_load
                    .map_or(["–".to_owned(), "–".to_owned()], |(p50, p99)| [p50, p99].map(|ms| format!("{ms:.2}")));
                writeln!(f, "| {name} | {p50:.2} | {p99:.2} | {half50} | {half99} |")?;
            }
        }
        writeln!(f, "\n| metric | value |\n| --- | ---: |")?;
        if let Some(bytes) = self.room_bytes {
            writeln!(
                f,
                "| memory per room with offer, answer and 16 candidates, excluding their text | {bytes:.0} bytes |"
            )?;
        }
        if let Some(bytes) = self.wait_bytes {
            writeln!(f, "| memory per pending long poll, including its connection | {bytes:.0} bytes |")?;
        }
        if let Some(Growth { rooms, bytes }) = &self.growth {
            let mib = bytes.iter().map(|bytes| format!("{:.0}", *bytes as f64 / 1024.0 / 1024.0));
            let mib = mib.collect::<Vec<_>>().join(", ");
            writeln!(f, "| memory while {rooms} rooms are created and expire, after each tenth | {mib} MiB |")?;
        }
        if let Some(UpdateLatency { count, p50, p99, max }) = self.update_latency {
            writeln!(f, "| long-poll latency over {count} changes: p50, p99, max | {p50:.2}, {p99:.2}, {max:.2} ms |")?;
        }
        Ok(())
    }
}
