use std::cell::RefCell;

use gloo_events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, EventTarget, VisibilityState};

use super::js;
use crate::client::WebRtcRegistryClient;

/// Notifies a client of events of the page: it is visible again (`wake`), its network is back or has changed
/// (`network_changed`), and it is being unloaded (`leave`).
///
/// The owner of the client owns this too; dropping it removes the listeners. It holds a clone of the client.
#[must_use = "dropping the lifecycle ends the listening"]
#[derive(Debug)]
pub struct Lifecycle {
    _listeners: Vec<EventListener>,
}

impl Lifecycle {
    /// Listens to the page for `client`. Does nothing in a worker, which has no page.
    pub fn new(client: &WebRtcRegistryClient) -> Self {
        let mut listeners = Vec::new();
        if let Some(window) = web_sys::window() {
            listeners.push(on(&window, "online", client, WebRtcRegistryClient::network_changed));
            listeners.extend(on_other_network(&js::get(&window.navigator(), "connection"), client));
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

/// Listens for changes of the network type (Network Information API). The same event reports changes of the speed, which are
/// ignored.
fn on_other_network(connection: &JsValue, client: &WebRtcRegistryClient) -> Option<EventListener> {
    let (target, client): (&EventTarget, _) = (connection.dyn_ref()?, client.clone());
    let kind = |connection: &JsValue| js::get_string(connection, "type");
    let (connection, last) = (connection.clone(), RefCell::new(kind(connection)));
    Some(EventListener::new(target, "change", move |_| {
        let now = kind(&connection);
        if last.replace(now.clone()) != now {
            client.network_changed();
        }
    }))
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
