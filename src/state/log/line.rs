//! What the timeline shows of each event: this is the one place in the page that knows them all.

use registry_analysis::statistics;
use registry_client::Event;
use registry_client::event::{CandidateStep, PageStep, PollKind};
use registry_client::interfaces::registry::Operation;
use registry_client::json::Json;
use registry_client::protocol::IceCandidate;
use registry_client::types::environment::Environment;
use registry_client::types::probe::Reach;

use super::super::candidates::step_word;
use super::Kind;
use crate::foreign::{escaped_json, isolated};
use crate::format;

/// The content of a line beside the event's name.
pub(super) struct Line {
    pub(super) kind: Kind,
    /// Whether it reports a failure.
    pub(super) bad: bool,
    /// The event's details in brief, with foreign text isolated.
    pub(super) summary: String,
}

impl Line {
    /// The line for an event. One that nothing here knows is shown by its name alone, among the deadlines.
    pub(super) fn of(event: &Event) -> Self {
        let line = state(event).or_else(|| http(event)).or_else(|| signal(event)).or_else(|| ice(event));
        let line = line.or_else(|| channel(event)).or_else(|| around(event)).or_else(|| timing(event));
        line.unwrap_or(Self { kind: Kind::Timing, bad: false, summary: String::new() })
    }
}

fn good(kind: Kind, summary: impl Into<String>) -> Option<Line> {
    Some(Line { kind, bad: false, summary: summary.into() })
}

fn bad(kind: Kind, summary: impl Into<String>) -> Option<Line> {
    Some(Line { kind, bad: true, summary: summary.into() })
}

fn state(event: &Event) -> Option<Line> {
    let summary = match event {
        Event::State { from, to, reason } => with_reason(&format!("{from} → {to}"), reason.as_deref()),
        Event::Closing { messages: 1 } => "once 1 message is delivered".to_owned(),
        Event::Closing { messages } => format!("once {messages} messages are delivered"),
        Event::Standby { step, .. } => step.as_str().to_owned(),
        Event::IceRestart => String::new(),
        Event::ReconnectScheduled { attempt, delay_ms, .. } => {
            format!("attempt {attempt} in {}", format::duration(*delay_ms))
        }
        Event::ReconnectAttempting { attempt } => format!("attempt {attempt}"),
        Event::ReconnectSuccess { attempts, lost_ms } => {
            format!("after {}, lost for {}", format::counted(*attempts as usize, "attempt"), format::duration(*lost_ms))
        }
        Event::ReconnectFailed { attempt, error } => format!("attempt {attempt}: {}", isolated(&error.to_string())),
        Event::ReconnectExhausted { attempts } => format::counted(*attempts as usize, "attempt"),
        Event::Failure(error) => return bad(Kind::Error, isolated(&error.to_string())),
        _ => return None,
    };
    good(Kind::State, summary)
}

fn http(event: &Event) -> Option<Line> {
    let call = |operation: &Operation| format!("{} {}", operation.method(), operation.path_template());
    match event {
        Event::Request { id, operation, bytes } => {
            let body = if *bytes > 0 { format!(", {}", format::bytes(*bytes)) } else { String::new() };
            good(Kind::Http, format!("#{id} {}{body}", call(operation)))
        }
        Event::Response { id, operation, status, duration_ms, bytes, code } => {
            let words = code.as_ref().map(|code| format!(" {}", isolated(code))).unwrap_or_default();
            let (time, size) = (format::duration(*duration_ms), format::bytes(*bytes));
            let summary = format!("#{id} {status}{words} {} in {time}, {size}", call(operation));
            Some(Line { kind: Kind::Http, bad: *status >= 400 || code.is_some(), summary })
        }
        Event::RequestFailed { id, operation, duration_ms, reason } => {
            let time = format::duration(*duration_ms);
            bad(Kind::Http, format!("#{id} {} after {time}: {}", call(operation), isolated(reason)))
        }
        Event::RequestAborted { id, operation, duration_ms } => {
            good(Kind::Http, format!("#{id} {} aborted after {}", call(operation), format::duration(*duration_ms)))
        }
        Event::Retry { operation, failures, delay_ms, reason } => {
            let (delay, reason) = (format::duration(*delay_ms), isolated(reason));
            bad(Kind::Http, format!("{operation} again in {delay} (failure {failures}): {reason}"))
        }
        _ => None,
    }
}

fn signal(event: &Event) -> Option<Line> {
    let summary = match event {
        Event::Room { code, role, .. } => format!("{code} as {role}"),
        Event::JoinCodeReplaced { .. } => "the earlier one admits nobody any more".into(),
        Event::Snapshot { status, offer, answer, .. } => {
            let has = |there: &bool| if *there { "yes" } else { "no" };
            format!("{}, offer {}, answer {}", isolated(status), has(offer), has(answer))
        }
        Event::Offer { bytes, .. } | Event::Answer { bytes, .. } => format::bytes(*bytes),
        Event::AnswerDuplicate => String::new(),
        Event::SignalingState(state) => state.as_str().into(),
        _ => return None,
    };
    good(Kind::Signal, summary)
}

