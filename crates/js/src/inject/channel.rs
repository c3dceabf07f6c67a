use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use registry_client::browser::{js, values};
use registry_client::interfaces::webrtc::{Callback, ChannelEvent, DataChannel, DataChannelState};
use wasm_bindgen::JsValue;

use super::slots::Slots;

/// The data channel of an injected manager: an `RTCDataChannel`, or an object like it.
pub(crate) struct JsDataChannel {
    channel: JsValue,
    slots: Slots,
    listeners: RefCell<Vec<(&'static str, JsValue)>>,
}

impl JsDataChannel {
    pub(super) fn new(channel: JsValue) -> Self {
        Self { channel, slots: Slots::default(), listeners: RefCell::default() }
    }

    pub(super) fn raw(&self) -> &JsValue {
        &self.channel
    }

    /// Drops the listener, without closing the channel.
    pub(super) fn silence(&self) {
        self.slots.clear();
        for (name, listener) in self.listeners.take() {
            if js::call(&self.channel, "removeEventListener", &[name.into(), listener]).is_err() {
                js::set(&self.channel, &format!("on{name}"), &JsValue::NULL);
            }
        }
    }

    fn listen(&self, name: &'static str, callback: &Rc<Callback<ChannelEvent>>, read: fn(&JsValue) -> ChannelEvent) {
        let callback = Rc::clone(callback);
        let listener = self.slots.set(name, move |event| callback(read(&event)));
        if js::call(&self.channel, "addEventListener", &[name.into(), listener.clone()]).is_err() {
            js::set(&self.channel, &format!("on{name}"), &listener);
        }
        self.listeners.borrow_mut().push((name, listener));
    }
}

impl DataChannel for JsDataChannel {
    fn label(&self) -> String {
        js::get_string(&self.channel, "label").unwrap_or_default()
    }

    fn ready_state(&self) -> DataChannelState {
        let word = js::get_string(&self.channel, "readyState");
        word.and_then(|word| word.parse().ok()).unwrap_or(DataChannelState::Closed)
    }

    fn send(&self, text: &str) -> Result<(), String> {
        js::call(&self.channel, "send", &[text.into()]).map(drop).map_err(|thrown| js::describe(&thrown))
    }

    fn set_buffered_amount_low(&self, bytes: usize) {
        js::set(&self.channel, "bufferedAmountLowThreshold", &JsValue::from_f64(bytes as f64));
    }

    fn buffered_amount(&self) -> usize {
        js::get(&self.channel, "bufferedAmount").as_f64().unwrap_or_default() as usize
    }

    fn on_event(&self, callback: Callback<ChannelEvent>) {
        self.silence();
        let callback = Rc::new(callback);
        self.listen("open", &callback, |_| ChannelEvent::Open);
        self.listen("message", &callback, values::message);
        self.listen("error", &callback, values::failure);
        self.listen("close", &callback, |_| ChannelEvent::Close);
        self.listen("bufferedamountlow", &callback, |_| ChannelEvent::BufferedAmountLow);
    }

    fn close(&self) {
        self.silence();
        // One that cannot be closed is at least not listened to any more.
        let _ = js::call(&self.channel, "close", &[]);
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
