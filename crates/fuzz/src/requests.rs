//! Requests of any kind to a Registry with a room in it.

mod ask;

use arbitrary::{Arbitrary, Unstructured};
use ask::Ask;
use registry::{AllowedOrigins, Config, Request, Response, Submitted};
use serde_json::json;

use crate::place::{Place, post, text};

/// An origin that is let in.
const ORIGIN: &str = "https://page.example";
/// A part of every token, join code, SDP and candidate that is made up here, and of no text of the Registry's own.
const MARK: &str = "~!~";
/// What the room holds for its peers.
const SDP: &str = "v=0\r\no=~!~\r\ns=-\r\nt=0 0\r\nm=x\r\n";

#[derive(Debug, Arbitrary)]
struct Input<'a> {
    limited: bool,
    base: bool,
    any_origin: bool,
    asks: Vec<Ask<'a>>,
}

/// The room, and who knows it.
struct Keys {
    code: String,
    join_code: String,
    tokens: [String; 2],
}

/// Takes the bytes for a few requests, makes them, and checks what is answered.
pub fn requests(data: &[u8]) {
    let Ok(input) = Input::arbitrary_take_rest(Unstructured::new(data)) else { return };
    let mut place = Place::new(config(&input));
    let keys = Keys::of_a_new_room(&mut place);
    for ask in &input.asks {
        place.now = ask.time.after(place.now);
        let request = ask.request(&keys);
        if let Submitted::Done(outcome) = place.submit(&request, || request.clone()) {
            keys.check(&place.dress(&request, outcome));
        }
        due(&mut place, &keys);
    }
    place.registry.answer_all(place.now);
    due(&mut place, &keys);
    assert_eq!(place.registry.stats().waiting, 0);
}

fn due(place: &mut Place<Request>, keys: &Keys) {
    for (request, outcome) in place.registry.take_due() {
        keys.check(&place.dress(&request, outcome));
    }
}

fn config(input: &Input<'_>) -> Config {
    let allowed_origins =
        if input.any_origin { AllowedOrigins::Any } else { AllowedOrigins::List(vec![ORIGIN.to_owned()]) };
    let rates = Config::default().rates.filter(|_| input.limited);
    Config { rates, extended: !input.base, allowed_origins, ..Config::default() }
}

impl Keys {
    /// Of a joined room with an offer and a candidate in it.
    fn of_a_new_room(place: &mut Place<Request>) -> Self {
        let made = place.ask(&post("/rooms", &json!({"hostUserName": "Ann"})));
        let [code, join_code, host] = ["code", "joinCode", "ownerToken"].map(|field| text(&made, field));
        let join = json!({"joinCode": join_code, "guestUserName": "Bob"});
        let guest = text(&place.ask(&post(format!("/rooms/{code}/join"), &join)), "guestToken");
        for (tail, body) in [("offer", json!({"type": "offer", "sdp": SDP})), ("candidate", json!({"candidate": MARK}))]
        {
            let request = post(format!("/rooms/{code}/{tail}"), &body).header("X-Access-Token", &host);
            assert_eq!(place.ask(&request).status, 204);
        }
        Self { code, join_code, tokens: [host, guest] }
    }

    /// No response tells a secret, but those that are there to.
    fn check(&self, response: &Response) {
        let said = String::from_utf8(response.body.clone()).expect("UTF-8");
        let headers = response.headers.iter().filter(|(name, _)| *name != "Access-Control-Allow-Origin");
        let said = headers.fold(said, |said, (_, value)| said + value);
        assert!(self.tokens.iter().all(|token| !said.contains(token)), "a token in {said}");
        if response.status >= 400 {
            assert!(!said.contains(MARK) && !said.contains(&self.join_code), "a secret in {said}");
        }
    }
}
