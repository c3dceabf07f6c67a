use js_sys::Function;
use registry_client::browser::{FetchHttpClient, js};
use registry_client::interfaces::http::{Headers, HttpClient};
use registry_client::protocol::{EpochMs, TOKEN_HEADER, VERSION_HEADER};
use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

/// Takes the place of `fetch` and keeps the last request; gives `fetch` back when it is dropped.
struct FakeFetch(JsValue);

impl FakeFetch {
    /// `answer` is the body of a function that returns what `fetch` returns.
    fn answering(answer: &str) -> Self {
        let install = Function::new_no_args(&format!(
            "const real = globalThis.fetch; const fake = {{}};
             globalThis.fetch = (...asked) => {{ const request = fake.request = new Request(...asked); {answer} }};
             fake.restore = () => {{ globalThis.fetch = real; }};
             return fake;"
        ));
        Self(install.call0(&JsValue::UNDEFINED).unwrap())
    }

    fn request(&self) -> JsValue {
        js::get(&self.0, "request")
    }

    fn said(&self, key: &str) -> String {
        js::get_string(&self.request(), key).unwrap_or_default()
    }

    fn header(&self, name: &str) -> Option<String> {
        js::call(&js::get(&self.request(), "headers"), "get", &[name.into()]).unwrap().as_string()
    }

    fn aborted(&self) -> bool {
        js::get(&js::get(&self.request(), "signal"), "aborted").is_truthy()
    }
}

impl Drop for FakeFetch {
    fn drop(&mut self) {
        js::call(&self.0, "restore", &[]).unwrap();
    }
}

const OK: &str = "return Promise.resolve(new Response('{\"a\":1}'));";
const NEVER: &str = "return new Promise(() => {});";
const URL: &str = "https://registry.example/rooms";

fn token() -> Headers {
    vec![(TOKEN_HEADER, "secret".to_owned())]
}

fn own(path: &str) -> String {
    let location = js::get(&js_sys::global(), "location");
    format!("{}{path}", js::get_string(&location, "origin").unwrap())
}

#[wasm_bindgen_test]
async fn requests_omit_credentials_and_follow_no_redirect() {
    let fetch = FakeFetch::answering(OK);
    let answer = FetchHttpClient.get(URL, token()).await.unwrap();
    assert_eq!((answer.status, answer.body.as_str(), answer.retry_after_sec), (200, "{\"a\":1}", None));
    let said = ["method", "url", "mode", "credentials", "cache", "redirect"].map(|key| fetch.said(key));
    assert_eq!(said, ["GET", URL, "cors", "omit", "default", "error"]);
    assert_eq!(fetch.header(TOKEN_HEADER).as_deref(), Some("secret"));
    assert_eq!((fetch.header(VERSION_HEADER), fetch.header("Content-Type")), (None, None));
}

