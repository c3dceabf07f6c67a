//! What the page records beside what its client does: where it runs, what happens to it, and why the Registry does not answer.

mod environment;
mod page;
mod probing;

use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use registry_client::{ClientConfig, Event, Subscription, WebRtcRegistryClient};

/// Records into a client's trace until it is dropped.
#[must_use = "dropping it ends the recording"]
pub struct Observer {
    _listeners: Vec<EventListener>,
    _clock: Interval,
    _probing: Subscription,
}

impl Observer {
    /// Records where the client runs, and from now on what happens around it.
    pub fn new(client: &WebRtcRegistryClient, config: &ClientConfig) -> Self {
        client.trace().record(Event::Environment(Box::new(environment::look(config))));
        Self {
            _listeners: page::listen(client),
            _clock: page::watch_clock(client),
            _probing: probing::probe_when_needed(client, &config.registry_api_url),
        }
    }
}
