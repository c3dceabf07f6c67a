use js_sys::Object;
use registry_protocol::{EpochMs, VERSION, VERSION_HEADER};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers as FetchHeaders, Response};

use super::js;
use crate::interfaces::http::{Headers, HttpClient, HttpError, HttpFuture, HttpResponse};
use crate::json::Json;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch)]
    fn fetch(url: &str, init: &JsValue) -> Result<js_sys::Promise, JsValue>;
}

/// The default HTTP client: `fetch` with `mode: "cors"` and `credentials: "omit"`.
///
/// Nothing is said about the cache: a Registry keeps every answer out of it, and a browser that is told to pass it by asks
/// for permission before every request to another origin.
///
/// Every `POST` carries `X-Registry-Version: 1`, whether the caller thought of it or not. Redirects are an error: a
/// token goes to the address that was asked for and to no other. A request goes out when the method is called; dropping
/// its future aborts it, unless it was made to outlive the page.
#[derive(Clone, Copy, Debug, Default)]
pub struct FetchHttpClient;

impl HttpClient for FetchHttpClient {
    fn get(&self, url: &str, headers: Headers) -> HttpFuture {
        send("GET", url, None, headers, false)
    }

    fn post(&self, url: &str, body: Option<Json>, headers: Headers) -> HttpFuture {
        send("POST", url, body, with_version(headers), false)
    }

    fn post_keepalive(&self, url: &str, body: Option<Json>, headers: Headers) -> HttpFuture {
        send("POST", url, body, with_version(headers), true)
    }
}

fn with_version(mut headers: Headers) -> Headers {
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(VERSION_HEADER)) {
        headers.push((VERSION_HEADER, VERSION.to_owned()));
    }
    headers
}

/// Aborts a request, or nothing if it is over.
struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn send(method: &str, url: &str, body: Option<Json>, headers: Headers, keepalive: bool) -> HttpFuture {
    match start(method, url, body, headers, keepalive) {
        Ok((response, guard)) => Box::pin(async move {
            let _guard = guard;
            finish(response).await.map_err(|thrown| HttpError(js::describe(&thrown)))
        }),
        Err(thrown) => Box::pin(std::future::ready(Err(HttpError(js::describe(&thrown))))),
    }
}

fn start(
    method: &str,
    url: &str,
    body: Option<Json>,
    headers: Headers,
    keepalive: bool,
) -> Result<(JsFuture, Option<AbortOnDrop>), JsValue> {
    let guard = if keepalive { None } else { Some(AbortOnDrop(AbortController::new()?)) };
    let init = JsValue::from(Object::new());
    for (key, word) in [("method", method), ("mode", "cors"), ("credentials", "omit"), ("redirect", "error")] {
        js::set(&init, key, &word.into());
    }
    js::set(&init, "headers", fetch_headers(headers, body.is_some())?.as_ref());
    js::set(&init, "keepalive", &keepalive.into());
    if let Some(guard) = &guard {
        js::set(&init, "signal", guard.0.signal().as_ref());
    }
    if let Some(body) = body {
        js::set(&init, "body", &body.as_str().into());
    }
    Ok((JsFuture::from(fetch(url, &init)?), guard))
}

fn fetch_headers(headers: Headers, has_body: bool) -> Result<FetchHeaders, JsValue> {
    let all = FetchHeaders::new()?;
    if has_body {
        all.set("Content-Type", "application/json")?;
    }
    for (name, value) in headers {
        // In words of our own: Firefox's repeat the value, which may be a token.
        let refused = |_| JsValue::from_str(&format!("TypeError: {name} has a value that no header can have"));
        all.set(name, &value).map_err(refused)?;
    }
    Ok(all)
}

async fn finish(response: JsFuture) -> Result<HttpResponse, JsValue> {
    let response: Response = response.await?.dyn_into()?;
    let body = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    let headers = response.headers();
    let date_ms = headers.get("Date")?.map(|value| js_sys::Date::parse(&value)).filter(|date_ms| *date_ms >= 0.0);
    let retry_after_sec = headers.get("Retry-After")?.and_then(|value| retry_after(&value, date_ms));
    let date = date_ms.map(|date_ms| EpochMs(date_ms as u64));
    Ok(HttpResponse { status: response.status(), body, retry_after_sec, date })
}

/// `Retry-After` in seconds: a number of them, or a date, by the clock of a server that says what time it is. The browser reads
/// it: Rust's own way costs 12 kB of tables.
fn retry_after(value: &str, date_ms: Option<f64>) -> Option<f64> {
    let seconds = match js_sys::Number::parse_float(value) {
        number if number.is_nan() => (js_sys::Date::parse(value) - date_ms.unwrap_or_else(js_sys::Date::now)) / 1000.0,
        seconds => seconds,
    };
    seconds.is_finite().then(|| seconds.max(0.0))
}
