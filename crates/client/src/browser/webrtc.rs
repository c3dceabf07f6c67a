use std::future::ready;
use std::rc::Rc;

use futures::future::{Either, LocalBoxFuture, select};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Object, Promise};
use registry_protocol::{IceCandidate, SdpType, SessionDescription};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RtcDataChannel, RtcPeerConnection};

use super::channel::BrowserDataChannel;
use super::peer::{BrowserPeerConnection, Current, Topic, channel_of};
use super::{js, stats, values};
use crate::error::WebRtcError;
use crate::interfaces::webrtc::{
    CONTROL_CHANNEL_ID, CONTROL_CHANNEL_LABEL, Callback, CandidatePair, DataChannel, PeerConfig, PeerConnection,
    PeerConnectionState, RtcDiagnostic, RtcFuture, WebRtcManager,
};
use crate::json::Json;

/// Methods of `RTCPeerConnection`, all of which may throw; web-sys does not catch what they throw.
#[wasm_bindgen]
extern "C" {
    type Steps;
    #[wasm_bindgen(method, catch, js_name = createOffer)]
    fn create_offer(this: &Steps) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = createAnswer)]
    fn create_answer(this: &Steps) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = setLocalDescription)]
    fn set_local_description(this: &Steps, description: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = setRemoteDescription)]
    fn set_remote_description(this: &Steps, description: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = addIceCandidate)]
    fn add_ice_candidate(this: &Steps, candidate: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = createDataChannel)]
    fn create_data_channel(this: &Steps, label: &str) -> Result<RtcDataChannel, JsValue>;
    #[wasm_bindgen(method, catch, js_name = createDataChannel)]
    fn create_negotiated_channel(this: &Steps, label: &str, options: &JsValue) -> Result<RtcDataChannel, JsValue>;
    #[wasm_bindgen(method, catch, js_name = restartIce)]
    fn restart_ice(this: &Steps) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = setConfiguration)]
    fn set_configuration(this: &Steps, configuration: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = getStats)]
    fn get_stats(this: &Steps) -> Result<Promise, JsValue>;
}

/// How long to wait for statistics, in milliseconds. They take a few.
const STATISTICS_MS: u32 = 1000;

const NO_CONNECTION: &str = "there is no peer connection, or it is closed";

/// The specification's `WebRTCManager` on top of `RTCPeerConnection`.
///
/// Listeners belong to the peer connection and are removed when it is closed, as is the manager's reference to it.
#[derive(Debug, Default)]
pub struct BrowserWebRtcManager {
    current: Rc<Current>,
}

impl BrowserWebRtcManager {
    fn current(&self) -> Option<Rc<BrowserPeerConnection>> {
        self.current.borrow().clone()
    }

    /// Starts a step immediately; `read` converts its result.
    fn step<T: 'static>(
        &self,
        begin: impl FnOnce(&Steps) -> Result<Promise, JsValue>,
        read: impl FnOnce(JsValue) -> Result<T, String> + 'static,
    ) -> RtcFuture<T> {
        match self.begin(begin) {
            Ok(step) => Box::pin(async move { read(settle(step).await?) }),
            Err(reason) => Box::pin(ready(Err(reason))),
        }
    }

    fn begin(&self, begin: impl FnOnce(&Steps) -> Result<Promise, JsValue>) -> Result<JsFuture, String> {
        let current = self.current().ok_or(NO_CONNECTION)?;
        begin(current.raw().unchecked_ref()).map(JsFuture::from).map_err(|thrown| js::describe(&thrown))
    }

    /// Calls `callback` with each event of that name, converted by `read`.
    fn forward<T: 'static>(
        &self,
        topic: Topic,
        name: &'static str,
        callback: &Rc<Callback<T>>,
        read: impl Fn(&BrowserPeerConnection, &JsValue) -> Option<T> + 'static,
    ) {
        let Some(current) = self.current() else { return };
        let (callback, connection) = (Rc::clone(callback), Rc::downgrade(&current));
        current.listen(topic, name, move |event| {
            if let Some(value) = connection.upgrade().and_then(|connection| read(&connection, event)) {
                callback(value);
            }
        });
    }

    /// Replaces the listeners for a topic.
    fn renew<T>(&self, topic: Topic, callback: Callback<T>) -> Rc<Callback<T>> {
        if let Some(current) = self.current() {
            current.unlisten(topic);
        }
        Rc::new(callback)
    }
}

