use registry_client::event::{CandidateStep, DescriptionStep};
use registry_client::json::Json;
use registry_client::protocol::IceCandidate;
use registry_client::types::sdp::Sdp;
use registry_client::{Event, TraceEvent};
use serde::Serialize;

use super::iso;

/// What was called on a peer connection, or what it reported.
#[derive(Serialize)]
pub(super) struct Update {
    time: String,
    #[serde(rename = "type")]
    kind: &'static str,
    value: String,
}

/// `RTCSessionDescription`; readers rely on the type to come first.
#[derive(Serialize)]
struct Description {
    #[serde(rename = "type")]
    kind: &'static str,
    sdp: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CandidateError<'a> {
    url: &'a str,
    error_code: u16,
    error_text: &'a str,
}

impl Update {
    /// The update for an event; `None` for what has nothing to do with the peer connection.
    pub(super) fn of(entry: &TraceEvent) -> Option<Self> {
        let (kind, value) = update(&entry.event)?;
        Some(Self { time: iso(entry.epoch_ms), kind, value })
    }
}

fn update(event: &Event) -> Option<(&'static str, String)> {
    Some(match event {
        Event::Offer { step, sdp, .. } => (description("createOfferOnSuccess", *step)?, described("offer", sdp)),
        Event::Answer { step, sdp, .. } => (description("createAnswerOnSuccess", *step)?, described("answer", sdp)),
        Event::LocalCandidate { step: CandidateStep::Gathered, candidate: Some(candidate), .. } => {
            ("icecandidate", text(candidate))
        }
        Event::RemoteCandidate { step: CandidateStep::Applied, candidate: Some(candidate), .. } => {
            ("addIceCandidate", text(candidate))
        }
        Event::RemoteCandidate { step: CandidateStep::Failed, candidate: Some(candidate), .. } => {
            ("addIceCandidateFailed", text(candidate))
        }
        Event::IceCandidateError { url, code, text } => {
            ("icecandidateerror", written(&CandidateError { url, error_code: *code, error_text: text }))
        }
        Event::SignalingState(state) => ("signalingstatechange", written(state)),
        Event::IceGatheringState(state) => ("icegatheringstatechange", written(state)),
        Event::IceConnectionState(state) => ("iceconnectionstatechange", written(state)),
        Event::ConnectionState(state) => ("connectionstatechange", written(state)),
        Event::IceRestart => ("restartIce", String::new()),
        Event::CleanupComplete => ("close", String::new()),
        _ => return None,
    })
}

/// What a step of a description is called; `None` for those at the Registry.
fn description(created: &'static str, step: DescriptionStep) -> Option<&'static str> {
    match step {
        DescriptionStep::Created => Some(created),
        DescriptionStep::Set => Some("setLocalDescription"),
        DescriptionStep::Applied => Some("setRemoteDescription"),
        DescriptionStep::Posted | DescriptionStep::Received => None,
    }
}

fn described(kind: &'static str, sdp: &Sdp) -> String {
    written(&Description { kind, sdp: sdp.masked() })
}

fn text(candidate: &IceCandidate) -> String {
    written(candidate)
}

fn written(value: &impl Serialize) -> String {
    Json::of(value).as_str().to_owned()
}
