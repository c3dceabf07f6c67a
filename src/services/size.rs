//! The sizes of elements.

use gloo_utils::body;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, ResizeObserver};

/// Observes sizes until it is dropped.
pub struct SizeObserver {
    observer: ResizeObserver,
    _callback: Closure<dyn FnMut()>,
}

impl SizeObserver {
    /// Calls back soon, and again whenever the size of one of the elements has changed: when the browser has laid out the
    /// page, so that reading from the layout costs nothing, and before it paints. `None` without `ResizeObserver`.
    pub fn new<'a>(elements: impl IntoIterator<Item = &'a Element>, onchange: impl Fn() + 'static) -> Option<Self> {
        let callback = Closure::<dyn FnMut()>::new(onchange);
        let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        elements.into_iter().for_each(|element| observer.observe(element));
        Some(Self { observer, _callback: callback })
    }

    /// Calls back with the height of the content in pixels.
    pub fn of_content(onchange: impl Fn(i32) + 'static) -> Option<Self> {
        let observed = body();
        Self::new([observed.clone().as_ref()], move || onchange(observed.offset_height()))
    }
}

impl Drop for SizeObserver {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
