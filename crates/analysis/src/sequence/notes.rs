//! What happens on one side, as notes on its lane.

use registry_client::event::{CandidateStep, DescriptionStep, PageStep, StandbyStep, Timer};
use registry_client::interfaces::webrtc::{IceConnectionState, IceGatheringState, PeerConnectionState};
use registry_client::text::{counted, duration};
use registry_client::{ConnectionState, Event, Role};

use super::draft::Draft;
use super::{Kind, Label, Lane, Row};
use crate::cargo::Cargo;
use crate::moments::Moment;

/// The note for an event, if it is worth one.
pub(super) fn note(moment: &Moment<'_>, own: Lane) -> Option<Draft> {
    let Moment { at_ms, entry, .. } = *moment;
    let on = |kind, label| Row::new(at_ms, own, own, kind, label);
    let event = &entry.event;
    if let Event::LocalCandidate { step: CandidateStep::Gathered, candidate: Some(_), .. } = event {
        let mut cargo = Cargo::default();
        cargo.add(event);
        return Some(Draft::of_cargo(on(Kind::State, Label::default()), cargo, ["gathered ", ""]));
    }
    let (kind, label) = state(event).or_else(|| reconnect(event)).or_else(|| other(event))?;
    Some(Draft::from(Row { bad: is_bad(event), ..on(kind, label) }))
}

fn say(words: impl Into<String>) -> Option<(Kind, Label)> {
    Some((Kind::State, Label::new(words)))
}

fn quote(words: impl Into<String>, said: &str) -> Option<(Kind, Label)> {
    Some((Kind::State, Label::quoting(words, said)))
}

fn state(event: &Event) -> Option<(Kind, Label)> {
    match event {
        Event::State { to: ConnectionState::Connecting, .. } => say("connecting"),
        Event::State { to, reason, .. } => Some((Kind::State, Label { words: to.to_string(), quote: reason.clone() })),
        Event::Offer { step, .. } => described(Role::Host, *step),
        Event::Answer { step, .. } => described(Role::Guest, *step),
        Event::IceGatheringState(IceGatheringState::Complete) => say("gathering complete"),
        Event::IceGatheringState(state) => say(state.as_str()),
        Event::IceConnectionState(state) => say(format!("ICE {}", state.as_str())),
        Event::ConnectionState(state) => say(format!("peer connection {}", state.as_str())),
        Event::SelectedPair(pair) => say(if pair.relayed() { "relayed" } else { "direct path" }),
        Event::IceServerAnswered { url, .. } => quote("server answered", url),
        Event::IceCandidateError { url, code, .. } => quote(format!("server failed, {code}"), url),
        Event::LocalCandidate { step: CandidateStep::Refused, reason, .. } => {
            refused("candidate refused", reason.as_ref())
        }
        Event::RemoteCandidate { step: CandidateStep::Failed, reason, .. } => {
            refused("candidate failed", reason.as_ref())
        }
        Event::RemoteCandidate { step: CandidateStep::Skipped, reason, .. } => {
            refused("candidate skipped", reason.as_ref())
        }
        Event::DataChannelError { reason } => quote("data channel failed", reason),
        _ => None,
    }
}

fn refused(words: &str, reason: Option<&String>) -> Option<(Kind, Label)> {
    Some((Kind::State, Label { words: words.to_owned(), quote: reason.cloned() }))
}

fn described(of: Role, step: DescriptionStep) -> Option<(Kind, Label)> {
    let what = if of == Role::Host { "offer" } else { "answer" };
    match step {
        DescriptionStep::Created => say(format!("{what} created")),
        DescriptionStep::Set => say(format!("{what} set")),
        DescriptionStep::Applied => say(format!("{what} applied")),
        DescriptionStep::Posted | DescriptionStep::Received => None,
    }
}

fn reconnect(event: &Event) -> Option<(Kind, Label)> {
    let label = match event {
        Event::IceRestart => Label::new("ICE restart"),
        Event::ReconnectScheduled { delay_ms, .. } if *delay_ms < 1.0 => return None,
        Event::ReconnectScheduled { attempt, delay_ms, .. } => {
            Label::new(format!("attempt {attempt} in {}", duration(*delay_ms)))
        }
        Event::ReconnectAttempting { attempt } => Label::new(format!("attempt {attempt}")),
        Event::ReconnectFailed { attempt, error } => {
            Label::quoting(format!("attempt {attempt} failed"), error.to_string())
        }
        Event::ReconnectExhausted { attempts } => {
            Label::new(format!("gives up after {}", counted(*attempts as usize, "attempt")))
        }
        _ => return None,
    };
    Some((Kind::Reconnect, label))
}

fn other(event: &Event) -> Option<(Kind, Label)> {
    match event {
        Event::MessageReplayed { .. } => say("message sent again"),
        Event::MessageBuffered { .. } => say("message buffered"),
        Event::MessageDropped { .. } => say("message not delivered"),
        Event::Standby { step: StandbyStep::Ready, .. } => say("can meet again"),
        Event::Standby { step: StandbyStep::Gone, .. } => say("fallback room gone"),
        Event::AnswerDuplicate => say("same answer again"),
        Event::Stale { what, .. } => quote("too late", what),
        Event::Timer(Timer::Connection) => say("no connection in time"),
        Event::Timer(Timer::Gathering) => say("gathering takes too long"),
        Event::Timer(Timer::DisconnectedGrace) => say("has not healed in time"),
        Event::Page { step, gap_ms } => say(page(*step, *gap_ms)),
        Event::Closing { messages } => say(format!("closes once {} are delivered", counted(*messages, "message"))),
        Event::CleanupStarted => say("closes"),
        Event::Failure(error) => quote("error", &error.to_string()),
        Event::Fault(fault) => {
            let quote = format!("{} {}", fault.action, fault.target);
            Some((Kind::Fault, Label::quoting("injected", quote)))
        }
        _ => None,
    }
}

fn page(step: PageStep, gap_ms: Option<f64>) -> String {
    match (step, gap_ms) {
        (PageStep::Hidden, _) => "page hidden".into(),
        (PageStep::Visible, _) => "page visible".into(),
        (PageStep::Slept, Some(gap)) => format!("page slept for {}", duration(gap)),
        (PageStep::Slept, None) => "page slept".into(),
        (PageStep::Online, _) => "online".into(),
        (PageStep::Offline, _) => "offline".into(),
    }
}

fn is_bad(event: &Event) -> bool {
    match event {
        Event::State { to, .. } => *to == ConnectionState::Error,
        Event::IceConnectionState(state) => *state == IceConnectionState::Failed,
        Event::ConnectionState(state) => *state == PeerConnectionState::Failed,
        Event::LocalCandidate { step, .. } | Event::RemoteCandidate { step, .. } => {
            matches!(step, CandidateStep::Refused | CandidateStep::Failed | CandidateStep::Skipped)
        }
        Event::IceCandidateError { .. }
        | Event::DataChannelError { .. }
        | Event::ReconnectFailed { .. }
        | Event::ReconnectExhausted { .. }
        | Event::MessageDropped { .. }
        | Event::Timer(_)
        | Event::Page { step: PageStep::Offline | PageStep::Slept, .. }
        | Event::Failure(_) => true,
        _ => false,
    }
}
