//! A Registry with its own clock and random seed, and helpers for requests.
#![allow(dead_code)] // each test program uses its own part

use std::sync::LazyLock;

use registry_core::{Config, Registry, Request, Response, Submitted};
use serde_json::{Value, json};

/// A Registry, the current time, and a pseudo-random byte stream. Pending long polls have a ticket `T`.
pub struct World<T = ()> {
    pub registry: Registry<T>,
    pub now: u64,
    pub seed: u64,
}

/// Codes and tokens of a room.
#[derive(Clone, Debug)]
pub struct Keys {
    pub code: String,
    pub join_code: String,
    pub host: String,
    pub guest: String,
}

impl World {
    pub fn new(config: Config) -> Self {
        Self::with_tickets(config)
    }

    /// Without rate limits.
    pub fn unlimited() -> Self {
        Self::new(Config::default().unlimited())
    }
}

impl<T> World<T> {
    pub fn with_tickets(config: Config) -> Self {
        Self { registry: Registry::new(config), now: 1_763_800_000_000, seed: 1 }
    }

    /// The response to a request that is not a pending long poll.
    pub fn send(&mut self, request: &Request) -> Response {
        let response = match self.submit(request, || unreachable!("not a long poll")) {
            Submitted::Done(outcome) => self.registry.response(request, outcome),
            Submitted::Pending { .. } => unreachable!("it would have taken a ticket"),
        };
        assert_described(&response);
        response
    }

    pub fn submit(&mut self, request: &Request, ticket: impl FnOnce() -> T) -> Submitted {
        let seed = &mut self.seed;
        let mut random = |bytes: &mut [u8]| {
            for byte in bytes {
                *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                *byte = (*seed >> 56) as u8;
            }
        };
        self.registry.submit(self.now, &mut random, request, ticket)
    }

    pub fn post(&mut self, path: &str, token: &str, body: &Value) -> Response {
        self.send(&post(path, token, body))
    }

    pub fn get(&mut self, path: &str, token: &str) -> Response {
        self.send(&Request::new("GET", path).header("X-Access-Token", token))
    }

    pub fn create(&mut self) -> Keys {
        let response = self.post("/rooms", "", &json!({"hostUserName": "Ann"}));
        assert_eq!(response.status, 201, "{}", code(&response));
        let text = |field: &str| body(&response)[field].as_str().unwrap().to_owned();
        Keys { code: text("code"), join_code: text("joinCode"), host: text("ownerToken"), guest: String::new() }
    }

    pub fn join(&mut self, keys: &mut Keys) {
        let response = self.try_join(keys, &keys.join_code);
        keys.guest = body(&response)["guestToken"].as_str().unwrap().to_owned();
    }

    pub fn try_join(&mut self, keys: &Keys, join_code: &str) -> Response {
        self.post(&keys.path("/join"), "", &json!({"joinCode": join_code, "guestUserName": "Bob"}))
    }
}

impl Keys {
    pub fn path(&self, tail: &str) -> String {
        format!("/rooms/{}{tail}", self.code)
    }
}

pub fn post(path: &str, token: &str, body: &Value) -> Request {
    let request = Request::new("POST", path).header("X-Registry-Version", "1").body(body.to_string());
    if token.is_empty() { request } else { request.header("X-Access-Token", token) }
}

/// Checks that the OpenAPI document describes this response.
fn assert_described(response: &Response) {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(registry_core::openapi);
    let Some((method, path)) = response.event.route.split_once(' ') else { return };
    let operation = &DOCUMENT["paths"][path.replace(":code", "{code}")][method.to_ascii_lowercase()];
    let described = &operation["responses"][response.status.to_string()];
    assert!(described.is_object(), "{} answers {}", response.event.route, response.status);
    if let Some(code) = &response.event.error {
        let schema = &described["content"]["application/json"]["schema"];
        let codes = schema["allOf"][1]["properties"]["error"]["properties"]["code"]["enum"].as_array().unwrap();
        assert!(codes.contains(&code.as_str().into()), "{} answers {} {code:?}", response.event.route, response.status);
    }
}

/// The body of a response.
pub fn body(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap_or_default()
}

/// Status and error code of a response, for example `409 not_open`.
pub fn code(response: &Response) -> String {
    format!("{} {}", response.status, body(response)["error"]["code"].as_str().unwrap_or_default()).trim().to_owned()
}

pub fn description(kind: &str) -> Value {
    json!({"type": kind, "sdp": "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=application 9 x\r\n"})
}

pub fn candidate(n: usize) -> Value {
    json!({"candidate": format!("candidate:{n}"), "sdpMid": "0"})
}
