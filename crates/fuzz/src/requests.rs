//! Arbitrary requests to a Registry with one room.

mod request;

use arbitrary::{Arbitrary, Unstructured};
use registry_core::{AllowedOrigins, Config, Request, Response, Submitted};
use request::FuzzRequest;
use serde_json::json;

use crate::test_registry::{TestRegistry, post, text};

/// An allowed origin.
const ORIGIN: &str = "https://page.example";
/// Part of every generated token, join code, SDP and candidate, and of no text of the Registry itself.
const CANARY: &str = "~!~";
/// The SDP stored in the room.
const SDP: &str = "v=0\r\no=~!~\r\ns=-\r\nt=0 0\r\nm=x\r\n";

#[derive(Debug, Arbitrary)]
struct Input<'a> {
    limited: bool,
    base: bool,
    any_origin: bool,
    requests: Vec<FuzzRequest<'a>>,
}

/// The codes and tokens of the room.
struct Keys {
    code: String,
    join_code: String,
    tokens: [String; 2],
}

/// Decodes the bytes into requests, sends them, and checks the responses.
pub fn requests(data: &[u8]) {
    let Ok(input) = Input::arbitrary_take_rest(Unstructured::new(data)) else { return };
    let mut server = TestRegistry::new(config(&input));
    let keys = Keys::of_a_new_room(&mut server);
    for fuzz_request in &input.requests {
        server.now = fuzz_request.time.after(server.now);
        let request = fuzz_request.request(&keys);
        if let Submitted::Done(outcome) = server.submit(&request, || request.clone()) {
            keys.check(&server.response(&request, outcome));
        }
        due(&mut server, &keys);
    }
    server.registry.answer_all(server.now);
    due(&mut server, &keys);
    assert_eq!(server.registry.stats().waiting, 0);
}

fn due(server: &mut TestRegistry<Request>, keys: &Keys) {
    for (request, outcome) in server.registry.take_due() {
        keys.check(&server.response(&request, outcome));
    }
}

fn config(input: &Input<'_>) -> Config {
    let allowed_origins =
        if input.any_origin { AllowedOrigins::Any } else { AllowedOrigins::List(vec![ORIGIN.to_owned()]) };
    let config = Config { extended: !input.base, allowed_origins, ..Config::default() };
    if input.limited { config } else { config.unlimited() }
}

impl Keys {
    /// Creates a joined room with an offer and a candidate.
    fn of_a_new_room(server: &mut TestRegistry<Request>) -> Self {
        let made = server.send(&post("/rooms", &json!({"hostUserName": "Ann"})));
        let [code, join_code, host] = ["code", "joinCode", "ownerToken"].map(|field| text(&made, field));
        let join = json!({"joinCode": join_code, "guestUserName": "Bob"});
        let guest = text(&server.send(&post(format!("/rooms/{code}/join"), &join)), "guestToken");
        for (tail, body) in
            [("offer", json!({"type": "offer", "sdp": SDP})), ("candidate", json!({"candidate": CANARY}))]
        {
            let request = post(format!("/rooms/{code}/{tail}"), &body).header("X-Access-Token", &host);
            assert_eq!(server.send(&request).status, 204);
        }
        Self { code, join_code, tokens: [host, guest] }
    }

    /// Checks that a response contains no secret, except where the contract says so.
    fn check(&self, response: &Response) {
        let text = String::from_utf8(response.body.clone()).expect("UTF-8");
        let headers = response.headers.iter().filter(|(name, _)| *name != "Access-Control-Allow-Origin");
        let text = headers.fold(text, |text, (_, value)| text + value);
        assert!(self.tokens.iter().all(|token| !text.contains(token)), "token in {text}");
        if response.status >= 400 {
            assert!(!text.contains(CANARY) && !text.contains(&self.join_code), "secret in {text}");
        }
    }
}
