//! Readings over time.

use super::Readings;
use crate::{Sample, Track};

/// What a chart shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Round-trip time of the selected pair.
    RoundTrip,
    /// Bytes a second.
    Bytes,
    /// Messages a second.
    Messages,
    /// Bytes that wait in the channels.
    Buffered,
    /// Packets a second.
    Packets,
    /// Checks without an answer, retransmissions and discarded packets.
    Losses,
    /// What the browser estimates that the path can carry.
    Bitrate,
}

/// The unit of a metric's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Milliseconds.
    Milliseconds,
    /// Bytes.
    Bytes,
    /// Bytes a second.
    BytesPerSecond,
    /// Bits a second.
    BitsPerSecond,
    /// So many a second.
    PerSecond,
    /// A number.
    Count,
}

impl Metric {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 7] =
        [Self::RoundTrip, Self::Bytes, Self::Messages, Self::Buffered, Self::Losses, Self::Packets, Self::Bitrate];

    /// Its name, for test ids.
    pub fn word(self) -> &'static str {
        match self {
            Self::RoundTrip => "round-trip",
            Self::Bytes => "bytes",
            Self::Messages => "messages",
            Self::Buffered => "buffered",
            Self::Packets => "packets",
            Self::Losses => "losses",
            Self::Bitrate => "bitrate",
        }
    }

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::RoundTrip => "Round-trip time",
            Self::Bytes => "Bytes a second",
            Self::Messages => "Messages a second",
            Self::Buffered => "Buffered",
            Self::Packets => "Packets a second",
            Self::Losses => "Losses",
            Self::Bitrate => "Available outgoing bitrate",
        }
    }

    /// Its unit.
    pub fn unit(self) -> Unit {
        match self {
            Self::RoundTrip => Unit::Milliseconds,
            Self::Bytes => Unit::BytesPerSecond,
            Self::Messages | Self::Packets => Unit::PerSecond,
            Self::Buffered => Unit::Bytes,
            Self::Losses => Unit::Count,
            Self::Bitrate => Unit::BitsPerSecond,
        }
    }

    /// The lines of its chart: their names, what they read, and whether they are rates of a counter.
    fn lines(self) -> &'static [(&'static str, Read, bool)] {
        match self {
            Self::RoundTrip => &[("", |of| of.round_trip_ms, false)],
            Self::Bytes => &[("out", |of| of.bytes_sent, true), ("in", |of| of.bytes_received, true)],
            Self::Messages => &[("out", |of| of.messages_sent, true), ("in", |of| of.messages_received, true)],
            Self::Buffered => &[("", |of| of.buffered_bytes, false)],
            Self::Packets => &[("out", |of| of.packets_sent, true), ("in", |of| of.packets_received, true)],
            Self::Losses => &[
                ("unanswered checks", |of| of.unanswered, false),
                ("retransmissions", |of| of.retransmissions, false),
                ("discarded packets", |of| of.discarded, false),
            ],
            Self::Bitrate => &[("", |of| of.outgoing_bitrate, false)],
        }
    }
}

type Read = fn(&Readings) -> Option<f64>;

/// A line of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// Its name; empty if it is the only one.
    pub name: &'static str,
    /// Times in milliseconds of the monotonic clock, and values; `None` is a gap.
    pub points: Vec<(f64, Option<f64>)>,
}

impl Curve {
    /// The latest value.
    pub fn now(&self) -> Option<f64> {
        self.points.last().and_then(|(_, value)| *value)
    }

    /// The smallest and the largest value.
    pub fn range(&self) -> Option<(f64, f64)> {
        let values = || self.points.iter().filter_map(|(_, value)| *value);
        let (least, most) = (values().reduce(f64::min)?, values().reduce(f64::max)?);
        Some((least, most))
    }
}

/// Samples that are further apart than this are not connected, in milliseconds: the page was hidden, or there was no peer
/// connection. While nothing changes, they are kept every ten seconds.
const GAP_MS: f64 = 15_000.0;

/// The curves of a metric over a track's latest session; none for what the browser does not tell.
pub fn curves(track: &Track, metric: Metric) -> Vec<Curve> {
    let samples = latest(track);
    let lines = metric.lines().iter();
    let curves = lines.map(|(name, read, is_rate)| Curve { name, points: points(samples, *read, *is_rate) });
    curves.filter(|curve| curve.points.iter().any(|(_, value)| value.is_some())).collect()
}

/// The samples of the latest session.
pub(super) fn latest(track: &Track) -> &[Sample] {
    let from_ms = track.session().first().map_or(f64::NEG_INFINITY, |entry| entry.at_ms);
    let first = track.samples.partition_point(|sample| sample.at_ms < from_ms);
    track.samples.get(first..).unwrap_or_default()
}

