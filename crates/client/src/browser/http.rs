use gloo_net::http::{Headers as FetchHeaders, Method, RequestBuilder, Response};
use registry_protocol::{VERSION, VERSION_HEADER};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestCredentials, RequestInit, RequestMode, RequestRedirect};

use super::js;
use crate::http::{Headers, HttpClient, HttpError, HttpFuture, HttpResponse};
use crate::json::Json;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch)]
    fn fetch(request: &web_sys::Request) -> Result<js_sys::Promise, JsValue>;
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
        send(Method::GET, url, None, headers, false)
    }

    fn post(&self, url: &str, body: Option<Json>, headers: Headers) -> HttpFuture {
        send(Method::POST, url, body, with_version(headers), false)
    }

    fn post_keepalive(&self, url: &str, body: Option<Json>, headers: Headers) -> HttpFuture {
        send(Method::POST, url, body, with_version(headers), true)
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

fn send(method: Method, url: &str, body: Option<Json>, headers: Headers, keepalive: bool) -> HttpFuture {
    match start(method, url, body, headers, keepalive) {
        Ok((response, guard)) => Box::pin(async move {
            let _guard = guard;
            finish(response).await.map_err(|thrown| HttpError(js::describe(&thrown)))
        }),
        Err(reason) => Box::pin(std::future::ready(Err(HttpError(reason)))),
    }
}

fn start(
    method: Method,
    url: &str,
    body: Option<Json>,
    headers: Headers,
    keepalive: bool,
) -> Result<(JsFuture, Option<AbortOnDrop>), String> {
    let words = |thrown: JsValue| js::describe(&thrown);
    let guard = if keepalive { None } else { Some(AbortOnDrop(AbortController::new().map_err(words)?)) };
    let signal = guard.as_ref().map(|guard| guard.0.signal());
    let builder = RequestBuilder::new(url)
        .method(method)
        .headers(fetch_headers(headers, body.is_some()).map_err(words)?)
        .mode(RequestMode::Cors)
        .credentials(RequestCredentials::Omit)
        .redirect(RequestRedirect::Error)
        .abort_signal(signal.as_ref());
    let request = match body {
        Some(body) => builder.body(body.as_str()),
        None => builder.build(),
    };
    let mut request: web_sys::Request = request.map_err(|error| error.to_string())?.into();
    if keepalive {
        request = outliving(&request).map_err(words)?;
    }
    Ok((JsFuture::from(fetch(&request).map_err(words)?), guard))
}

fn fetch_headers(headers: Headers, has_body: bool) -> Result<FetchHeaders, JsValue> {
    let raw = web_sys::Headers::new()?;
    if has_body {
        raw.set("Content-Type", "application/json")?;
    }
    for (name, value) in headers {
        // In words of our own: Firefox's repeat the value, which may be a token.
        let refused = |_| JsValue::from_str(&format!("TypeError: {name} has a value that no header can have"));
        raw.set(name, &value).map_err(refused)?;
    }
    Ok(FetchHeaders::from_raw(raw))
}

fn outliving(request: &web_sys::Request) -> Result<web_sys::Request, JsValue> {
    let init = RequestInit::new();
    js::set(&init, "keepalive", &JsValue::TRUE);
    web_sys::Request::new_with_request_and_init(request, &init)
}

async fn finish(response: JsFuture) -> Result<HttpResponse, JsValue> {
    let raw: web_sys::Response = response.await?.dyn_into()?;
    let body = JsFuture::from(raw.text()?).await?.as_string().unwrap_or_default();
    let response = Response::from(raw);
    let retry_after_sec = response.headers().get("Retry-After").and_then(|value| retry_after(&value));
    Ok(HttpResponse { status: response.status(), body, retry_after_sec })
}

/// `Retry-After` in seconds: a number of them, or a date. The browser reads it: Rust's own way costs 12 kB of tables.
fn retry_after(value: &str) -> Option<f64> {
    let seconds = match js_sys::Number::parse_float(value) {
        date if date.is_nan() => (js_sys::Date::parse(value) - js_sys::Date::now()) / 1000.0,
        seconds => seconds,
    };
    seconds.is_finite().then(|| seconds.max(0.0))
}
