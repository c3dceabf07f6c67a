//! Samples and events in the format of Chromium's WebRTC internals dump, which other tools open: what
//! `chrome://webrtc-internals` saves as *PeerConnection updates and stats data*.

mod log;
mod series;

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{DateTime, SecondsFormat};
use registry_client::event::DescriptionStep;
use registry_client::json::Json;
use registry_client::types::environment::Environment;
use registry_client::types::sdp::Sdp;
use registry_client::{Event, TraceEvent};
use serde::Serialize;

use crate::Track;
use crate::recording::without_addresses;
use log::Update;
use series::Series;

/// The whole file.
#[derive(Serialize)]
struct Dump {
    #[serde(rename = "getUserMedia")]
    user_media: [(); 0],
    #[serde(rename = "PeerConnections")]
    connections: BTreeMap<String, Connection>,
    #[serde(rename = "UserAgent")]
    user_agent: String,
    #[serde(rename = "UserAgentData")]
    user_agent_data: [Brand; 1],
}

/// An entry of `navigator.userAgentData.brands`; here, who has written the file.
#[derive(Serialize)]
struct Brand {
    brand: &'static str,
    version: String,
}

/// A peer connection.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Connection {
    pid: usize,
    url: String,
    rtc_configuration: Configuration,
    constraints: BTreeMap<(), ()>,
    stats: BTreeMap<String, Series>,
    update_log: Vec<Update>,
}

/// `RTCConfiguration`, without credentials.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Configuration {
    ice_servers: Vec<Urls>,
    ice_transport_policy: &'static str,
}

#[derive(Serialize)]
struct Urls {
    urls: [String; 1],
}

/// All peer connections of the tracks, named by the number of their track and their own: `1-1`. It contains no secrets: no
/// credentials, and `***` in place of ICE passwords. With `redacts_addresses`, others stand for IP addresses, the same for the
/// same.
pub fn internals_dump(tracks: &[Track], redacts_addresses: bool) -> Json {
    let mut connections = BTreeMap::new();
    for (index, track) in tracks.iter().enumerate() {
        for (number, events) in of_each_connection(track).into_iter().enumerate() {
            let connection = connection(index + 1, track, events);
            connections.insert(format!("{}-{}", index + 1, number + 1), connection);
        }
    }
    let environment = tracks.iter().find_map(|track| environment(&track.events));
    let written = Json::of(&Dump {
        user_media: [],
        connections,
        user_agent: environment.map(|of| of.user_agent.clone()).unwrap_or_default(),
        user_agent_data: [Brand {
            brand: "registry-harness",
            version: environment.map(|of| of.version.clone()).unwrap_or_default(),
        }],
    });
    if redacts_addresses { without_addresses(&written) } else { written }
}

fn environment(events: &[std::rc::Rc<TraceEvent>]) -> Option<&Environment> {
    events.iter().rev().find_map(|entry| match &entry.event {
        Event::Environment(environment) => Some(&**environment),
        _ => None,
    })
}

fn connection(pid: usize, track: &Track, events: Range<usize>) -> Connection {
    let configured = environment(track.events.get(..events.end).unwrap_or_default());
    let events = track.events.get(events).unwrap_or_default();
    let (from_ms, to_ms) =
        (events.first().map_or(0.0, |first| first.at_ms), events.last().map_or(0.0, |last| last.at_ms));
    // The last sample may be there after the last event.
    let is_last = track.events.last().map(|last| last.seq) == events.last().map(|last| last.seq);
    let samples = track.samples.iter().filter(|sample| sample.at_ms >= from_ms && (is_last || sample.at_ms <= to_ms));
    Connection {
        pid,
        url: configured.map(|of| of.page_origin.clone()).unwrap_or_default(),
        rtc_configuration: configured.map(configuration).unwrap_or_default(),
        constraints: BTreeMap::new(),
        stats: series::of(samples),
        update_log: events.iter().filter_map(|entry| Update::of(entry)).collect(),
    }
}

fn configuration(environment: &Environment) -> Configuration {
    let urls = |url: &String| Urls { urls: [url.clone()] };
    Configuration {
        ice_servers: environment.ice_servers.iter().map(urls).collect(),
        ice_transport_policy: if environment.relay_only { "relay" } else { "all" },
    }
}

/// The events of each peer connection: from the offer on with which its own description has a new session id (`o=`).
fn of_each_connection(track: &Track) -> Vec<Range<usize>> {
    let (mut begins, mut offered, mut session) = (Vec::new(), 0, None);
    for (index, entry) in track.events.iter().enumerate() {
        let (is_offer, step, sdp) = match &entry.event {
            Event::Offer { step, sdp, .. } => (true, *step, sdp),
            Event::Answer { step, sdp, .. } => (false, *step, sdp),
            _ => continue,
        };
        if is_offer && matches!(step, DescriptionStep::Created | DescriptionStep::Received) {
            offered = index;
        }
        if step == DescriptionStep::Created && session.replace(session_id(sdp)) != Some(session_id(sdp)) {
            begins.push(offered);
        }
    }
    let ends = begins.iter().skip(1).copied().chain([track.events.len()]).collect::<Vec<_>>();
    begins.into_iter().zip(ends).map(|(from, to)| from..to).collect()
}

fn session_id(sdp: &Sdp) -> Option<String> {
    let sections = crate::sdp::sections(sdp.expose());
    sections.first()?.line("o")?.split(' ').nth(1).map(str::to_owned)
}

/// A time as ISO 8601 has it, in UTC: `2026-11-28T01:02:03.004Z`.
fn iso(epoch_ms: f64) -> String {
    let time = DateTime::from_timestamp_millis(epoch_ms as i64).unwrap_or_default();
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[cfg(test)]
mod tests;