fn points(samples: &[Sample], read: Read, is_rate: bool) -> Vec<(f64, Option<f64>)> {
    let mut points = Vec::with_capacity(samples.len());
    let mut before: Option<(f64, f64)> = None;
    for sample in samples {
        let value = read(sample.readings());
        let since = before.map(|(at_ms, _)| sample.at_ms - at_ms);
        if since.is_some_and(|since| since > GAP_MS) {
            points.push((sample.at_ms, None));
            before = None;
        }
        let shown = match (is_rate, before, value) {
            (false, ..) => value,
            // A counter that has fallen is another peer connection's.
            (true, Some((at_ms, earlier)), Some(value)) if value >= earlier && sample.at_ms > at_ms => {
                Some((value - earlier) * 1000.0 / (sample.at_ms - at_ms))
            }
            (true, ..) => None,
        };
        points.push((sample.at_ms, shown));
        before = value.map(|value| (sample.at_ms, value));
    }
    points
}

/// At most this many points of a curve, evenly spaced, always with its extremes: of each group of neighbours the largest.
pub fn thinned(points: &[(f64, Option<f64>)], most: usize) -> Vec<(f64, Option<f64>)> {
    if points.len() <= most || most == 0 {
        return points.to_vec();
    }
    let group = points.len().div_ceil(most);
    // Counted from the end, so that a new point does not regroup all others.
    let mut thinned: Vec<_> = points.rchunks(group).map(largest).collect();
    thinned.reverse();
    thinned
}

fn largest(group: &[(f64, Option<f64>)]) -> (f64, Option<f64>) {
    let at_ms = group.first().map_or(0.0, |(at_ms, _)| *at_ms);
    let values: Option<Vec<f64>> = group.iter().map(|(_, value)| *value).collect();
    (at_ms, values.and_then(|values| values.into_iter().reduce(f64::max)))
}

#[cfg(test)]
mod tests {
    use registry_client::json::Json;

    use super::*;

    fn sample(at_ms: f64, bytes: f64, rtt: f64) -> Sample {
        let pair = format!(
            r#"[{{"type":"candidate-pair","id":"a","state":"succeeded","nominated":true,"bytesSent":{bytes},
                "bytesReceived":{bytes},"currentRoundTripTime":{rtt}}}]"#
        );
        Sample::new(at_ms, Json::from_text(pair))
    }

    fn track(samples: Vec<Sample>) -> Track {
        Track { events: Vec::new(), samples }
    }

    fn values(track: &Track, metric: Metric) -> Vec<Option<f64>> {
        curves(track, metric)[0].points.iter().map(|(_, value)| *value).collect()
    }

    #[test]
    fn counters_become_rates_and_times_stay_what_they_are() {
        let track = track(vec![sample(0.0, 0.0, 0.01), sample(1000.0, 500.0, 0.02), sample(1500.0, 600.0, 0.03)]);
        assert_eq!(values(&track, Metric::Bytes), [None, Some(500.0), Some(200.0)]);
        assert_eq!(values(&track, Metric::RoundTrip), [Some(10.0), Some(20.0), Some(30.0)]);
        let [out, into] = &*curves(&track, Metric::Bytes) else { panic!("out and in") };
        assert_eq!((out.name, into.name, out.now(), out.range()), ("out", "in", Some(200.0), Some((200.0, 500.0))));
        for unknown in [Metric::Bitrate, Metric::Buffered, Metric::Messages, Metric::Losses] {
            assert_eq!(curves(&track, unknown), [], "{unknown:?}");
        }
    }

    #[test]
    fn another_peer_connection_and_a_pause_leave_gaps() {
        let again = track(vec![sample(0.0, 900.0, 0.0), sample(1000.0, 100.0, 0.0), sample(2000.0, 300.0, 0.0)]);
        assert_eq!(values(&again, Metric::Bytes), [None, None, Some(200.0)]);
        let samples = [sample(0.0, 0.0, 0.001), sample(1000.0, 7.0, 0.003), sample(60_000.0, 600.0, 0.002)];
        let paused = track(samples.to_vec());
        assert_eq!(values(&paused, Metric::Bytes), [None, Some(7.0), None, None]);
        assert_eq!(values(&paused, Metric::RoundTrip), [Some(1.0), Some(3.0), None, Some(2.0)]);
    }

    #[test]
    fn a_long_curve_is_thinned_and_keeps_its_peaks() {
        let points: Vec<_> = (0..1000).map(|at| (f64::from(at), Some(if at == 501 { 99.0 } else { 1.0 }))).collect();
        let thin = thinned(&points, 100);
        assert!(thin.len() <= 100 && thin.is_sorted_by_key(|(at, _)| *at));
        assert_eq!(thin.iter().filter(|(_, value)| *value == Some(99.0)).count(), 1);
        assert_eq!(thinned(&points[..5], 100), points[..5]);
        // The latest stay as they were when there is one more.
        let more: Vec<_> = points.iter().copied().chain([(1000.0, None)]).collect();
        assert!(thinned(&more, 100).last().unwrap().1.is_none());
    }

    #[test]
    fn every_metric_has_its_own_name() {
        let words: std::collections::BTreeSet<_> = Metric::ALL.iter().map(|metric| metric.word()).collect();
        assert_eq!(words.len(), Metric::ALL.len());
    }
}
