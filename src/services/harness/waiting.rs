//! Waiting for what a script wants to see.

use std::cell::RefCell;
use std::rc::Rc;

use futures::channel::oneshot;
use futures::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Promise};
use registry_client::browser::js;
use registry_client::{ConnectionState, Subscription, WebRtcRegistryClient};
use registry_js::{failure, js_value};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::future_to_promise;

/// How long is waited by default, in milliseconds.
const TIMEOUT_MS: f64 = 30_000.0;
/// The longest that a timer of the browser takes, in milliseconds.
const LONGEST_MS: f64 = i32::MAX as f64;

type Outcome = Result<JsValue, JsValue>;

/// What is waited for.
enum Awaited {
    State(ConnectionState),
    Event(Function),
}

impl Awaited {
    fn read(what: &JsValue) -> Result<Self, JsValue> {
        if let Some(accepts) = what.dyn_ref::<Function>() {
            return Ok(Self::Event(accepts.clone()));
        }
        let state = what.as_string().and_then(|word| word.parse().ok());
        state.map(Self::State).ok_or_else(|| {
            failure(
                "state",
                "bad_argument",
                "waitFor takes the name of a state, or a function that is called with each event",
            )
        })
    }

    fn words(&self) -> String {
        match self {
            Self::State(state) => format!("the state {state}"),
            Self::Event(_) => "an event that the function accepts".to_owned(),
        }
    }
}

/// Resolves to the state or event, at once if that is the state already. `options.timeout` is in milliseconds, 0 for ever;
/// `options.since` is the number of an event: those after it that are kept are asked about first.
pub fn wait_for(client: &WebRtcRegistryClient, what: &JsValue, options: &JsValue) -> Promise {
    let awaited = match Awaited::read(what) {
        Ok(awaited) => awaited,
        Err(refusal) => return Promise::reject(&refusal),
    };
    let timeout_ms = js::get(options, "timeout").as_f64().unwrap_or(TIMEOUT_MS).clamp(0.0, LONGEST_MS);
    let words = awaited.words();
    let seen = seen(client, awaited, js::get(options, "since").as_f64());
    let client = client.clone();
    future_to_promise(async move {
        let (outcome, subscription) = seen;
        let outcome = if timeout_ms == 0.0 {
            outcome.await
        } else {
            match select(outcome, TimeoutFuture::new(timeout_ms as u32)).await {
                Either::Left((outcome, _)) => outcome,
                Either::Right(_) => {
                    let state = client.connection_state();
                    let message =
                        format!("there was not {words} within {} s; the state is {state}", timeout_ms / 1000.0);
                    Ok(Err(failure("timeout", "wait_timeout", &message)))
                }
            }
        };
        drop(subscription);
        outcome.unwrap_or_else(|_| Err(failure("state", "closed", "the page has replaced its client")))
    })
}

/// The first that is seen, and the subscription by which it is.
fn seen(
    client: &WebRtcRegistryClient,
    awaited: Awaited,
    since: Option<f64>,
) -> (oneshot::Receiver<Outcome>, Option<Subscription>) {
    let (sender, receiver) = oneshot::channel();
    let sender = Rc::new(RefCell::new(Some(sender)));
    let tell = move |outcome: Outcome| {
        if let Some(sender) = sender.take() {
            let _ = sender.send(outcome);
        }
    };
    let trace = client.trace();
    let subscription = match awaited {
        Awaited::State(state) if client.connection_state() == state => {
            tell(Ok(state.as_str().into()));
            None
        }
        Awaited::State(state) => Some(client.on_state_change(move |now| {
            if now == state {
                tell(Ok(state.as_str().into()));
            }
        })),
        Awaited::Event(accepts) => {
            let ask = move |entry: &registry_client::TraceEvent| {
                let event = js_value(entry);
                match accepts.call1(&JsValue::UNDEFINED, &event) {
                    Ok(answer) if answer.is_truthy() => tell(Ok(event)),
                    Ok(_) => {}
                    Err(thrown) => tell(Err(thrown)),
                }
            };
            if let Some(since) = since {
                trace.since(since.max(0.0) as u64).iter().for_each(|entry| ask(entry));
            }
            Some(trace.subscribe(move |entry| ask(entry)))
        }
    };
    (receiver, subscription)
}
