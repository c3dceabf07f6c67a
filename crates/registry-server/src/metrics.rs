use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use registry_core::Stats;

use crate::logging::lost_lines;

/// Upper bounds of the latency buckets, in seconds. Most calls are in-memory lookups, so the buckets start small.
const BUCKETS: [f64; 8] = [0.0001, 0.00025, 0.0005, 0.001, 0.005, 0.025, 0.1, 1.0];

/// Request metrics in the Prometheus text format. There are few routes and statuses, so memory is bounded.
#[derive(Default)]
pub(crate) struct Metrics {
    routes: Mutex<BTreeMap<&'static str, Route>>,
    refusals: Mutex<BTreeMap<&'static str, u64>>,
}

/// What is so now.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Gauges {
    pub(crate) stats: Stats,
    /// Open connections.
    pub(crate) connections: usize,
    /// Memory of bodies on their way in and out, in bytes.
    pub(crate) bytes_in_flight: u64,
    /// Time since the start.
    pub(crate) uptime: Duration,
}

#[derive(Default)]
struct Route {
    by_status: BTreeMap<u16, u64>,
    /// One count per bucket, and one for everything above the last bound.
    by_latency: [u64; BUCKETS.len() + 1],
    seconds: f64,
}

impl Metrics {
    /// Counts a request. `latency` is `None` for a long poll that waited, whose duration says nothing about the server.
    pub(crate) fn record(&self, route: &'static str, status: u16, latency: Option<Duration>) {
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let route = routes.entry(route).or_default();
        *route.by_status.entry(status).or_default() += 1;
        let Some(seconds) = latency.map(|latency| latency.as_secs_f64()) else { return };
        let bucket = BUCKETS.iter().position(|bound| seconds <= *bound).unwrap_or(BUCKETS.len());
        route.by_latency[bucket] += 1;
        route.seconds += seconds;
    }

    /// Counts a request that was refused for this reason.
    pub(crate) fn refused(&self, reason: &'static str) {
        *self.refusals.lock().unwrap_or_else(PoisonError::into_inner).entry(reason).or_default() += 1;
    }

    /// Renders all metrics for Prometheus.
    pub(crate) fn render(&self, gauges: &Gauges) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = self.render_requests(&mut out).and_then(|()| render_gauges(&mut out, gauges));
        out
    }

    fn render_requests(&self, out: &mut String) -> std::fmt::Result {
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        header(out, "registry_requests_total", "counter", "Requests answered.")?;
        for (name, route) in &*routes {
            for (status, count) in &route.by_status {
                writeln!(out, r#"registry_requests_total{{route="{name}",status="{status}"}} {count}"#)?;
            }
        }
        header(
            out,
            "registry_request_duration_seconds",
            "histogram",
            "Time from receiving the request headers to the response, excluding long polls that waited.",
        )?;
        for (name, route) in &*routes {
            route.render(out, name)?;
        }
        let refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        header(out, "registry_refused_total", "counter", "Requests refused, by reason.")?;
        for (reason, count) in &*refusals {
            writeln!(out, r#"registry_refused_total{{reason="{reason}"}} {count}"#)?;
        }
        Ok(())
    }
}

impl Route {
    fn render(&self, out: &mut String, name: &str) -> std::fmt::Result {
        const NAME: &str = "registry_request_duration_seconds";
        let mut total = 0;
        for (index, count) in self.by_latency.iter().enumerate() {
            total += count;
            let bound = BUCKETS.get(index).map_or("+Inf".to_owned(), f64::to_string);
            writeln!(out, r#"{NAME}_bucket{{route="{name}",le="{bound}"}} {total}"#)?;
        }
        writeln!(out, r#"{NAME}_sum{{route="{name}"}} {}"#, self.seconds)?;
        writeln!(out, r#"{NAME}_count{{route="{name}"}} {total}"#)
    }
}

fn render_gauges(out: &mut String, gauges: &Gauges) -> std::fmt::Result {
    let stats = gauges.stats;
    header(out, "registry_rooms", "gauge", "Rooms in memory by status.")?;
    for (state, count) in
        [("open", stats.open), ("joined", stats.joined), ("paired", stats.paired), ("closed", stats.closed)]
    {
        writeln!(out, r#"registry_rooms{{state="{state}"}} {count}"#)?;
    }
    let (clients, waiting, connections) = (stats.clients as u64, stats.waiting as u64, gauges.connections as u64);
    for (name, kind, help, value) in [
        ("registry_rooms_created_total", "counter", "Rooms created since the start.", stats.created),
        ("registry_rooms_expired_total", "counter", "Rooms removed since the start, closed or expired.", stats.expired),
        ("registry_rooms_evicted_total", "counter", "Rooms removed to make room for those of others.", stats.evicted),
        ("registry_clients", "gauge", "Clients and networks tracked for rate limiting.", clients),
        ("registry_waiting", "gauge", "Pending long polls.", waiting),
        ("registry_connections", "gauge", "Open connections.", connections),
        ("registry_bytes_in_flight", "gauge", "Memory of bodies on their way in and out.", gauges.bytes_in_flight),
        ("registry_uptime_seconds", "gauge", "Time since the start.", gauges.uptime.as_secs()),
        (
            "registry_log_lines_lost_total",
            "counter",
            "Log lines lost because the log did not keep up.",
            lost_lines() as u64,
        ),
    ] {
        header(out, name, kind, help)?;
        writeln!(out, "{name} {value}")?;
    }
    header(out, "registry_build_info", "gauge", "The version of the server.")?;
    writeln!(out, r#"registry_build_info{{version="{}"}} 1"#, env!("CARGO_PKG_VERSION"))
}

fn header(out: &mut String, name: &str, kind: &str, help: &str) -> std::fmt::Result {
    writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_route_and_status_and_latency_adds_up() {
        let metrics = Metrics::default();
        metrics.record("POST /rooms", 201, Some(Duration::from_micros(200)));
        metrics.record("POST /rooms", 429, Some(Duration::from_secs(2)));
        metrics.record("GET /rooms/:code", 200, None);
        metrics.refused("rate_limited");
        let text = metrics.render(&Gauges { stats: Stats { open: 1, ..Stats::default() }, ..Gauges::default() });
        for line in [
            r#"registry_requests_total{route="POST /rooms",status="201"} 1"#,
            r#"registry_request_duration_seconds_bucket{route="POST /rooms",le="0.0001"} 0"#,
            r#"registry_request_duration_seconds_bucket{route="POST /rooms",le="0.00025"} 1"#,
            r#"registry_request_duration_seconds_bucket{route="POST /rooms",le="+Inf"} 2"#,
            r#"registry_request_duration_seconds_count{route="POST /rooms"} 2"#,
            r#"registry_requests_total{route="GET /rooms/:code",status="200"} 1"#,
            r#"registry_request_duration_seconds_count{route="GET /rooms/:code"} 0"#,
            r#"registry_rooms{state="open"} 1"#,
            r#"registry_refused_total{reason="rate_limited"} 1"#,
        ] {
            assert!(text.lines().any(|l| l == line), "{line}\n{text}");
        }
    }
}