fn ice(event: &Event) -> Option<Line> {
    match event {
        Event::LocalCandidate { step, candidate, reason } | Event::RemoteCandidate { step, candidate, reason } => {
            candidate_line(*step, candidate.as_ref(), reason.as_deref())
        }
        Event::IceCandidateError { url, code, text } => {
            bad(Kind::Ice, format!("{} {code} {}", isolated(url), isolated(text)))
        }
        Event::IceServerAnswered { url, .. } => good(Kind::Ice, isolated(url)),
        Event::SelectedPair(pair) => {
            let how = if pair.relayed() { "relayed" } else { "direct" };
            let (local, remote) = (isolated(&pair.local.candidate_type), isolated(&pair.remote.candidate_type));
            good(Kind::Ice, format!("{how}, {local} ↔ {remote}"))
        }
        Event::Pairs { pairs } => good(Kind::Ice, statistics::summary(pairs)),
        Event::ConnectionState(state) => good(Kind::Ice, state.as_str()),
        Event::IceConnectionState(state) => good(Kind::Ice, state.as_str()),
        Event::IceGatheringState(state) => good(Kind::Ice, state.as_str()),
        _ => None,
    }
}

fn candidate_line(step: CandidateStep, candidate: Option<&IceCandidate>, reason: Option<&str>) -> Option<Line> {
    let line = candidate.map_or("end of candidates", |candidate| candidate.candidate.as_str());
    let summary = with_reason(&format!("{} {}", step_word(step), isolated(line)), reason);
    let bad = matches!(step, CandidateStep::Failed | CandidateStep::Refused | CandidateStep::Skipped);
    Some(Line { kind: Kind::Ice, bad, summary })
}

fn channel(event: &Event) -> Option<Line> {
    let summary = match event {
        Event::DataChannel(state) => state.as_str().into(),
        Event::DataChannelError { reason } => return bad(Kind::Channel, isolated(reason)),
        Event::Message { data, bytes }
        | Event::MessageSent { data, bytes, .. }
        | Event::MessageBuffered { data, bytes, .. } => format!("{} {}", format::bytes(*bytes), json(data)),
        Event::MessageReplayed { id, data } | Event::MessageDropped { id, data, .. } => format!("#{id} {}", json(data)),
        Event::MessagesDelivered { ids } => match ids.as_slice() {
            [first, .., last] => format!("#{first} to #{last}"),
            [only] => format!("#{only}"),
            [] => String::new(),
        },
        Event::PeerKind { .. } => String::new(),
        Event::PeerVersion { version } => return bad(Kind::Channel, format!("version {version}")),
        _ => return None,
    };
    good(Kind::Channel, summary)
}

/// What happens around the client.
fn around(event: &Event) -> Option<Line> {
    match event {
        Event::Environment(environment) => {
            let Environment { page_origin, registry_url, has_web_rtc, online, .. } = &**environment;
            let lacks = [(!has_web_rtc, ", no WebRTC"), (!online, ", offline")];
            let lacks: String = lacks.iter().filter(|(lacks, _)| *lacks).map(|(_, words)| *words).collect();
            let summary = format!("page {}, Registry {}{lacks}", isolated(page_origin), isolated(registry_url));
            Some(Line { kind: Kind::State, bad: !lacks.is_empty(), summary })
        }
        Event::Page { step, gap_ms } => {
            let gap = gap_ms.map_or_else(String::new, |gap_ms| format!(" for {}", format::duration(gap_ms)));
            let bad = matches!(step, PageStep::Offline | PageStep::Slept);
            Some(Line { kind: Kind::State, bad, summary: format!("{}{gap}", step.as_str()) })
        }
        Event::RegistryClock { ahead_ms } => {
            let how = if *ahead_ms < 0.0 { "behind" } else { "ahead" };
            good(Kind::Http, format!("{} {how}", format::duration(ahead_ms.abs())))
        }
        Event::Probe(probe) => {
            let summary = match probe.reach() {
                Reach::Registry => return good(Kind::Http, "a Registry that this page can use"),
                Reach::Unreachable { timed_out: true } => "no answer in time".to_owned(),
                Reach::Unreachable { timed_out: false } => "nothing answers".to_owned(),
                Reach::MixedContent => "blocked: the page is https, and the address http".to_owned(),
                Reach::OriginRefused => "something answers, and does not allow this origin".to_owned(),
                Reach::HeadersRefused(headers) => {
                    format!("the headers {} are not allowed", isolated(&headers.join(", ")))
                }
                Reach::NoRegistry(status) => format!("no Registry: status {status}"),
            };
            bad(Kind::Http, summary)
        }
        _ => None,
    }
}

fn timing(event: &Event) -> Option<Line> {
    let summary = match event {
        Event::Waiting { wait_ms } => format!("long poll for room updates, up to {}", format::duration(*wait_ms)),
        Event::Polling { interval_ms, .. } => format!("every {}", format::duration(*interval_ms)),
        Event::PollingStopped { kind: PollKind::Room } => "room".into(),
        Event::PollingStopped { kind: PollKind::Candidates } => "candidates".into(),
        Event::RoundTrip { ms } => format::duration(*ms),
        Event::Timer(timer) => timer.as_str().to_ascii_lowercase(),
        Event::Stale { what, attempt } => format!("{what} from attempt {attempt}"),
        _ => return None,
    };
    good(Kind::Timing, summary)
}

fn with_reason(text: &str, reason: Option<&str>) -> String {
    reason.map_or_else(|| text.to_owned(), |reason| format!("{text}: {}", isolated(reason)))
}

/// A message's JSON. The trace keeps only the beginning of a long one.
fn json(data: &Json) -> String {
    isolated(&escaped_json(data.as_str())).into_owned()
}
