use gloo_events::EventListener;
use web_sys::{Document, EventTarget, VisibilityState};

use crate::client::WebRtcRegistryClient;

/// Tells a client about the page: that it is visible or online again (wake), and that it goes away (leave).
///
/// Whoever makes the client owns this too; dropping it ends the listening. It holds a clone of the client.
#[must_use = "dropping the lifecycle ends the listening"]
#[derive(Debug)]
pub struct Lifecycle {
    _listeners: Vec<EventListener>,
}

impl Lifecycle {
    /// Listens to the page for `client`; without a page (in a worker) there is nothing to listen to.
    pub fn new(client: &WebRtcRegistryClient) -> Self {
        let mut listeners = Vec::new();
        if let Some(window) = web_sys::window() {
            listeners.push(on(&window, "online", client, WebRtcRegistryClient::wake));
            listeners.push(on(&window, "pagehide", client, WebRtcRegistryClient::leave));
            listeners.extend(window.document().map(|document| on_visible(document, client)));
        }
        Self { _listeners: listeners }
    }
}

fn on(
    target: &EventTarget,
    event: &'static str,
    client: &WebRtcRegistryClient,
    act: fn(&WebRtcRegistryClient),
) -> EventListener {
    let client = client.clone();
    EventListener::new(target, event, move |_| act(&client))
}

fn on_visible(document: Document, client: &WebRtcRegistryClient) -> EventListener {
    let client = client.clone();
    let target = document.clone();
    EventListener::new(&target, "visibilitychange", move |_| {
        if document.visibility_state() == VisibilityState::Visible {
            client.wake();
        }
    })
}
