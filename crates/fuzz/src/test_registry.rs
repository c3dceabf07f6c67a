use registry_core::{Config, Refusal, Registry, Reply, Request, Response, Submitted};
use serde_json::Value;

use crate::check;

/// A Registry with its own clock and random source. Every response is checked.
pub(crate) struct TestRegistry<T> {
    pub(crate) registry: Registry<T>,
    pub(crate) now: u64,
    seed: u64,
}

impl<T> TestRegistry<T> {
    pub(crate) fn new(config: Config) -> Self {
        Self { registry: Registry::new(config), now: 1_763_800_000_000, seed: 1 }
    }

    pub(crate) fn submit(&mut self, request: &Request, ticket: impl FnOnce() -> T) -> Submitted {
        let seed = &mut self.seed;
        let mut random = |bytes: &mut [u8]| {
            for byte in bytes {
                *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                *byte = (*seed >> 56) as u8;
            }
        };
        self.registry.submit(self.now, &mut random, request, ticket)
    }

    pub(crate) fn response(&self, request: &Request, outcome: Result<Reply, Refusal>) -> Response {
        let response = self.registry.response(request, outcome);
        check::well_formed(request, &response);
        response
    }

    /// The response to a request that is not a pending long poll.
    pub(crate) fn send(&mut self, request: &Request) -> Response {
        match self.submit(request, || unreachable!("not a long poll")) {
            Submitted::Done(outcome) => self.response(request, outcome),
            Submitted::Pending { .. } => unreachable!("it would have taken a ticket"),
        }
    }
}

/// A `POST` that follows the contract.
pub(crate) fn post(path: impl Into<String>, body: &Value) -> Request {
    Request::new("POST", path).header("X-Registry-Version", "1").body(body.to_string())
}

/// The value of a string field of a response.
pub(crate) fn text(response: &Response, field: &str) -> String {
    let body: Value = serde_json::from_slice(&response.body).expect("a JSON body");
    body[field].as_str().expect("a string").to_owned()
}
