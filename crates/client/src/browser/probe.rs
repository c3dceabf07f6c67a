use std::time::Duration;

use futures::future::{Either, LocalBoxFuture, join_all, join3, select};
use gloo_timers::future::TimeoutFuture;
use registry_protocol::{EpochMs, VERSION, VERSION_HEADER};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestCredentials, RequestInit, RequestMode, RequestRedirect, Response};

use super::http::AbortOnDrop;
use super::{BrowserClock, http, js};
use crate::interfaces::clock::Clock;
use crate::types::probe::{CLIENT_HEADERS, NoAnswer, PROBE_PATH, ProbeAnswer, Probed, RegistryProbe};

/// Asks what is at a Registry's address (with or without a slash at its end), each request for at most `limit`.
///
/// The requests are `GET`s that change nothing at a Registry, count against no rate limit and carry no secret: the token in one
/// of them is the word `none`. Three are sent at once, and three more if the headers were refused, to learn which. Dropping the
/// future aborts them. The browser logs those that fail on its console.
pub async fn probe(registry_api_url: &str, limit: Duration) -> RegistryProbe {
    let url = [registry_api_url.trim().trim_end_matches('/'), PROBE_PATH].concat();
    let (opaque, simple_cors, preflighted) = join3(
        within(limit, opaque(&url)),
        within(limit, readable(&url, &[])),
        within(limit, readable(&url, &CLIENT_HEADERS)),
    )
    .await;
    let refused_headers = match simple_cors.is_ok() && preflighted.is_err() {
        true => refused(&url, limit).await,
        false => Vec::new(),
    };
    RegistryProbe { opaque, simple_cors, preflighted, refused_headers, mixed_content: is_mixed(&url) }
}

/// Which headers fail alone.
async fn refused(url: &str, limit: Duration) -> Vec<String> {
    let alone = CLIENT_HEADERS.map(|header| async move {
        let answer = within(limit, readable(url, &[header])).await;
        answer.is_err().then(|| header.to_owned())
    });
    join_all(alone).await.into_iter().flatten().collect()
}

/// Whether the page is secure and the address is not.
fn is_mixed(url: &str) -> bool {
    let page = js::get_string(&js::get(&js_sys::global(), "location"), "protocol");
    page.as_deref() == Some("https:") && url.starts_with("http:")
}

async fn within<T>(limit: Duration, request: LocalBoxFuture<'_, Result<T, JsValue>>) -> Probed<T> {
    match select(request, TimeoutFuture::new(limit.as_millis() as u32)).await {
        Either::Left((answer, _)) => answer.map_err(|thrown| NoAnswer::Failed(js::describe(&thrown))),
        Either::Right(_) => Err(NoAnswer::TimedOut),
    }
}

fn opaque(url: &str) -> LocalBoxFuture<'_, Result<(), JsValue>> {
    Box::pin(async move {
        // Without CORS browsers require that redirects are followed.
        let (answer, _guard) = start(url, RequestMode::NoCors, RequestRedirect::Follow, &[])?;
        answer.await.map(drop)
    })
}

fn readable<'a>(url: &'a str, headers: &'a [&'static str]) -> LocalBoxFuture<'a, Result<ProbeAnswer, JsValue>> {
    Box::pin(async move {
        let clock = BrowserClock::default();
        let sent = clock.now().monotonic;
        let (answer, _guard) = start(url, RequestMode::Cors, RequestRedirect::Error, headers)?;
        let response: Response = answer.await?.dyn_into()?;
        let now = clock.now();
        let date = response.headers().get("Date")?.map(|date| js_sys::Date::parse(&date)).filter(|ms| *ms >= 0.0);
        let body = JsFuture::from(response.text()?).await?;
        Ok(ProbeAnswer {
            status: response.status(),
            of_a_registry: body.as_string().is_some_and(|body| ProbeAnswer::is_envelope(&body)),
            date: date.map(|ms| EpochMs(ms as u64)),
            received: EpochMs(now.epoch_ms as u64),
            took: now.monotonic.saturating_sub(sent),
        })
    })
}

fn start(
    url: &str,
    mode: RequestMode,
    redirect: RequestRedirect,
    headers: &[&str],
) -> Result<(JsFuture, AbortOnDrop), JsValue> {
    let guard = AbortOnDrop::new()?;
    let sent = web_sys::Headers::new()?;
    for name in headers {
        sent.set(name, value_of(name))?;
    }
    let init = RequestInit::new();
    init.set_mode(mode);
    init.set_redirect(redirect);
    init.set_credentials(RequestCredentials::Omit);
    init.set_headers(&sent);
    init.set_signal(Some(&guard.signal()));
    let request = web_sys::Request::new_with_str_and_init(url, &init)?;
    Ok((http::fetch(&request, &init)?.into(), guard))
}

fn value_of(header: &str) -> &'static str {
    match header {
        VERSION_HEADER => VERSION,
        "Content-Type" => "application/json",
        _ => "none",
    }
}
