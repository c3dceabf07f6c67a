//! The embedding page: the window that this page is a frame of.

use gloo_events::EventListener;
use gloo_utils::{body, window};
use registry_client::browser::js;
use registry_client::protocol::read;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{MessageEvent, ResizeObserver, Window};

use crate::embed::{Command, Message};

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
    pub fn send(&self, message: &Message) {
        let _ = self.window.post_message(&js::described(message), &self.origin);
    }

    /// Calls back with each command that it sends, until the listener is dropped.
    pub fn listen(&self, oncommand: impl Fn(Command) + 'static) -> EventListener {
        let parent = self.clone();
        EventListener::new(&window(), "message", move |event| {
            if let Some(event) = event.dyn_ref::<MessageEvent>().filter(|event| parent.has_sent(event))
                && let Ok(command) = read::body(&js::Parsed::from_js(event.data()))
            {
                oncommand(command);
            }
        })
    }

    fn has_sent(&self, event: &MessageEvent) -> bool {
        event.origin() == self.origin && event.source().is_some_and(|source| source == *self.window.as_ref())
    }
}

/// Observes the height of the content until it is dropped.
pub struct HeightObserver {
    observer: ResizeObserver,
    _callback: Closure<dyn FnMut()>,
}

impl HeightObserver {
    /// Calls back with the current height in pixels, and again whenever it changes. `None` without `ResizeObserver`.
    pub fn new(onchange: impl Fn(i32) + 'static) -> Option<Self> {
        let body = body();
        let observed = body.clone();
        let callback = Closure::<dyn FnMut()>::new(move || onchange(observed.offset_height()));
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