impl WebRtcManager for BrowserWebRtcManager {
    fn create_peer_connection(&self, config: &PeerConfig) -> Result<Rc<dyn PeerConnection>, WebRtcError> {
        let configuration = values::configuration(config);
        let connection = RtcPeerConnection::new_with_configuration(configuration.unchecked_ref());
        let connection = connection.map_err(|thrown| refusal(&thrown))?;
        let connection = Rc::new(BrowserPeerConnection::new(connection, Rc::downgrade(&self.current)));
        drop(self.current.replace(Some(Rc::clone(&connection))));
        Ok(connection)
    }

    fn create_offer(&self) -> RtcFuture<SessionDescription> {
        self.step(Steps::create_offer, |made| values::description(&made, &SdpType::Offer))
    }

    fn create_answer(&self, offer: SessionDescription) -> RtcFuture<SessionDescription> {
        let applied = self.set_remote_description(offer);
        let connection = self.current();
        Box::pin(async move {
            applied.await?;
            let connection = connection.ok_or(NO_CONNECTION)?;
            let answer = connection.raw().unchecked_ref::<Steps>().create_answer();
            let answer = answer.map_err(|thrown| js::describe(&thrown))?;
            values::description(&settle(answer.into()).await?, &SdpType::Answer)
        })
    }

    fn set_local_description(&self, description: SessionDescription) -> RtcFuture<()> {
        self.step(|steps| steps.set_local_description(&values::init(&description)), nothing)
    }

    fn set_remote_description(&self, description: SessionDescription) -> RtcFuture<()> {
        self.step(|steps| steps.set_remote_description(&values::init(&description)), nothing)
    }

    fn add_ice_candidate(&self, candidate: IceCandidate) -> RtcFuture<()> {
        self.step(|steps| steps.add_ice_candidate(&values::init(&candidate)), nothing)
    }

    fn create_data_channel(&self, label: &str) -> Result<Rc<dyn DataChannel>, String> {
        let current = self.current().ok_or(NO_CONNECTION)?;
        let channel = current.raw().unchecked_ref::<Steps>().create_data_channel(label);
        Ok(current.adopt(BrowserDataChannel::new(channel.map_err(|thrown| js::describe(&thrown))?)))
    }

    fn create_control_channel(&self) -> Result<Option<Rc<dyn DataChannel>>, String> {
        let current = self.current().ok_or(NO_CONNECTION)?;
        let options = JsValue::from(Object::new());
        js::set(&options, "negotiated", &JsValue::TRUE);
        js::set(&options, "id", &CONTROL_CHANNEL_ID.into());
        let steps = current.raw().unchecked_ref::<Steps>();
        let channel = steps.create_negotiated_channel(CONTROL_CHANNEL_LABEL, &options);
        Ok(Some(current.adopt(BrowserDataChannel::new(channel.map_err(|thrown| js::describe(&thrown))?))))
    }

    fn set_configuration(&self, config: &PeerConfig) {
        if let Some(current) = self.current() {
            let _ = current.raw().unchecked_ref::<Steps>().set_configuration(&values::configuration(config));
        }
    }

    fn restart_ice(&self) -> bool {
        self.current().is_some_and(|current| current.raw().unchecked_ref::<Steps>().restart_ice().is_ok())
    }

    fn on_ice_candidate(&self, callback: Callback<Option<IceCandidate>>) {
        let callback = self.renew(Topic::Candidate, callback);
        self.forward(Topic::Candidate, "icecandidate", &callback, |_, event| {
            values::announced_candidate(&js::get(event, "candidate"))
        });
    }

    fn on_connection_state_change(&self, callback: Callback<PeerConnectionState>) {
        let callback = self.renew(Topic::ConnectionState, callback);
        self.forward(Topic::ConnectionState, "connectionstatechange", &callback, |connection, _| {
            js::get_string(connection.raw(), "connectionState")?.parse().ok()
        });
    }

