use std::rc::Rc;

use js_sys::{Array, JSON, Map};
use wasm_bindgen::{JsCast, JsValue};

use super::channel::BrowserDataChannel;
use super::js;
use crate::interfaces::webrtc::{CandidateEnd, CandidatePair, DataChannel};
use crate::json::Json;

/// The selected candidate pair in an `RTCStatsReport`.
pub(super) fn selected_pair(report: &JsValue) -> Option<CandidatePair> {
    let all = entries(report)?;
    let pair = by_transport(&all).or_else(|| by_marks(&all))?;
    Some(CandidatePair {
        local: end(by_id(&all, &js::get_string(pair, "localCandidateId")?)?),
        remote: end(by_id(&all, &js::get_string(pair, "remoteCandidateId")?)?),
    })
}

/// All entries. A report is map-like without being a `Map`.
fn entries(report: &JsValue) -> Option<Vec<JsValue>> {
    js::get_function(report, "forEach")?;
    let mut all = Vec::new();
    report.unchecked_ref::<Map>().for_each(&mut |entry, _| all.push(entry));
    Some(all)
}

/// All entries as a JSON array, those of `channels` with their `bufferedAmount`.
pub(super) fn entries_as_json(report: &JsValue, channels: &[Rc<BrowserDataChannel>]) -> Option<Json> {
    let all = entries(report)?;
    for channel in channels {
        let is_its_own = |entry: &&JsValue| {
            has(entry, "type", "data-channel")
                && js::get_u16(entry, "dataChannelIdentifier") == js::get_u16(channel.raw(), "id")
        };
        if let Some(entry) = all.iter().find(is_its_own) {
            js::set(entry, "bufferedAmount", &JsValue::from_f64(channel.buffered_amount() as f64));
        }
    }
    let all: Array = all.into_iter().collect();
    JSON::stringify(&all).ok()?.as_string().map(Json::from_text)
}

fn by_id<'a>(all: &'a [JsValue], id: &str) -> Option<&'a JsValue> {
    all.iter().find(|entry| js::get_string(entry, "id").as_deref() == Some(id))
}

fn has(entry: &JsValue, key: &str, value: &str) -> bool {
    js::get_string(entry, key).as_deref() == Some(value)
}

/// By the standard: the transport refers to its pair.
fn by_transport(all: &[JsValue]) -> Option<&JsValue> {
    let transports = all.iter().filter(|entry| has(entry, "type", "transport"));
    let mut ids = transports.filter_map(|entry| js::get_string(entry, "selectedCandidatePairId"));
    by_id(all, &ids.next()?)
}

/// Without transports (Firefox): the pair marked as selected, or else one that is nominated and succeeded.
fn by_marks(all: &[JsValue]) -> Option<&JsValue> {
    let pairs = || all.iter().filter(|entry| has(entry, "type", "candidate-pair"));
    let marked = |entry: &JsValue, key: &str| js::get(entry, key).is_truthy();
    pairs()
        .find(|pair| marked(pair, "selected"))
        .or_else(|| pairs().find(|pair| marked(pair, "nominated") && has(pair, "state", "succeeded")))
}

fn end(candidate: &JsValue) -> CandidateEnd {
    let text = |key: &str| js::get_string(candidate, key).unwrap_or_default();
    let address = js::get_string(candidate, "address").unwrap_or_else(|| text("ip"));
    CandidateEnd {
        candidate_type: text("candidateType"),
        protocol: text("protocol"),
        address,
        port: js::get_u16(candidate, "port").unwrap_or_default(),
    }
}
