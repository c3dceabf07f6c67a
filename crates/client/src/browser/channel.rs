use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::JsValue;
use web_sys::{Event, RtcDataChannel};

use super::{js, read};
use crate::webrtc::{Callback, ChannelEvent, DataChannel, DataChannelState};

/// An `RTCDataChannel` with the listeners that it has.
#[derive(Debug)]
pub struct BrowserDataChannel {
    channel: RtcDataChannel,
    listeners: RefCell<Vec<EventListener>>,
    closed: Cell<bool>,
}

impl BrowserDataChannel {
    /// Takes a channel of the browser, and asks it for binary messages as buffers.
    pub fn new(channel: RtcDataChannel) -> Self {
        js::set(&channel, "binaryType", &JsValue::from_str("arraybuffer"));
        Self { channel, listeners: RefCell::default(), closed: Cell::new(false) }
    }

    /// The browser's own object.
    pub fn raw(&self) -> &RtcDataChannel {
        &self.channel
    }

    /// Firefox takes what is sent on a closed channel, and throws it away without a word.
    fn check_open(&self) -> Result<(), String> {
        match self.ready_state() {
            DataChannelState::Open => Ok(()),
            state => Err(format!("InvalidStateError: the data channel is {}", state.as_str())),
        }
    }

    /// Drops the listeners for good; the channel itself stays as it is.
    pub(super) fn silence(&self) {
        self.closed.set(true);
        drop(self.listeners.take());
    }
}

impl DataChannel for BrowserDataChannel {
    fn label(&self) -> String {
        js::get_string(&self.channel, "label").unwrap_or_default()
    }

    fn ready_state(&self) -> DataChannelState {
        let word = js::get_string(&self.channel, "readyState");
        word.and_then(|word| DataChannelState::from_word(&word)).unwrap_or(DataChannelState::Closed)
    }

    fn send(&self, text: &str) -> Result<(), String> {
        self.check_open()?;
        self.channel.send_with_str(text).map_err(|thrown| js::describe(&thrown))
    }

    fn send_binary(&self, bytes: &[u8]) -> Result<(), String> {
        self.check_open()?;
        self.channel.send_with_u8_array(bytes).map_err(|thrown| js::describe(&thrown))
    }

    fn set_buffered_amount_low(&self, bytes: usize) {
        js::set(&self.channel, "bufferedAmountLowThreshold", &JsValue::from_f64(bytes as f64));
    }

    fn buffered_amount(&self) -> usize {
        js::get(&self.channel, "bufferedAmount").as_f64().unwrap_or_default() as usize
    }

    fn on_event(&self, callback: Callback<ChannelEvent>) {
        if self.closed.get() {
            return;
        }
        let callback = Rc::new(callback);
        let listen = |name: &'static str, read: fn(&Event) -> ChannelEvent| {
            let callback = Rc::clone(&callback);
            EventListener::new(&self.channel, name, move |event| callback(read(event)))
        };
        let listeners = vec![
            listen("open", |_| ChannelEvent::Open),
            listen("message", |event| read::message(event)),
            listen("error", |event| read::failure(event)),
            listen("close", |_| ChannelEvent::Close),
            listen("bufferedamountlow", |_| ChannelEvent::BufferedAmountLow),
        ];
        drop(self.listeners.replace(listeners));
    }

    fn close(&self) {
        self.silence();
        self.channel.close();
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
