use registry::{Config, Refusal, Registry, Reply, Request, Response, Submitted};
use serde_json::Value;

use crate::check;

/// A Registry on a clock and a random source of its own. Every response that it gives is checked.
pub(crate) struct Place<T> {
    pub(crate) registry: Registry<T>,
    pub(crate) now: u64,
    seed: u64,
}

impl<T> Place<T> {
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

    pub(crate) fn dress(&self, request: &Request, outcome: Result<Reply, Refusal>) -> Response {
        let response = self.registry.dress(request, outcome);
        check::well_formed(request, &response);
        response
    }

    /// The response to a request that does not wait.
    pub(crate) fn ask(&mut self, request: &Request) -> Response {
        match self.submit(request, || unreachable!("this request does not wait")) {
            Submitted::Done(outcome) => self.dress(request, outcome),
            Submitted::Waits { .. } => unreachable!("it would have had a ticket"),
        }
    }
}

/// A `POST` as the contract wants it.
pub(crate) fn post(path: impl Into<String>, body: &Value) -> Request {
    Request::new("POST", path).header("X-Registry-Version", "1").body(body.to_string())
}

/// The text in a field of a response.
pub(crate) fn text(response: &Response, field: &str) -> String {
    let body: Value = serde_json::from_slice(&response.body).expect("a body of JSON");
    body[field].as_str().expect("a text").to_owned()
}
