//! The page around this one: the window that this page is a frame of.

use gloo_events::EventListener;
use registry_client::json;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{MessageEvent, ResizeObserver, Window};

use super::dom;
use crate::embed::{ParentCommand, ParentMessage};

/// The parent, known by its origin. It alone is told anything, and it alone may say anything.
#[derive(Clone, PartialEq)]
pub struct Parent {
    window: Window,
    origin: String,
}

impl Parent {
    /// The window that this page is a frame of, if it is one.
    pub fn of_origin(origin: &str) -> Option<Self> {
        let own = web_sys::window()?;
        let window = own.parent().ok()?.filter(|parent| *parent != own)?;
        Some(Self { window, origin: origin.to_owned() })
    }

    /// Tells it something; the browser drops it where another origin has taken its place.
    pub fn tell(&self, message: &ParentMessage) {
        let _ = js_sys::JSON::parse(message.to_json().as_str())
            .and_then(|message| self.window.post_message(&message, &self.origin));
    }

    /// Hears what it asks for, until the listener is dropped.
    pub fn listen(&self, hear: impl Fn(ParentCommand) + 'static) -> Option<EventListener> {
        let parent = self.clone();
        let own = web_sys::window()?;
        let listener = EventListener::new(&own, "message", move |event| {
            if let Some(event) = event.dyn_ref::<MessageEvent>().filter(|event| parent.has_sent(event))
                && let Some(text) = js_sys::JSON::stringify(&event.data()).ok().and_then(|text| text.as_string())
                && let Ok(command) = json::read(&text)
            {
                hear(command);
            }
        });
        Some(listener)
    }

    fn has_sent(&self, event: &MessageEvent) -> bool {
        event.origin() == self.origin && event.source().is_some_and(|source| source == *self.window.as_ref())
    }
}

/// Calls back with the height of the content whenever it changes, until it is dropped.
pub struct HeightObserver {
    observer: ResizeObserver,
    _callback: Closure<dyn FnMut()>,
}

impl HeightObserver {
    /// Begins with the present height.
    pub fn new(tell: impl Fn(i32) + 'static) -> Option<Self> {
        let body = dom::document()?.body()?;
        let observed = body.clone();
        let callback = Closure::<dyn FnMut()>::new(move || tell(observed.offset_height()));
        let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        observer.observe(&body);
        Some(Self { observer, _callback: callback })
    }
}

impl Drop for HeightObserver {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
