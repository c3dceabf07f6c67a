use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use registry_core::Stats;

/// Upper bounds of the latency buckets, in seconds. Most calls are in-memory lookups, so the buckets start small.
const BUCKETS: [f64; 8] = [0.0001, 0.00025, 0.0005, 0.001, 0.005, 0.025, 0.1, 1.0];

/// Request metrics in the Prometheus text format. There are few routes and statuses, so memory is bounded.
#[derive(Default)]
pub(crate) struct Metrics {
    routes: Mutex<BTreeMap<&'static str, Route>>,
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

    /// Renders all metrics for Prometheus.
    pub(crate) fn render(&self, stats: Stats) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = self.render_requests(&mut out).and_then(|()| render_rooms(&mut out, stats));
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

fn render_rooms(out: &mut String, stats: Stats) -> std::fmt::Result {
    header(out, "registry_rooms", "gauge", "Rooms in memory by status.")?;
    for (state, count) in
        [("open", stats.open), ("joined", stats.joined), ("paired", stats.paired), ("closed", stats.closed)]
    {
        writeln!(out, r#"registry_rooms{{state="{state}"}} {count}"#)?;
    }
    header(out, "registry_rooms_created_total", "counter", "Rooms created since the start.")?;
    writeln!(out, "registry_rooms_created_total {}", stats.created)?;
    header(out, "registry_rooms_expired_total", "counter", "Rooms removed since the start, closed or expired.")?;
    writeln!(out, "registry_rooms_expired_total {}", stats.expired)?;
    header(out, "registry_clients", "gauge", "Clients tracked for rate limiting.")?;
    writeln!(out, "registry_clients {}", stats.clients)?;
    header(out, "registry_waiting", "gauge", "Pending long polls.")?;
    writeln!(out, "registry_waiting {}", stats.waiting)
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
        let text = metrics.render(Stats { open: 1, ..Stats::default() });
        for line in [
            r#"registry_requests_total{route="POST /rooms",status="201"} 1"#,
            r#"registry_request_duration_seconds_bucket{route="POST /rooms",le="0.0001"} 0"#,
            r#"registry_request_duration_seconds_bucket{route="POST /rooms",le="0.00025"} 1"#,
            r#"registry_request_duration_seconds_bucket{route="POST /rooms",le="+Inf"} 2"#,
            r#"registry_request_duration_seconds_count{route="POST /rooms"} 2"#,
            r#"registry_requests_total{route="GET /rooms/:code",status="200"} 1"#,
            r#"registry_request_duration_seconds_count{route="GET /rooms/:code"} 0"#,
            r#"registry_rooms{state="open"} 1"#,
        ] {
            assert!(text.lines().any(|l| l == line), "{line}\n{text}");
        }
    }
}
