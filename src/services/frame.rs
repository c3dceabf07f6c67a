//! The next animation frame.

use std::rc::Rc;

use gloo_render::{AnimationFrame, request_animation_frame};
use gloo_timers::callback::Timeout;

/// How long to wait in a hidden tab, which draws no frames, in milliseconds.
const WITHOUT_FRAMES_MS: u32 = 250;

/// A callback that runs before the next frame, or after a short time where no frames are drawn. Dropping it cancels
/// both.
#[must_use = "dropping it cancels the callback"]
pub struct NextFrame {
    _frame: AnimationFrame,
    _timeout: Timeout,
}

impl NextFrame {
    /// Runs `callback`, which must drop this when it is called: otherwise the timeout calls it a second time.
    pub fn call(callback: impl Fn() + 'static) -> Self {
        let callback = Rc::new(callback);
        let other = Rc::clone(&callback);
        Self {
            _frame: request_animation_frame(move |_| callback()),
            _timeout: Timeout::new(WITHOUT_FRAMES_MS, move || other()),
        }
    }
}
