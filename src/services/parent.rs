//! The embedding page: the window that this page is a frame of.

use gloo_events::EventListener;
use gloo_utils::window;
use registry_client::json;
use wasm_bindgen::JsCast;
use web_sys::{MessageEvent, Window};

use crate::embed::{Order, ParentMessage};

/// The parent window with its origin: messages go only there, and only messages from there are accepted.
#[derive(Clone, PartialEq)]
pub struct Parent {
    window: Window,
    origin: String,
}

impl Parent {
    /// The parent window; `None` if the page is not in a frame.
    pub fn of_origin(origin: &str) -> Option<Self> {
        let own = window();
        let window = own.parent().ok()?.filter(|parent| *parent != own)?;
        Some(Self { window, origin: origin.to_owned() })
    }

    /// Sends it a message. The browser drops the message if the parent has navigated to another origin.
    pub fn send(&self, message: &ParentMessage) {
        let _ = js_sys::JSON::parse(message.to_json().as_str())
            .and_then(|message| self.window.post_message(&message, &self.origin));
    }

    /// Calls back with each command that it sends, until the listener is dropped.
    pub fn listen(&self, onorder: impl Fn(Order) + 'static) -> EventListener {
        let parent = self.clone();
        EventListener::new(&window(), "message", move |event| {
            if let Some(event) = event.dyn_ref::<MessageEvent>().filter(|event| parent.has_sent(event))
                && let Some(text) = js_sys::JSON::stringify(&event.data()).ok().and_then(|text| text.as_string())
                && let Ok(order) = json::read(&text)
            {
                onorder(order);
            }
        })
    }

    fn has_sent(&self, event: &MessageEvent) -> bool {
        event.origin() == self.origin && event.source().is_some_and(|source| source == *self.window.as_ref())
    }
}
