use js_sys::{Object, Promise};
use registry_client::browser::{FetchHttpClient, js};
use registry_client::interfaces::http::{Headers, HttpClient, HttpError, HttpFuture, HttpResponse};
use registry_client::json::Json;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

use super::require;
use crate::value::{parsed, to_json};

#[wasm_bindgen(module = "/js/calls.js")]
extern "C" {
    #[wasm_bindgen(js_name = asHttpClient)]
    fn as_http_client(registry: &JsValue) -> JsValue;
}

/// All methods of the specification's `IRegistryClient`.
const CALLS: [&str; 9] = [
    "createRoom",
    "getPublicRoomInfo",
    "joinRoom",
    "postOffer",
    "postAnswer",
    "postCandidate",
    "getRoom",
    "getCandidates",
    "closeRoom",
];

/// An `IHttpClient`: resolves to parsed JSON; rejects with `{status, body}` for an error response, or in the way of axios, and
/// with anything else if there is no response.
pub(crate) struct JsHttpClient(JsValue);

impl JsHttpClient {
    pub(crate) fn new(object: JsValue) -> Result<Self, String> {
        require(object, "httpClient", &["get", "post"]).map(Self)
    }

    /// What is sent is carried out by an `IRegistryClient`.
    pub(crate) fn of_registry(object: JsValue) -> Result<Self, String> {
        require(object, "registryClient", &CALLS).map(|registry| Self(as_http_client(&registry)))
    }

    fn send(&self, method: &str, arguments: &[JsValue]) -> HttpFuture {
        let answer = match js::call(&self.0, method, arguments) {
            Ok(answer) => Promise::resolve(&answer),
            Err(thrown) => Promise::reject(&thrown),
        };
        let answer = JsFuture::from(answer);
        Box::pin(async move {
            match answer.await {
                Ok(value) => accepted(&value),
                Err(thrown) => refused(&thrown),
            }
        })
    }
}

impl HttpClient for JsHttpClient {
    fn get(&self, url: &str, headers: Headers) -> HttpFuture {
        self.send("get", &[url.into(), record(headers)])
    }

    fn post(&self, url: &str, body: Option<Json>, headers: Headers) -> HttpFuture {
        let body = body.map_or(JsValue::UNDEFINED, |body| parsed(&body));
        self.send("post", &[url.into(), body, record(headers)])
    }

    fn needs_permission(&self, url: &str) -> bool {
        // It runs in the page, so what it sends is subject to the same rules.
        FetchHttpClient.needs_permission(url)
    }
}

fn record(headers: Headers) -> JsValue {
    let record = JsValue::from(Object::new());
    for (name, value) in headers {
        js::set(&record, name, &value.into());
    }
    record
}

fn accepted(value: &JsValue) -> Result<HttpResponse, HttpError> {
    if value.is_undefined() || value.is_null() {
        return Ok(HttpResponse { status: 204, ..HttpResponse::default() });
    }
    let body = to_json(value).map_err(HttpError)?.as_str().to_owned();
    Ok(HttpResponse { status: 200, body, ..HttpResponse::default() })
}

/// An error response: `{status, body}`, or in the way of axios `{response: {status, data}}`.
fn refused(thrown: &JsValue) -> Result<HttpResponse, HttpError> {
    let response = js::get(thrown, "response");
    let own = status(thrown).map(|status| (status, js::get(thrown, "body")));
    let other = || status(&response).map(|status| (status, js::get(&response, "data")));
    let (status, body) = own
        .filter(|(_, body)| !body.is_undefined() || !response.is_object())
        .or_else(other)
        .ok_or_else(|| HttpError(js::describe(thrown)))?;
    let body =
        body.as_string().unwrap_or_else(|| to_json(&body).map(|body| body.as_str().to_owned()).unwrap_or_default());
    let header = || js::get(&js::get(&response, "headers"), "retry-after").as_string()?.parse().ok().map(u32::into);
    let retry_after_sec = js::get(thrown, "retryAfterSec").as_f64().or_else(header);
    Ok(HttpResponse { status, body, retry_after_sec, ..HttpResponse::default() })
}

fn status(of: &JsValue) -> Option<u16> {
    js::get_u16(of, "status").filter(|status| (100..=599).contains(status))
}
