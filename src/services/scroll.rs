//! How far an element is scrolled.

use web_sys::Element;
use yew::NodeRef;

/// How close to the end counts as the end, in pixels: about a line.
const SLACK: f64 = 30.0;

/// Scroll position of an element, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scroll {
    /// Distance from the top.
    pub top: f64,
    /// Height of the visible part.
    pub height: f64,
    /// Height of the whole content.
    pub total: f64,
}

impl Scroll {
    /// The position of the element; `None` while it is not in the document.
    pub fn of(node: &NodeRef) -> Option<Self> {
        let element = node.cast::<Element>()?;
        Some(Self {
            top: element.scroll_top().into(),
            height: element.client_height().into(),
            total: element.scroll_height().into(),
        })
    }

    /// Whether the end is visible.
    pub fn at_end(&self) -> bool {
        self.top + self.height >= self.total - SLACK
    }

    /// Whether the content is no higher than the element. The browser rounds each height by itself, so of lines of 21.75
    /// pixels one may be a pixel more than the other.
    pub fn fits(&self) -> bool {
        self.height > 0.0 && self.total <= self.height + 1.0
    }
}

/// Scrolls the element to `top`.
pub fn to(node: &NodeRef, top: f64) {
    if let Some(element) = node.cast::<Element>() {
        element.set_scroll_top(top as i32);
    }
}

/// Scrolls the element to its end. Returns where that is.
pub fn to_end(node: &NodeRef) -> f64 {
    node.cast::<Element>().map_or(0.0, |element| {
        element.set_scroll_top(element.scroll_height());
        element.scroll_top().into()
    })
}
