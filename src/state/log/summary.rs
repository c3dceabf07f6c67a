use registry_client::Event;
use registry_client::event::PollKind;
use registry_client::json::Json;

use super::super::candidates::step_word;
use crate::foreign::{escaped_json, isolated};
use crate::format;

/// An event's details in brief, with foreign text isolated.
pub(super) fn summary(event: &Event) -> String {
    match event {
        Event::State { from, to, reason } => with_reason(&format!("{from} → {to}"), reason.as_deref()),
        Event::Room { code, role, .. } => format!("{code} as {}", role.as_str()),
        Event::Request { .. }
        | Event::Response { .. }
        | Event::RequestFailed { .. }
        | Event::RequestAborted { .. }
        | Event::Retry { .. } => request_summary(event),
        Event::Waiting { wait_ms } => format!("long poll for room updates, up to {}", format::duration(*wait_ms)),
        Event::Polling { interval_ms, .. } => format!("every {}", format::duration(*interval_ms)),
        Event::PollingStopped { kind: PollKind::Room } => "room".into(),
        Event::PollingStopped { kind: PollKind::Candidates } => "candidates".into(),
        Event::Snapshot { status, offer, answer, .. } => {
            let has = |there: &bool| if *there { "yes" } else { "no" };
            format!("{}, offer {}, answer {}", isolated(status), has(offer), has(answer))
        }
        Event::Offer { bytes, .. } | Event::Answer { bytes, .. } => format::bytes(*bytes),
        Event::LocalCandidate { step, candidate, reason } | Event::RemoteCandidate { step, candidate, reason } => {
            let line = candidate.as_ref().map_or("end of candidates", |c| c.candidate.as_str());
            with_reason(&format!("{} {}", step_word(*step), isolated(line)), reason.as_deref())
        }
        Event::IceCandidateError { url, code, text } => format!("{} {code} {}", isolated(url), isolated(text)),
        Event::IceServerAnswered { url } => isolated(url).into_owned(),
        Event::SelectedPair(pair) => {
            let how = if pair.relayed() { "relayed" } else { "direct" };
            format!("{how}, {} ↔ {}", isolated(&pair.local.candidate_type), isolated(&pair.remote.candidate_type))
        }
        Event::Message { data, bytes }
        | Event::MessageSent { data, bytes, .. }
        | Event::MessageBuffered { data, bytes, .. } => {
            format!("{} {}", format::bytes(*bytes), json(data))
        }
        Event::MessageReplayed { id, data } | Event::MessageDropped { id, data, .. } => format!("#{id} {}", json(data)),
        Event::MessagesDelivered { ids } => match ids.as_slice() {
            [first, .., last] => format!("#{first} to #{last}"),
            [only] => format!("#{only}"),
            [] => String::new(),
        },
        Event::Standby { step, .. } => step.as_str().to_owned(),
        Event::RoundTrip { ms } => format::duration(*ms),
        Event::ReconnectScheduled { attempt, delay_ms, .. } => {
            format!("attempt {attempt} in {}", format::duration(*delay_ms))
        }
        Event::ReconnectAttempting { attempt } => format!("attempt {attempt}"),
        Event::ReconnectSuccess { attempts, lost_ms } => {
            format!("after {}, lost for {}", format::counted(*attempts as usize, "attempt"), format::duration(*lost_ms))
        }
        Event::ReconnectFailed { attempt, error } => format!("attempt {attempt}: {}", isolated(&error.to_string())),
        Event::ReconnectExhausted { attempts } => format::counted(*attempts as usize, "attempt"),
        Event::DataChannelError { reason } => isolated(reason).into_owned(),
        Event::Closing { messages: 1 } => "once 1 message is delivered".to_owned(),
        Event::Closing { messages } => format!("once {messages} messages are delivered"),
        Event::Stale { what, attempt } => format!("{what} from attempt {attempt}"),
        Event::Failure(error) => isolated(&error.to_string()).into_owned(),
        event => state_word(event),
    }
}

fn state_word(event: &Event) -> String {
    match event {
        Event::ConnectionState(state) => state.as_str().into(),
        Event::IceConnectionState(state) => state.as_str().into(),
        Event::IceGatheringState(state) => state.as_str().into(),
        Event::SignalingState(state) => state.as_str().into(),
        Event::DataChannel(state) => state.as_str().into(),
        Event::Timer(timer) => timer.as_str().to_ascii_lowercase(),
        _ => String::new(),
    }
}

fn request_summary(event: &Event) -> String {
    match event {
        Event::Request { id, operation, bytes } => {
            let body = if *bytes > 0 { format!(", {}", format::bytes(*bytes)) } else { String::new() };
            format!("#{id} {} {}{body}", operation.method(), operation.path_template())
        }
        Event::Response { id, operation, status, duration_ms, bytes, code } => {
            let code = code.as_ref().map(|code| format!(" {}", isolated(code))).unwrap_or_default();
            let (time, size) = (format::duration(*duration_ms), format::bytes(*bytes));
            format!("#{id} {status}{code} {} {} in {time}, {size}", operation.method(), operation.path_template())
        }
        Event::RequestFailed { id, operation, duration_ms, reason } => {
            let time = format::duration(*duration_ms);
            format!("#{id} {} {} after {time}: {}", operation.method(), operation.path_template(), isolated(reason))
        }
        Event::RequestAborted { id, operation, duration_ms } => {
            let time = format::duration(*duration_ms);
            format!("#{id} {} {} aborted after {time}", operation.method(), operation.path_template())
        }
        Event::Retry { operation, failures, delay_ms, reason } => {
            let (delay, reason) = (format::duration(*delay_ms), isolated(reason));
            format!("{operation} again in {delay} (failure {failures}): {reason}")
        }
        _ => String::new(),
    }
}

fn with_reason(text: &str, reason: Option<&str>) -> String {
    reason.map_or_else(|| text.to_owned(), |reason| format!("{text}: {}", isolated(reason)))
}

/// A message's JSON. The trace keeps only the beginning of a long one.
fn json(data: &Json) -> String {
    isolated(&escaped_json(data.as_str())).into_owned()
}
