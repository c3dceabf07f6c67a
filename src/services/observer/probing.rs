//! Why the Registry does not answer: a browser does not say, and what gets through to it tells.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use gloo_timers::future::TimeoutFuture;
use registry_client::browser::probe;
use registry_client::types::operation::Operation;
use registry_client::{Event, Subscription, Trace, WebRtcRegistryClient};
use wasm_bindgen_futures::spawn_local;

use crate::services::monotonic;

/// There is at most one probe in this time.
const PAUSE: Duration = Duration::from_secs(10);
/// A failure that is followed by a response within this time, in milliseconds, has passed, and needs no explanation. A probe
/// would only add errors to the browser's console.
const PASSES_MS: u32 = 700;
/// How long each of its requests may take.
const LIMIT: Duration = Duration::from_secs(3);

/// A failure after this much time, in milliseconds, was a response that did not come in time.
const SLOW_MS: f64 = 5_000.0;

/// When there was a probe last, and whether it is still under way; and when there was a response last.
#[derive(Default)]
struct State {
    began: Cell<Option<Duration>>,
    under_way: Cell<bool>,
    answered: Cell<Option<Duration>>,
}

impl State {
    /// Whether to probe now because of this event.
    fn wants(&self, event: &Event) -> bool {
        let now = monotonic();
        if matches!(event, Event::Response { .. }) {
            self.answered.set(Some(now));
        }
        let recent = self.began.get().is_some_and(|began| now < began + PAUSE);
        let wants = is_unclear(event, self.answered.get()) && !self.under_way.get() && !recent;
        if wants {
            self.began.set(Some(now));
            self.under_way.set(true);
        }
        wants
    }

    /// There is no need for the probe any more.
    fn give_up(&self) {
        self.began.set(None);
        self.under_way.set(false);
    }

    /// Whether there has been a response since the probe was wanted.
    fn has_passed(&self) -> bool {
        self.answered.get() > self.began.get()
    }
}

/// Probes the Registry when a request fails in a way that has several reasons, and records the outcome.
pub(super) fn probe_when_needed(client: &WebRtcRegistryClient, registry: &str) -> Subscription {
    let (trace, state) = (Rc::downgrade(client.trace()), Rc::new(State::default()));
    let registry: Rc<str> = registry.into();
    client.trace().subscribe(move |entry| {
        if state.wants(&entry.event) {
            let (trace, state, registry) = (trace.clone(), Rc::clone(&state), Rc::clone(&registry));
            let failed = matches!(entry.event, Event::RequestFailed { .. });
            spawn_local(async move {
                if failed {
                    TimeoutFuture::new(PASSES_MS).await;
                    if state.has_passed() {
                        return state.give_up();
                    }
                }
                let outcome = probe(&registry, LIMIT).await;
                state.under_way.set(false);
                if let Some(trace) = trace.upgrade() {
                    Trace::record(&trace, Event::Probe(outcome));
                }
            });
        }
    })
}

/// Whether an event has several explanations that a probe tells apart: no response, or a 404 that a Registry gives for a room
/// and any web server for a path. Not one response that did not come in time while others did; and what is sent while the page
/// goes away matters to nobody.
fn is_unclear(event: &Event, answered: Option<Duration>) -> bool {
    match event {
        Event::RequestFailed { operation, duration_ms, .. } => {
            let since = monotonic().saturating_sub(Duration::from_secs_f64(duration_ms / 1000.0));
            let others_came = *duration_ms >= SLOW_MS && answered.is_some_and(|answered| answered > since);
            *operation != Operation::CloseRoom && !others_came
        }
        Event::Response { operation: Operation::JoinRoom, status, .. } => *status == 404,
        _ => false,
    }
}
