//! Maps events of the trace to JavaScript events and their arguments.

use std::cell::Cell;

use js_sys::{Array, Object};
use registry_client::browser::js;
use registry_client::event::{CandidateStep, PollKind, TraceEvent};
use registry_client::protocol::IceCandidate;
use registry_client::{ConnectionState, Event};
use wasm_bindgen::JsValue;

use crate::error;
use crate::inner::Inner;
use crate::value::{parsed, to_js, with_messages};

/// Selects the events of one name from the trace.
pub(crate) struct Selector {
    name: String,
    /// Whether the polling that the name refers to is running: its start is reported once.
    polling: Cell<bool>,
}

impl Selector {
    pub(crate) fn new(name: String) -> Self {
        Self { name, polling: Cell::new(false) }
    }

    /// The arguments for a listener of this name, if it is to be called for this event.
    pub(crate) fn arguments(&self, inner: &Inner, entry: &TraceEvent) -> Option<Array> {
        if self.name == "*" {
            return Some(Array::of1(&with_messages(entry)));
        }
        match &entry.event {
            Event::State { to, reason, .. } => self.state(*to, reason.as_deref(), entry),
            Event::Failure(failure) => {
                let fatal = || failure.diagnostics.phase != ConnectionState::Error && in_error(inner);
                let told = self.is("error") || (self.is("failed") && fatal());
                told.then(|| Array::of1(&error::of(failure)))
            }
            Event::Polling { kind, interval_ms } => self.polling(*kind, *interval_ms, entry),
            Event::PollingStopped { .. } => {
                self.polling.set(false);
                self.named(entry, Array::new)
            }
            Event::LocalCandidate { step, candidate, reason } => {
                self.candidate(entry, *step, *step == CandidateStep::Gathered, candidate, reason)
            }
            Event::RemoteCandidate { step, candidate, reason } => {
                self.candidate(entry, *step, *step == CandidateStep::Applied, candidate, reason)
            }
            event => self.named(entry, || plain_arguments(inner, event)),
        }
    }

    fn is(&self, name: &str) -> bool {
        self.name == name
    }

    fn named(&self, entry: &TraceEvent, arguments: impl FnOnce() -> Array) -> Option<Array> {
        self.is(entry.event.name()).then(arguments)
    }

    fn state(&self, to: ConnectionState, reason: Option<&str>, entry: &TraceEvent) -> Option<Array> {
        match (self.name.as_str(), to) {
            ("connecting", ConnectionState::Connecting) | ("connected", ConnectionState::Connected) => {
                Some(Array::new())
            }
            ("disconnected", ConnectionState::Disconnected) | ("closed", ConnectionState::Idle) => {
                Some(reason.map_or_else(Array::new, |reason| Array::of1(&reason.into())))
            }
            _ => self.named(entry, || Array::of1(&parsed(&entry.event.details_json()))),
        }
    }

    fn polling(&self, kind: PollKind, interval_ms: f64, entry: &TraceEvent) -> Option<Array> {
        let interval = match kind {
            PollKind::Candidates => "ice:polling:interval",
            PollKind::Room => "room:polling:interval",
        };
        if self.is(interval) {
            return Some(Array::of1(&interval_ms.into()));
        }
        let starts = self.is(entry.event.name()) && !self.polling.replace(true);
        starts.then(Array::new)
    }

    /// `ice:candidate:local` and `…:remote` are emitted once per candidate; `…:posted`, `…:failed` and so on at each step.
    fn candidate(
        &self,
        entry: &TraceEvent,
        step: CandidateStep,
        main: bool,
        candidate: &Option<IceCandidate>,
        reason: &Option<String>,
    ) -> Option<Array> {
        let rest = self.name.strip_prefix(entry.event.name())?;
        let told = if rest.is_empty() { main } else { rest.strip_prefix(':') == Some(step.as_str()) };
        told.then(|| {
            let arguments = Array::of1(&candidate.as_ref().map_or(JsValue::NULL, to_js));
            if let Some(reason) = reason {
                arguments.push(&reason.into());
            }
            arguments
        })
    }
}

fn in_error(inner: &Inner) -> bool {
    inner.client().connection_state() == ConnectionState::Error
}

/// The arguments of an event that its name alone selects.
fn plain_arguments(inner: &Inner, event: &Event) -> Array {
    match event {
        Event::ConnectionState(state) => Array::of1(&state.as_str().into()),
        Event::IceConnectionState(state) => Array::of1(&state.as_str().into()),
        Event::IceGatheringState(state) => Array::of1(&state.as_str().into()),
        Event::SignalingState(state) => Array::of1(&state.as_str().into()),
        Event::Message { data, .. } | Event::MessageBuffered { data, .. } => Array::of1(&parsed(data)),
        Event::MessageSent { data, buffered, .. } => Array::of2(&parsed(data), &(*buffered).into()),
        Event::MessagesDelivered { .. } => Array::of1(&js::get(&parsed(&event.details_json()), "ids")),
        Event::ReconnectAttempting { attempt: number } | Event::ReconnectExhausted { attempts: number } => {
            Array::of1(&(*number).into())
        }
        Event::ReconnectSuccess { .. } => Array::new(),
        Event::ReconnectFailed { error, .. } => Array::of1(&error::of(error)),
        Event::DataChannelError { reason } => Array::of1(&error::plain("webrtc", "channel_error", reason)),
        Event::AnswerDuplicate => Array::of1(&room_code(inner)),
        event if event.name() == "answer:processed" => Array::of2(&room_code(inner), &guest_name(inner)),
        event => details(event),
    }
}

/// The details, or no argument if there are none.
fn details(event: &Event) -> Array {
    let details = parsed(&event.details_json());
    let silent = matches!(event.name(), "datachannel:open" | "datachannel:close")
        || event.name().ends_with(":timeout")
        || Object::keys(&Object::from(details.clone())).length() == 0;
    if silent { Array::new() } else { Array::of1(&details) }
}

fn room_code(inner: &Inner) -> JsValue {
    inner.client().room_info().map_or(JsValue::NULL, |room| room.code.as_str().into())
}

fn guest_name(inner: &Inner) -> JsValue {
    let name = inner.client().room_info().and_then(|room| room.guest_user_name);
    name.map_or(JsValue::NULL, |name| name.as_str().into())
}
