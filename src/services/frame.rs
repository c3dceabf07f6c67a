//! Waiting for the next frame.

use std::cell::Cell;
use std::rc::Rc;

use gloo_render::{AnimationFrame, request_animation_frame};
use gloo_timers::callback::Timeout;

/// A hidden tab draws no frames; then this long is waited instead, in milliseconds.
const WITHOUT_FRAMES_MS: u32 = 250;

/// A call before the next frame, or soon where no frames are drawn. Dropping it cancels the call.
#[must_use = "dropping it cancels the call"]
pub struct NextFrame {
    _frame: AnimationFrame,
    _timeout: Timeout,
}

impl NextFrame {
    /// Calls `callback` once.
    pub fn call(callback: impl FnOnce() + 'static) -> Self {
        let callback = Rc::new(Cell::new(Some(callback)));
        let other = Rc::clone(&callback);
        Self {
            _frame: request_animation_frame(move |_| run(&callback)),
            _timeout: Timeout::new(WITHOUT_FRAMES_MS, move || run(&other)),
        }
    }
}

fn run(callback: &Cell<Option<impl FnOnce()>>) {
    if let Some(callback) = callback.take() {
        callback();
    }
}
