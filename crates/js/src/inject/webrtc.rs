use std::any::Any;
use std::cell::{Cell, RefCell};
use std::future::ready;
use std::rc::{Rc, Weak};

use js_sys::Promise;
use registry_client::browser::{js, values};
use registry_client::error::WebRtcError;
use registry_client::interfaces::webrtc::{
    Callback, DataChannel, PeerConfig, PeerConnection, PeerConnectionState, RtcFuture, WebRtcManager,
};
use registry_client::protocol::{IceCandidate, SdpType, SessionDescription};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::channel::JsDataChannel;
use super::require;
use super::slots::Slots;

/// All methods of the specification's `IWebRTCManager`.
const METHODS: [&str; 10] = [
    "createPeerConnection",
    "createOffer",
    "createAnswer",
    "setLocalDescription",
    "setRemoteDescription",
    "addIceCandidate",
    "createDataChannel",
    "onIceCandidate",
    "onConnectionStateChange",
    "onDataChannel",
];

/// An `IWebRTCManager`.
pub(crate) struct JsWebRtcManager {
    object: JsValue,
    current: RefCell<Weak<JsPeerConnection>>,
}

/// The peer connection of an injected manager.
pub(crate) struct JsPeerConnection {
    connection: JsValue,
    slots: Slots,
    channels: RefCell<Vec<Weak<JsDataChannel>>>,
    closed: Cell<bool>,
}

impl JsPeerConnection {
    pub(super) fn raw(&self) -> &JsValue {
        &self.connection
    }

    fn adopt(&self, channel: JsValue) -> Rc<JsDataChannel> {
        let channel = Rc::new(JsDataChannel::new(channel));
        self.channels.borrow_mut().push(Rc::downgrade(&channel));
        channel
    }
}

impl PeerConnection for JsPeerConnection {
    fn close(&self) {
        if self.closed.replace(true) {
            return;
        }
        self.slots.clear();
        for channel in self.channels.take().iter().filter_map(Weak::upgrade) {
            channel.silence();
        }
        // One that cannot be closed is at least not listened to any more.
        let _ = js::call(&self.connection, "close", &[]);
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl JsWebRtcManager {
    pub(crate) fn new(object: JsValue) -> Result<Self, String> {
        let object = require(object, "webRTCManager", &METHODS)?;
        Ok(Self { object, current: RefCell::default() })
    }

    fn call(&self, method: &str, arguments: &[JsValue]) -> Result<JsValue, String> {
        js::call(&self.object, method, arguments).map_err(|thrown| js::describe(&thrown))
    }

    fn step<T: 'static>(
        &self,
        method: &str,
        arguments: &[JsValue],
        read: fn(&JsValue) -> Result<T, String>,
    ) -> RtcFuture<T> {
        match self.call(method, arguments) {
            Ok(value) => {
                let step = JsFuture::from(Promise::resolve(&value));
                Box::pin(async move { read(&step.await.map_err(|thrown| js::describe(&thrown))?) })
            }
            Err(reason) => Box::pin(ready(Err(reason))),
        }
    }

    /// Registers a callback, whose argument is converted by `read`.
    fn register<T: 'static>(
        &self,
        method: &'static str,
        callback: Callback<T>,
        read: impl Fn(&Rc<JsPeerConnection>, JsValue) -> Option<T> + 'static,
    ) {
        let current = self.current.borrow().clone();
        let Some(connection) = current.upgrade().filter(|connection| !connection.closed.get()) else { return };
        let listener = connection.slots.set(method, move |value| {
            if let Some(value) = current.upgrade().and_then(|connection| read(&connection, value)) {
                callback(value);
            }
        });
        // A manager that does not take a callback never calls it; the handshake's deadline tells.
        let _ = self.call(method, &[listener]);
    }
}

impl WebRtcManager for JsWebRtcManager {
    fn create_peer_connection(&self, config: &PeerConfig) -> Result<Rc<dyn PeerConnection>, WebRtcError> {
        let arguments = [values::ice_servers(&config.ice_servers).into(), config.ice_transport_policy.as_str().into()];
        let made = js::call(&self.object, "createPeerConnection", &arguments);
        let connection = Rc::new(JsPeerConnection {
            connection: made.map_err(|thrown| values::refusal(&thrown))?,
            slots: Slots::default(),
            channels: RefCell::default(),
            closed: Cell::new(false),
        });
        self.current.replace(Rc::downgrade(&connection));
        Ok(connection)
    }

    fn create_offer(&self) -> RtcFuture<SessionDescription> {
        self.step("createOffer", &[], |made| values::description(made, &SdpType::Offer))
    }

    fn create_answer(&self, offer: SessionDescription) -> RtcFuture<SessionDescription> {
        self.step("createAnswer", &[values::init(&offer)], |made| values::description(made, &SdpType::Answer))
    }

    fn set_local_description(&self, description: SessionDescription) -> RtcFuture<()> {
        self.step("setLocalDescription", &[values::init(&description)], |_| Ok(()))
    }

    fn set_remote_description(&self, description: SessionDescription) -> RtcFuture<()> {
        self.step("setRemoteDescription", &[values::init(&description)], |_| Ok(()))
    }

    fn add_ice_candidate(&self, candidate: IceCandidate) -> RtcFuture<()> {
        self.step("addIceCandidate", &[values::init(&candidate)], |_| Ok(()))
    }

    fn create_data_channel(&self, label: &str) -> Result<Rc<dyn DataChannel>, String> {
        let connection = self.current.borrow().upgrade().ok_or("there is no peer connection")?;
        Ok(connection.adopt(self.call("createDataChannel", &[label.into()])?))
    }

    fn on_ice_candidate(&self, callback: Callback<Option<IceCandidate>>) {
        self.register("onIceCandidate", callback, |_, found| values::announced_candidate(&found));
    }

    fn on_connection_state_change(&self, callback: Callback<PeerConnectionState>) {
        self.register("onConnectionStateChange", callback, |_, word| word.as_string()?.parse().ok());
    }

    fn on_data_channel(&self, callback: Callback<Rc<dyn DataChannel>>) {
        self.register("onDataChannel", callback, |connection, channel| {
            channel.is_object().then(|| connection.adopt(channel) as Rc<dyn DataChannel>)
        });
    }
}
