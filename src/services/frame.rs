//! Waiting for the next frame.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::Function;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};

/// A hidden tab draws no frames; then this long is waited instead, in milliseconds.
const WITHOUT_FRAMES_MS: u32 = 250;

// web-sys has the handle as a 32-bit number, and that of Playwright's clock is larger.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = requestAnimationFrame)]
    fn request_animation_frame(callback: &Function) -> f64;
    #[wasm_bindgen(js_name = cancelAnimationFrame)]
    fn cancel_animation_frame(handle: f64);
}

/// A call before the next frame, or soon where no frames are drawn. Dropping it cancels the call.
#[must_use = "dropping it cancels the call"]
pub struct NextFrame {
    handle: f64,
    _frame: Closure<dyn FnMut()>,
    _timeout: Timeout,
}

impl NextFrame {
    /// Calls `callback` once.
    pub fn call(callback: impl FnOnce() + 'static) -> Self {
        let callback = Rc::new(Cell::new(Some(callback)));
        let other = Rc::clone(&callback);
        let frame = Closure::<dyn FnMut()>::new(move || run(&callback));
        Self {
            handle: request_animation_frame(frame.as_ref().unchecked_ref()),
            _frame: frame,
            _timeout: Timeout::new(WITHOUT_FRAMES_MS, move || run(&other)),
        }
    }
}

impl Drop for NextFrame {
    fn drop(&mut self) {
        cancel_animation_frame(self.handle);
    }
}

fn run(callback: &Cell<Option<impl FnOnce()>>) {
    if let Some(callback) = callback.take() {
        callback();
    }
}
