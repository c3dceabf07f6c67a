//! The document's root element and title.

use gloo_utils::{document, document_element};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::NodeRef;

use crate::link::Colour;

/// Sets an attribute of the root element, or removes it.
pub fn set_attribute(name: &str, value: Option<&str>) {
    let root = document_element();
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

/// Sets a custom property of the root element; an empty one is removed.
fn set_property(name: &str, value: &str) {
    if let Some(root) = document_element().dyn_ref::<HtmlElement>() {
        let _ = root.style().set_property(name, value);
    }
}

/// Gives the page the theme and the accent colour of the page that embeds it; without one, its own.
pub fn dress(theme: Option<&str>, accent: Option<Colour>) {
    set_attribute("data-theme", theme);
    let (css, ink) = accent.map(|accent| (accent.css(), accent.ink())).unwrap_or_default();
    set_property("--accent", &css);
    set_property("--on-accent", ink);
    let soft = accent.map_or("", |_| "color-mix(in srgb, var(--accent) 14%, var(--panel))");
    set_property("--accent-soft", soft);
}

/// Moves the focus to an element, which scrolls it into view.
pub fn focus(node: &NodeRef) {
    if let Some(element) = node.cast::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// Sets the title of the page.
pub fn set_title(title: &str) {
    document().set_title(title);
}
