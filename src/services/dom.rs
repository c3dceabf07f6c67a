//! What components read from elements and do to them.

use gloo_events::EventListener;
use registry_client::browser::js;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement, HtmlInputElement, HtmlTextAreaElement};
use yew::{NodeRef, TargetCast};

/// The page.
pub fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The text of the field that an event comes from.
pub fn value_of<E: AsRef<web_sys::Event> + JsCast>(event: &E) -> String {
    let field = event.target_dyn_into::<HtmlInputElement>().map(|field| field.value());
    field.or_else(|| event.target_dyn_into::<HtmlTextAreaElement>().map(|field| field.value())).unwrap_or_default()
}

/// Whether the box that an event comes from is ticked.
pub fn is_checked<E: AsRef<web_sys::Event> + JsCast>(event: &E) -> bool {
    event.target_dyn_into::<HtmlInputElement>().is_some_and(|field| field.checked())
}

/// How far an element is scrolled, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scroll {
    /// From the top.
    pub top: f64,
    /// Height of what is seen.
    pub height: f64,
    /// Height of what there is.
    pub total: f64,
}

impl Scroll {
    /// Whether the end is in sight, give or take a line.
    pub fn at_end(&self) -> bool {
        self.top + self.height >= self.total - 30.0
    }
}

/// How far the element is scrolled; `None` while it is not there.
pub fn scroll_of(node: &NodeRef) -> Option<Scroll> {
    let element = node.cast::<Element>()?;
    Some(Scroll {
        top: element.scroll_top().into(),
        height: element.client_height().into(),
        total: element.scroll_height().into(),
    })
}

/// Scrolls the element to `top`.
pub fn scroll_to(node: &NodeRef, top: f64) {
    if let Some(element) = node.cast::<Element>() {
        element.set_scroll_top(top as i32);
    }
}

/// Scrolls the element to its end.
pub fn scroll_to_end(node: &NodeRef) {
    if let Some(element) = node.cast::<Element>() {
        element.set_scroll_top(element.scroll_height());
    }
}

/// Gives the element the focus, if nothing has it: a control that had it may just have gone.
pub fn focus_if_lost(node: &NodeRef) {
    let lost =
        document().and_then(|document| document.active_element()).is_none_or(|element| element.tag_name() == "BODY");
    if lost && let Some(element) = node.cast::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// Calls `callback` when the window changes its size, until the listener is dropped.
pub fn on_resize(callback: impl Fn() + 'static) -> Option<EventListener> {
    web_sys::window().map(|window| EventListener::new(&window, "resize", move |_| callback()))
}

/// Sets an attribute of the root element, or takes it away.
pub fn set_root_attribute(name: &str, value: Option<&str>) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        let _ = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
    }
}

/// Sets a custom property of the root element.
pub fn set_root_style(name: &str, value: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        let _ = js::call(&js::get(&root, "style"), "setProperty", &[name.into(), value.into()]);
    }
}

/// Sets the title of the page.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}
