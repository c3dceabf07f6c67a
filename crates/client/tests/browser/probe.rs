use std::time::Duration;

use js_sys::Function;
use registry_client::browser::{js, probe};
use registry_client::protocol::{TOKEN_HEADER, VERSION_HEADER};
use registry_client::types::probe::{NoAnswer, Reach, RegistryProbe};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

/// Takes the place of `fetch`; gives it back when it is dropped.
struct FakeFetch(JsValue);

impl FakeFetch {
    /// `answer` is the body of a function of a `request` that returns what `fetch` returns; it may use `envelope` and `refuse`.
    fn answering(answer: &str) -> Self {
        let install = Function::new_no_args(&format!(
            "const real = globalThis.fetch;
             const fake = {{ asked: [], restore: () => {{ globalThis.fetch = real; }} }};
             const envelope = () => Promise.resolve(new Response('{{\"error\":{{\"code\":\"not_found\"}}}}', {{ status: 404 }}));
             const refuse = () => Promise.reject(new TypeError('Failed to fetch'));
             globalThis.fetch = (...all) => {{
               const request = new Request(...all);
               fake.asked.push(`${{request.method}} ${{request.url}} ${{request.mode}} ${{[...request.headers].join(';')}}`);
               {answer}
             }};
             return fake;"
        ));
        Self(install.call0(&JsValue::UNDEFINED).unwrap())
    }

    fn asked(&self) -> Vec<String> {
        let asked: js_sys::Array = js::get(&self.0, "asked").into();
        asked.iter().filter_map(|line| line.as_string()).collect()
    }
}

impl Drop for FakeFetch {
    fn drop(&mut self) {
        js::call(&self.0, "restore", &[]).unwrap();
    }
}

async fn probed(answer: &str) -> (RegistryProbe, Vec<String>) {
    let fetch = FakeFetch::answering(answer);
    let probe = probe("https://registry.example/base/", Duration::from_millis(300)).await;
    (probe, fetch.asked())
}

#[wasm_bindgen_test]
async fn a_registry_is_asked_three_times_for_nothing() {
    let (probe, asked) = probed("return envelope();").await;
    assert_eq!(probe.reach(), Reach::Registry);
    let url = "GET https://registry.example/base/rooms/AAAAAAAA/candidates";
    let headers = "content-type,application/json;x-access-token,none;x-registry-version,1";
    assert_eq!(asked, [format!("{url} no-cors "), format!("{url} cors "), format!("{url} cors {headers}")]);
}

#[wasm_bindgen_test]
async fn an_answer_that_only_the_opaque_request_gets_means_that_the_origin_is_refused() {
    let (probe, asked) = probed("return request.mode === 'no-cors' ? envelope() : refuse();").await;
    assert_eq!((probe.reach(), asked.len()), (Reach::OriginRefused, 3));
}

#[wasm_bindgen_test]
async fn which_header_is_refused_is_found_out() {
    let (probe, asked) = probed("return request.headers.has('x-access-token') ? refuse() : envelope();").await;
    assert_eq!(probe.reach(), Reach::HeadersRefused(vec![TOKEN_HEADER.to_owned()]));
    assert_eq!(asked.len(), 6);
    let (probe, _) = probed("return request.headers.has('x-registry-version') ? refuse() : envelope();").await;
    assert_eq!(probe.reach(), Reach::HeadersRefused(vec![VERSION_HEADER.to_owned()]));
}

#[wasm_bindgen_test]
async fn what_answers_otherwise_is_no_registry_and_what_does_not_answer_is_unreachable() {
    let (probe, _) = probed("return Promise.resolve(new Response('<p>hello', { status: 200 }));").await;
    assert_eq!(probe.reach(), Reach::NoRegistry(200));
    let (probe, _) = probed("return refuse();").await;
    assert_eq!(probe.reach(), Reach::Unreachable { timed_out: false });
    assert_eq!(probe.opaque, Err(NoAnswer::Failed("TypeError: Failed to fetch".into())));
    let (probe, _) = probed("return new Promise((_, reject) => request.signal.onabort = reject);").await;
    assert_eq!(probe.reach(), Reach::Unreachable { timed_out: true });
}

#[wasm_bindgen_test]
async fn the_date_is_read_where_it_is_exposed() {
    let (probe, _) =
        probed("return Promise.resolve(new Response('', { headers: { Date: 'Thu, 01 Jan 1970 00:16:40 GMT' } }));")
            .await;
    assert_eq!(probe.answer().and_then(|answer| answer.date).map(|date| date.0), Some(1_000_000));
}

#[wasm_bindgen_test]
async fn whatever_is_asked_for_nothing_panics() {
    for url in ["", "http://", "https://user:password@x/", "not a url"] {
        probe(url, Duration::from_millis(200)).await;
    }
    let (probe, _) = probed("throw 7;").await;
    assert!(probe.opaque.is_err());
}