    fn on_data_channel(&self, callback: Callback<Rc<dyn DataChannel>>) {
        let callback = self.renew(Topic::Channel, callback);
        self.forward(Topic::Channel, "datachannel", &callback, |connection, event| {
            // Chromium says that a channel of the other side's is open before its network thread knows, and loses what is
            // sent then, without a word: about one first message in two thousand. The statistics come from that thread, so
            // when they are there, it knows.
            let channel = channel_of(event)?;
            let asked =
                connection.raw().unchecked_ref::<Steps>().get_stats().unwrap_or_else(|thrown| Promise::reject(&thrown));
            Some(connection.adopt(BrowserDataChannel::not_before(channel, asked)) as Rc<dyn DataChannel>)
        });
    }

    fn on_diagnostic(&self, callback: Callback<RtcDiagnostic>) {
        let callback = self.renew(Topic::Diagnostic, callback);
        let forward = |name, read: fn(&BrowserPeerConnection, &JsValue) -> Option<RtcDiagnostic>| {
            self.forward(Topic::Diagnostic, name, &callback, read);
        };
        forward("iceconnectionstatechange", |connection, _| {
            let word = js::get_string(connection.raw(), "iceConnectionState")?;
            word.parse().ok().map(RtcDiagnostic::IceConnectionState)
        });
        forward("icegatheringstatechange", |connection, _| {
            let word = js::get_string(connection.raw(), "iceGatheringState")?;
            word.parse().ok().map(RtcDiagnostic::IceGatheringState)
        });
        forward("signalingstatechange", |connection, _| {
            let word = js::get_string(connection.raw(), "signalingState")?;
            word.parse().ok().map(RtcDiagnostic::SignalingState)
        });
        forward("icecandidateerror", |_, event| Some(candidate_error(event)));
        forward("icecandidate", |_, event| values::server_answer(event));
        let Some(current) = self.current() else { return };
        current.unlisten(Topic::SelectedPair);
        let connection = Rc::downgrade(&current);
        current.listen(Topic::Diagnostic, "iceconnectionstatechange", move |_| {
            let callback = Rc::clone(&callback);
            if let Some(connection) = connection.upgrade() {
                connection.listen_for_pairs(move || callback(RtcDiagnostic::SelectedPairChanged));
            }
        });
    }

    fn statistics(&self) -> LocalBoxFuture<'static, Option<Json>> {
        let Some(current) = self.current() else { return Box::pin(ready(None)) };
        let ask = |connection: &BrowserPeerConnection| connection.raw().unchecked_ref::<Steps>().get_stats();
        let (asked, channels) = (ask(&current), current.channels());
        Box::pin(async move {
            let report = match answer(asked.ok()?).await {
                Some(report) => report,
                // Firefox never answers if the connection is closed meanwhile, but it does if it is asked after that.
                None => answer(ask(&current).ok()?).await?,
            };
            stats::entries_as_json(&report, &channels)
        })
    }

    fn selected_pair(&self) -> LocalBoxFuture<'static, Option<CandidatePair>> {
        let report = self.step(Steps::get_stats, Ok);
        Box::pin(async move { stats::selected_pair(&report.await.ok()?) })
    }

    fn announces_pairs(&self) -> bool {
        self.current().is_some_and(|current| current.listens(Topic::SelectedPair))
    }
}

/// Why no peer connection could be created. If one can be created without any settings, the settings are at fault: the standard
/// uses more exceptions for invalid settings than are reserved for them.
fn refusal(thrown: &JsValue) -> WebRtcError {
    match RtcPeerConnection::new() {
        Ok(bare) => {
            bare.close();
            WebRtcError::BadConfiguration(js::describe(thrown))
        }
        Err(_) => values::refusal(thrown),
    }
}

/// What a promise for statistics resolves to; `None` if it fails, or does not resolve in time.
async fn answer(promise: Promise) -> Option<JsValue> {
    match select(JsFuture::from(promise), TimeoutFuture::new(STATISTICS_MS)).await {
        Either::Left((report, _)) => report.ok(),
        Either::Right(_) => None,
    }
}

async fn settle(step: JsFuture) -> Result<JsValue, String> {
    step.await.map_err(|thrown| js::describe(&thrown))
}

fn nothing(_: JsValue) -> Result<(), String> {
    Ok(())
}

fn candidate_error(event: &JsValue) -> RtcDiagnostic {
    RtcDiagnostic::IceCandidateError {
        url: js::get_string(event, "url").unwrap_or_default(),
        code: js::get_u16(event, "errorCode").unwrap_or_default(),
        text: js::get_string(event, "errorText").unwrap_or_default(),
    }
}
