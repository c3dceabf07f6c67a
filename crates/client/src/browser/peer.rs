use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, EventTarget, RtcDataChannel, RtcPeerConnection};

use super::channel::BrowserDataChannel;
use super::js;
use crate::interfaces::webrtc::PeerConnection;

/// A manager's current peer connection.
pub(super) type Current = RefCell<Option<Rc<BrowserPeerConnection>>>;

/// The event of an `RTCIceTransport` that selected another candidate pair.
const PAIR_CHANGE: &str = "selectedcandidatepairchange";

/// Which of the manager's callbacks a listener is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    Candidate,
    ConnectionState,
    Channel,
    Diagnostic,
    SelectedPair,
}

/// An `RTCPeerConnection` with its listeners and channels.
#[derive(Debug)]
pub struct BrowserPeerConnection {
    connection: RtcPeerConnection,
    listeners: RefCell<Vec<(Topic, EventListener)>>,
    channels: RefCell<Vec<Weak<BrowserDataChannel>>>,
    closed: Cell<bool>,
    current: Weak<Current>,
}

impl BrowserPeerConnection {
    pub(super) fn new(connection: RtcPeerConnection, current: Weak<Current>) -> Self {
        Self {
            connection,
            listeners: RefCell::default(),
            channels: RefCell::default(),
            closed: Cell::new(false),
            current,
        }
    }

    /// The browser's object.
    pub fn raw(&self) -> &RtcPeerConnection {
        &self.connection
    }

    /// Removes the listeners for a topic.
    pub(super) fn unlisten(&self, topic: Topic) {
        let (gone, kept) = self.listeners.take().into_iter().partition(|(of, _)| *of == topic);
        self.listeners.replace(kept);
        drop::<Vec<_>>(gone);
    }

    /// Calls `act` with every event of that name, until the topic's listeners are removed or the connection is closed.
    pub(super) fn listen(&self, topic: Topic, name: &'static str, act: impl Fn(&Event) + 'static) {
        self.listen_to(&self.connection, topic, name, act);
    }

    fn listen_to(&self, target: &EventTarget, topic: Topic, name: &'static str, act: impl Fn(&Event) + 'static) {
        if !self.closed.get() {
            let listener = EventListener::new(target, name, act);
            self.listeners.borrow_mut().push((topic, listener));
        }
    }

    /// Whether there are listeners for a topic.
    pub(super) fn listens(&self, topic: Topic) -> bool {
        self.listeners.borrow().iter().any(|(of, _)| *of == topic)
    }

    /// Calls `act` when another candidate pair is selected, if the browser reports that and its ICE transport exists already.
    pub(super) fn listen_for_pairs(&self, act: impl Fn() + 'static) {
        if let Some(transport) = self.ice_transport().filter(|_| !self.listens(Topic::SelectedPair)) {
            self.listen_to(&transport, Topic::SelectedPair, PAIR_CHANGE, move |_| act());
        }
    }

    /// The ICE transport, if it reports changes of the selected pair; not every browser's does.
    fn ice_transport(&self) -> Option<EventTarget> {
        let dtls = js::get_some(&js::get_some(&self.connection, "sctp")?, "transport")?;
        let ice = js::get_some(&dtls, "iceTransport")?;
        Reflect::has(&ice, &["on", PAIR_CHANGE].concat().into()).ok().filter(|says| *says)?;
        ice.dyn_into().ok()
    }

    /// Registers a channel of this connection, to be silenced when the connection is closed.
    pub(super) fn adopt(&self, channel: BrowserDataChannel) -> Rc<BrowserDataChannel> {
        let channel = Rc::new(channel);
        let mut channels = self.channels.borrow_mut();
        channels.retain(|known| known.strong_count() > 0);
        channels.push(Rc::downgrade(&channel));
        channel
    }

    /// Its channels that are in use.
    pub(super) fn channels(&self) -> Vec<Rc<BrowserDataChannel>> {
        self.channels.borrow().iter().filter_map(Weak::upgrade).collect()
    }

    fn leave_manager(&self) {
        let Some(current) = self.current.upgrade() else { return };
        let is_current = current.borrow().as_ref().is_some_and(|of| std::ptr::eq(Rc::as_ptr(of), self));
        if is_current {
            drop(current.take());
        }
    }
}

impl PeerConnection for BrowserPeerConnection {
    fn close(&self) {
        if self.closed.replace(true) {
            return;
        }
        drop(self.listeners.take());
        for channel in self.channels.take().iter().filter_map(Weak::upgrade) {
            channel.silence();
        }
        self.connection.close();
        self.leave_manager();
    }

    fn max_message_size(&self) -> Option<usize> {
        let size = js::get(&js::get_some(&self.connection, "sctp")?, "maxMessageSize").as_f64()?;
        // Zero and infinity are words for "any".
        Some(if size == 0.0 { usize::MAX } else { size as usize })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The data channel of a `datachannel` event.
pub(super) fn channel_of(event: &JsValue) -> Option<RtcDataChannel> {
    js::get(event, "channel").dyn_into().ok()
}
