use std::cell::RefCell;
use std::rc::{Rc, Weak};

use registry_client::browser::LocalSpawner;
use registry_client::interfaces::clock::Spawner;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

type Slot = Rc<dyn Fn(JsValue)>;

/// Callbacks that JavaScript calls through functions, which do nothing once their slot is gone.
#[derive(Default)]
pub(super) struct Slots(RefCell<Vec<(&'static str, Slot)>>);

impl Slots {
    /// Replaces the callback of that name; returns the function for JavaScript. Its calls are forwarded in order, but
    /// asynchronously: never from inside a call of ours.
    pub(super) fn set(&self, name: &'static str, callback: impl Fn(JsValue) + 'static) -> JsValue {
        let slot: Slot = Rc::new(callback);
        let weak: Weak<dyn Fn(JsValue)> = Rc::downgrade(&slot);
        let mut slots = self.0.take();
        slots.retain(|(taken, _)| *taken != name);
        slots.push((name, slot));
        self.0.replace(slots);
        Closure::<dyn Fn(JsValue)>::new(move |value| {
            let weak = weak.clone();
            LocalSpawner.spawn(Box::pin(async move {
                if let Some(slot) = weak.upgrade() {
                    slot(value);
                }
            }));
        })
        .into_js_value()
    }

    /// Drops all callbacks.
    pub(super) fn clear(&self) {
        drop(self.0.take());
    }
}
