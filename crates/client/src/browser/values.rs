//! WebRTC values between Rust and JavaScript: the browser's own objects, and any that look like them.

use js_sys::{Array, ArrayBuffer, Object, Uint8Array};
use registry_protocol::{IceCandidate, SdpType, SessionDescription};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::RtcIceServer;

use super::js;
use crate::error::WebRtcError;
use crate::interfaces::webrtc::{ChannelEvent, IceServer, PeerConfig, RtcDiagnostic};

/// An object for the browser: `RTCSessionDescriptionInit` or `RTCIceCandidateInit`.
pub fn init(value: &impl Serialize) -> JsValue {
    serde_wasm_bindgen::to_value(value).unwrap_or(JsValue::NULL)
}

/// An `RTCConfiguration`.
pub fn configuration(config: &PeerConfig) -> JsValue {
    let configuration = JsValue::from(Object::new());
    js::set(&configuration, "iceServers", &ice_servers(&config.ice_servers));
    js::set(&configuration, "iceTransportPolicy", &config.ice_transport_policy.as_str().into());
    configuration
}

/// `RTCConfiguration.iceServers`, with their credentials.
pub fn ice_servers(servers: &[IceServer]) -> Array {
    servers.iter().map(ice_server).collect()
}

fn ice_server(server: &IceServer) -> RtcIceServer {
    let init = RtcIceServer::new();
    init.set_urls(&server.urls.iter().map(JsValue::from).collect::<Array>());
    if let Some(username) = &server.username {
        init.set_username(username);
    }
    if let Some(credential) = &server.credential {
        init.set_credential(credential);
    }
    init
}

/// Why no peer connection could be created, by the name of the exception: messages differ between browsers.
pub fn refusal(thrown: &JsValue) -> WebRtcError {
    let words = js::describe(thrown);
    match js::get_string(thrown, "name").as_deref() {
        // The standard's names for an address and for credentials that make no sense.
        Some("SyntaxError" | "InvalidAccessError") => WebRtcError::BadConfiguration(words),
        // Chromium's name for this and nothing else: it makes 500 in one process.
        Some("UnknownError") => WebRtcError::TooManyConnections(words),
        Some("NotSupportedError") => WebRtcError::Unsupported(words),
        // Something has taken the constructor away, or put in its place what is none.
        _ if js::get_function(&js_sys::global(), "RTCPeerConnection").is_none() => WebRtcError::Unsupported(words),
        _ => WebRtcError::NoPeerConnection(words),
    }
}

/// An `RTCSessionDescriptionInit` of this type.
///
/// # Errors
/// A message if it has no SDP, or is of another type.
pub fn description(made: &JsValue, expected: &SdpType) -> Result<SessionDescription, String> {
    let sdp = js::get_string(made, "sdp").ok_or("the description that was made has no SDP")?;
    let kind = match js::get_string(made, "type").unwrap_or_default().as_str() {
        "offer" => SdpType::Offer,
        "answer" => SdpType::Answer,
        other => SdpType::Other(other.to_owned()),
    };
    SessionDescription { kind, sdp }.of_kind(expected).map_err(|error| error.to_string())
}

/// A local candidate of an `icecandidate` event: `Some(None)` for the end of candidates. An empty candidate, which some
/// browsers announce before that, is ignored.
pub fn announced_candidate(found: &JsValue) -> Option<Option<IceCandidate>> {
    if found.is_null() || found.is_undefined() {
        return Some(None);
    }
    let candidate = js::get_string(found, "candidate").filter(|text| !text.is_empty())?;
    Some(Some(IceCandidate {
        candidate,
        sdp_mid: js::get_string(found, "sdpMid"),
        sdp_m_line_index: js::get_u16(found, "sdpMLineIndex"),
    }))
}

/// The STUN or TURN server that provided the candidate of an `icecandidate` event, if the browser reports it: its URL is a
/// property of the candidate in newer browsers, of the event in older ones.
pub fn server_answer(event: &JsValue) -> Option<RtcDiagnostic> {
    let found = js::get_some(event, "candidate")?;
    let text = |key: &str| js::get_string(&found, key).filter(|text| !text.is_empty());
    let url = text("url").or_else(|| js::get_string(event, "url").filter(|url| !url.is_empty()))?;
    let (candidate, relay_protocol) = (text("candidate"), text("relayProtocol"));
    Some(RtcDiagnostic::IceServerAnswered { url, candidate, relay_protocol })
}

/// The message of a data channel's `message` event.
pub fn message(event: &JsValue) -> ChannelEvent {
    let data = js::get(event, "data");
    match data.as_string() {
        Some(text) => ChannelEvent::Message(text),
        // Anything but a buffer is nothing that a durable peer sends, and is reported as such.
        None => ChannelEvent::Binary(
            data.dyn_ref::<ArrayBuffer>().map(|buffer| Uint8Array::new(buffer).to_vec()).unwrap_or_default(),
        ),
    }
}

/// The error of a data channel's `error` event.
pub fn failure(event: &JsValue) -> ChannelEvent {
    ChannelEvent::Error(js::describe(&js::get(event, "error")))
}