#[wasm_bindgen_test]
async fn every_post_carries_the_version_and_json_where_there_is_a_body() {
    let fetch = FakeFetch::answering(OK);
    FetchHttpClient.post(URL, Some(json!({"b": [2]}).into()), Vec::new()).await.unwrap();
    assert_eq!(fetch.header(VERSION_HEADER).as_deref(), Some("1"));
    assert_eq!(fetch.header("Content-Type").as_deref(), Some("application/json"));
    let text = js::call(&fetch.request(), "text", &[]).unwrap();
    let text = wasm_bindgen_futures::JsFuture::from(js_sys::Promise::resolve(&text)).await.unwrap();
    assert_eq!(text.as_string().as_deref(), Some(r#"{"b":[2]}"#));

    FetchHttpClient.post(URL, None, vec![("x-registry-version", "1".to_owned())]).await.unwrap();
    assert_eq!(fetch.header(VERSION_HEADER).as_deref(), Some("1"), "not twice");
    assert_eq!(fetch.header("Content-Type"), None);
}

#[wasm_bindgen_test]
async fn dropping_the_future_aborts_the_request_whether_it_was_polled_or_not() {
    let fetch = FakeFetch::answering(NEVER);
    let mut polled = FetchHttpClient.get(URL, Vec::new());
    assert!(futures::poll!(&mut polled).is_pending());
    assert!(!fetch.aborted());
    drop(polled);
    assert!(fetch.aborted());
    drop(FetchHttpClient.post(URL, None, Vec::new()));
    assert!(fetch.aborted());
}

#[wasm_bindgen_test]
fn a_request_that_is_to_outlive_the_page_outlives_its_future() {
    let fetch = FakeFetch::answering(NEVER);
    drop(FetchHttpClient.post_keepalive(URL, Some(json!({}).into()), token()));
    assert!(js::get(&fetch.request(), "keepalive").is_truthy());
    assert!(!fetch.aborted());
    let headers = [VERSION_HEADER, TOKEN_HEADER, "Content-Type"].map(|name| fetch.header(name).unwrap());
    assert_eq!(headers, ["1", "secret", "application/json"]);
    assert_eq!(fetch.said("method"), "POST");
}

#[wasm_bindgen_test]
async fn any_status_is_an_answer_and_says_when_to_come_again() {
    for (header, seconds) in [("7", Some(7.0)), ("0.5", Some(0.5)), ("-1", Some(0.0)), ("soon", None)] {
        let _fetch = FakeFetch::answering(&format!(
            "return Promise.resolve(new Response('slow', {{ status: 429, headers: {{ 'Retry-After': '{header}' }} }}));"
        ));
        let answer = FetchHttpClient.get(URL, Vec::new()).await.unwrap();
        assert_eq!((answer.status, answer.body.as_str(), answer.retry_after_sec), (429, "slow", seconds), "{header}");
    }
}

#[wasm_bindgen_test]
async fn a_date_says_when_to_come_again_too() {
    let _fetch = FakeFetch::answering(
        "const at = new Date(Date.now() + 60_000).toUTCString();
         return Promise.resolve(new Response('', { status: 503, headers: { 'Retry-After': at } }));",
    );
    let seconds = FetchHttpClient.get(URL, Vec::new()).await.unwrap().retry_after_sec.unwrap();
    assert!((50.0..=60.0).contains(&seconds), "{seconds}");
}

#[wasm_bindgen_test]
async fn dates_are_those_of_the_server() {
    let _fetch = FakeFetch::answering(
        "const headers = { Date: new Date(1e12).toUTCString(), 'Retry-After': new Date(1e12 + 60_000).toUTCString() };
         return Promise.resolve(new Response('', { status: 503, headers }));",
    );
    let answer = FetchHttpClient.get(URL, Vec::new()).await.unwrap();
    assert_eq!((answer.date, answer.retry_after_sec), (Some(EpochMs(1_000_000_000_000)), Some(60.0)));
    let _fetch = FakeFetch::answering("return Promise.resolve(new Response('', { headers: { Date: 'noon' } }));");
    assert_eq!(FetchHttpClient.get(URL, Vec::new()).await.unwrap().date, None);
}

#[wasm_bindgen_test]
async fn whatever_fetch_does_is_an_error_in_words() {
    let cases = [
        ("return Promise.reject(new TypeError('Failed to fetch'));", "TypeError: Failed to fetch"),
        ("return Promise.reject('no network');", "no network"),
        ("return Promise.reject();", "unknown error"),
        ("throw new Error('replaced');", "Error: replaced"),
        ("return Promise.resolve(42);", "unknown error"),
    ];
    for (answer, words) in cases {
        let _fetch = FakeFetch::answering(answer);
        assert_eq!(FetchHttpClient.get(URL, Vec::new()).await.unwrap_err().0, words);
    }
}

#[wasm_bindgen_test]
async fn bad_addresses_and_headers_are_errors_and_not_panics() {
    for url in ["http://", "https://user:password@registry.example/"] {
        let error = FetchHttpClient.get(url, Vec::new()).await.unwrap_err().0;
        assert!(error.starts_with("TypeError"), "{error}");
    }
    let newline = vec![(TOKEN_HEADER, "a\nb".to_owned())];
    let error = FetchHttpClient.get(URL, newline).await.unwrap_err().0;
    assert!(error.starts_with("TypeError") && !error.contains("a\nb"), "{error}");
}

#[wasm_bindgen_test]
fn the_pages_own_origin_need_not_permit_anything() {
    for url in [own("/exchange"), "/exchange".to_owned(), "registry/exchange".to_owned()] {
        assert!(!FetchHttpClient.needs_permission(&url), "{url}");
    }
    let elsewhere = format!("{}0/exchange", own(""));
    for url in [&elsewhere, URL, "//registry.example/exchange", "data:,", "http://", "https://a:b@registry.example/"] {
        assert!(FetchHttpClient.needs_permission(url), "{url}");
    }
}

#[wasm_bindgen_test]
async fn real_answers_are_read_to_their_end() {
    assert_eq!(FetchHttpClient.get(&own("/"), Vec::new()).await.unwrap().status, 200);
    assert_eq!(FetchHttpClient.get(&own("/nowhere"), Vec::new()).await.unwrap().status, 404);
    let text = FetchHttpClient.get("data:text/plain,gr%C3%BCn", Vec::new()).await.unwrap();
    assert_eq!((text.status, text.body.as_str()), (200, "grün"));
}
