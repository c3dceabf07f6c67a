//! What WebRTC objects hold, read by their properties: the browser's own and any that look like them.

use js_sys::{ArrayBuffer, Uint8Array};
use registry_protocol::{IceCandidate, SdpType, SessionDescription};
use wasm_bindgen::{JsCast, JsValue};

use super::js;
use crate::webrtc::ChannelEvent;

/// An `RTCSessionDescriptionInit`.
///
/// # Errors
/// In words, when there is no SDP in it.
pub fn description(made: &JsValue) -> Result<SessionDescription, String> {
    let sdp = js::get_string(made, "sdp").ok_or("the description that was made has no SDP")?;
    let kind = match js::get_string(made, "type").unwrap_or_default().as_str() {
        "offer" => SdpType::Offer,
        "answer" => SdpType::Answer,
        other => SdpType::Other(other.to_owned()),
    };
    Ok(SessionDescription { kind, sdp })
}

/// A local candidate as it is announced: `Some(None)` for the end of candidates. An empty candidate, which some
/// browsers announce before the end, says nothing new and is left out.
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

/// The reason in a data channel's `error` event.
pub fn failure(event: &JsValue) -> ChannelEvent {
    ChannelEvent::Error(js::describe(&js::get(event, "error")))
}
