use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, MessageEvent, RtcDataChannel, RtcDataChannelState};

use super::{LocalSpawner, js, values};
use crate::interfaces::clock::Spawner;
use crate::interfaces::webrtc::{Callback, ChannelEvent, DataChannel, DataChannelState};

/// An `RTCDataChannel` with its listeners.
#[derive(Debug)]
pub struct BrowserDataChannel {
    channel: RtcDataChannel,
    listeners: RefCell<Vec<EventListener>>,
    closed: Cell<bool>,
    gate: Rc<Gate>,
}

/// The channel's state, by web-sys: it is asked for each message, and a property's name would be decoded each time.
fn state_of(channel: &RtcDataChannel) -> DataChannelState {
    match channel.ready_state() {
        RtcDataChannelState::Connecting => DataChannelState::Connecting,
        RtcDataChannelState::Open => DataChannelState::Open,
        RtcDataChannelState::Closing => DataChannelState::Closing,
        _ => DataChannelState::Closed,
    }
}

/// What a `message` event brings.
fn message(event: &Event) -> ChannelEvent {
    match event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string()) {
        Some(text) => ChannelEvent::Message(text),
        None => values::message(event),
    }
}

/// Forwards the events of a channel, but holds back its opening while that is premature.
#[derive(Default)]
struct Gate {
    early: Cell<bool>,
    callback: RefCell<Option<Rc<Callback<ChannelEvent>>>>,
}

impl Gate {
    fn tell(&self, event: ChannelEvent) {
        // Whatever else comes shows that it is not early any more.
        if event == ChannelEvent::Open && self.early.get() {
            return;
        }
        self.early.set(false);
        let callback = self.callback.borrow().clone();
        if let Some(callback) = callback {
            callback(event);
        }
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gate {{ early: {:?} }}", self.early)
    }
}

impl BrowserDataChannel {
    /// Wraps a channel of the browser, and sets its `binaryType` to `arraybuffer`.
    pub fn new(channel: RtcDataChannel) -> Self {
        js::set(&channel, "binaryType", &JsValue::from_str("arraybuffer"));
        Self { channel, listeners: RefCell::default(), closed: Cell::new(false), gate: Rc::default() }
    }

    /// Like [`new`](Self::new), for a channel that must not be used before `ready`: until then it appears as connecting.
    pub(super) fn not_before(channel: RtcDataChannel, ready: Promise) -> Self {
        let this = Self::new(channel);
        this.gate.early.set(true);
        let (gate, channel, ready) = (Rc::downgrade(&this.gate), this.channel.clone(), JsFuture::from(ready));
        LocalSpawner.spawn(Box::pin(async move {
            let _ = ready.await;
            let Some(gate) = gate.upgrade() else { return };
            if gate.early.take() && state_of(&channel) == DataChannelState::Open {
                gate.tell(ChannelEvent::Open);
            }
        }));
        this
    }

    /// The browser's object.
    pub fn raw(&self) -> &RtcDataChannel {
        &self.channel
    }

    /// Firefox silently discards what is sent on a closed channel.
    fn check_open(&self) -> Result<(), String> {
        match self.ready_state() {
            DataChannelState::Open => Ok(()),
            state => Err(format!("InvalidStateError: the data channel is {}", state.as_str())),
        }
    }

    /// Drops the listeners for good, without closing the channel.
    pub(super) fn silence(&self) {
        self.closed.set(true);
        drop(self.listeners.take());
        drop(self.gate.callback.take());
    }
}

impl DataChannel for BrowserDataChannel {
    fn label(&self) -> String {
        js::get_string(&self.channel, "label").unwrap_or_default()
    }

    fn ready_state(&self) -> DataChannelState {
        match state_of(&self.channel) {
            DataChannelState::Open if self.gate.early.get() => DataChannelState::Connecting,
            state => state,
        }
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
        self.channel.buffered_amount() as usize
    }

    fn on_event(&self, callback: Callback<ChannelEvent>) {
        if self.closed.get() {
            return;
        }
        self.gate.callback.replace(Some(Rc::new(callback)));
        let listen = |name: &'static str, read: fn(&Event) -> ChannelEvent| {
            let gate = Rc::clone(&self.gate);
            EventListener::new(&self.channel, name, move |event| gate.tell(read(event)))
        };
        let listeners = vec![
            listen("open", |_| ChannelEvent::Open),
            listen("message", message),
            listen("error", |event| values::failure(event)),
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
