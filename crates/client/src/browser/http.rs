use futures::future::ready;
use gloo_net::http::{Headers as FetchHeaders, Request, RequestBuilder, Response};
use registry_protocol::{EpochMs, VERSION, VERSION_HEADER};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, RequestCredentials, RequestInit, RequestMode, RequestRedirect};

use super::js;
use crate::interfaces::http::{Headers, HttpClient, HttpError, HttpFuture, HttpResponse};
use crate::json::Json;

#[wasm_bindgen]
extern "C" {
    // gloo-net's own call panics where a script has replaced `fetch` with one that throws, or that rejects with something
    // other than an `Error`.
    #[wasm_bindgen(catch)]
    pub(super) fn fetch(request: &web_sys::Request, init: &RequestInit) -> Result<js_sys::Promise, JsValue>;
}

/// The default HTTP client: gloo-net's `fetch` with `mode: "cors"` and `credentials: "omit"`.
///
/// It does not set a cache mode: a Registry's responses are not cacheable, and bypassing the cache explicitly adds headers
/// that trigger a preflight for every cross-origin request.
///
/// Every `POST` carries `X-Registry-Version: 1`, whether the caller set it or not. Redirects are errors, so that a token is
/// only ever sent to the configured address. The request is sent when the method is called; dropping its future aborts it,
/// unless the request is meant to outlive the page.
#[derive(Clone, Copy, Debug, Default)]
pub struct FetchHttpClient;

impl HttpClient for FetchHttpClient {
    fn get(&self, url: &str, headers: Headers) -> HttpFuture {
        send(Request::get(url), None, headers, false)
    }

    fn post(&self, url: &str, body: Option<Json>, headers: Headers) -> HttpFuture {
        send(Request::post(url), body, with_version(headers), false)
    }

    fn post_keepalive(&self, url: &str, body: Option<Json>, headers: Headers) -> HttpFuture {
        send(Request::post(url), body, with_version(headers), true)
    }

    fn needs_permission(&self, url: &str) -> bool {
        origin_of(url).is_none_or(|origin| js::get_string(&js_sys::global(), "origin") != Some(origin))
    }
}

/// The origin that a request to `url` goes to.
fn origin_of(url: &str) -> Option<String> {
    // A request resolves the URL as `fetch` does.
    let request = web_sys::Request::new_with_str(url).ok()?;
    web_sys::Url::new(&request.url()).ok().map(|url| url.origin())
}

fn with_version(mut headers: Headers) -> Headers {
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(VERSION_HEADER)) {
        headers.push((VERSION_HEADER, VERSION.to_owned()));
    }
    headers
}

/// Aborts a request, unless it is complete.
pub(super) struct AbortOnDrop(AbortController);

impl AbortOnDrop {
    pub(super) fn new() -> Result<Self, JsValue> {
        AbortController::new().map(Self)
    }

    pub(super) fn signal(&self) -> AbortSignal {
        self.0.signal()
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn send(request: RequestBuilder, body: Option<Json>, headers: Headers, keepalive: bool) -> HttpFuture {
    match start(request, body, headers, keepalive) {
        Ok((response, guard)) => Box::pin(async move {
            let _guard = guard;
            finish(response).await
        }),
        Err(error) => Box::pin(ready(Err(error))),
    }
}

fn start(
    request: RequestBuilder,
    body: Option<Json>,
    headers: Headers,
    keepalive: bool,
) -> Result<(JsFuture, Option<AbortOnDrop>), HttpError> {
    let guard = if keepalive { None } else { Some(AbortOnDrop::new().map_err(thrown)?) };
    let request = request
        .mode(RequestMode::Cors)
        .credentials(RequestCredentials::Omit)
        .redirect(RequestRedirect::Error)
        .abort_signal(guard.as_ref().map(AbortOnDrop::signal).as_ref())
        .headers(fetch_headers(headers, body.is_some())?);
    let request = match body {
        Some(body) => request.body(body.as_str()),
        None => request.build(),
    };
    let request = request.map_err(failed)?.into();
    let init = RequestInit::new();
    if keepalive {
        // An option that neither gloo-net nor web-sys has. Firefox (153) forgets it if it is an option of the request.
        js::set(&init, "keepalive", &JsValue::TRUE);
    }
    Ok((fetch(&request, &init).map_err(thrown)?.into(), guard))
}

fn fetch_headers(headers: Headers, has_body: bool) -> Result<FetchHeaders, HttpError> {
    let all = web_sys::Headers::new().map_err(thrown)?;
    if has_body {
        all.set("Content-Type", "application/json").map_err(thrown)?;
    }
    for (name, value) in headers {
        // Not the browser's message: Firefox's repeats the value, which may be a token.
        let refused = |_| HttpError(format!("TypeError: {name} has a value that no header can have"));
        all.set(name, &value).map_err(refused)?;
    }
    Ok(FetchHeaders::from_raw(all))
}

async fn finish(response: JsFuture) -> Result<HttpResponse, HttpError> {
    let response: web_sys::Response = response.await.map_err(thrown)?.dyn_into().map_err(thrown)?;
    let response = Response::from(response);
    let (status, headers) = (response.status(), response.headers());
    let date_ms = headers.get("Date").map(|value| js_sys::Date::parse(&value)).filter(|date_ms| *date_ms >= 0.0);
    let retry_after_sec = headers.get("Retry-After").and_then(|value| retry_after(&value, date_ms));
    let date = date_ms.map(|date_ms| EpochMs(date_ms as u64));
    let body = response.text().await.map_err(failed)?;
    Ok(HttpResponse { status, body, retry_after_sec, date })
}

fn thrown(thrown: JsValue) -> HttpError {
    HttpError(js::describe(&thrown))
}

fn failed(error: gloo_net::Error) -> HttpError {
    HttpError(error.to_string())
}

/// `Retry-After` in seconds: a number of seconds or a date (RFC 9110, section 10.2.3), relative to the `Date` header if there is
/// one. The browser parses it: parsing floats in Rust costs 12 kB of tables.
fn retry_after(value: &str, date_ms: Option<f64>) -> Option<f64> {
    let seconds = match js_sys::Number::parse_float(value) {
        number if number.is_nan() => (js_sys::Date::parse(value) - date_ms.unwrap_or_else(js_sys::Date::now)) / 1000.0,
        seconds => seconds,
    };
    seconds.is_finite().then(|| seconds.max(0.0))
}
