//! The pure function as a transport, on virtual time.
#![allow(dead_code)] // each test program uses its own part

use std::time::Duration;

use registry_conformance::{Failure, HttpRequest, HttpResponse, Options, Overlap, Transport};
use registry_core::{AllowedOrigins, Client, Config, Refusal, Registry, Reply, Request, Response, Submitted};

/// An allowed origin.
pub const ORIGIN: &str = "https://allowed.example";

/// An in-process Registry.
pub struct Pure {
    registry: Registry<()>,
    now: Duration,
    seed: u64,
}

impl Pure {
    pub fn new(config: Config) -> Self {
        let allowed_origins = AllowedOrigins::List(vec![ORIGIN.to_owned()]);
        Self { registry: Registry::new(Config { allowed_origins, ..config }), now: Duration::ZERO, seed: 1 }
    }
}

impl Pure {
    fn submit(&mut self, request: &HttpRequest) -> (Request, Submitted) {
        let headers = request.headers.iter();
        let request = Request::new(request.method, &request.path)
            .body(request.body.clone())
            .client(Client::of([192, 0, 2, 1].into()));
        let request = headers.fold(request, |request, (name, value)| request.header(*name, value));
        let seed = &mut self.seed;
        let mut random = |bytes: &mut [u8]| {
            for byte in bytes {
                *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                *byte = (*seed >> 56) as u8;
            }
        };
        let submitted =
            self.registry.submit(1_763_800_000_000 + self.now.as_millis() as u64, &mut random, &request, || ());
        (request, submitted)
    }

    fn response(&self, request: &Request, outcome: Result<Reply, Refusal>) -> HttpResponse {
        let Response { status, headers, body, .. } = self.registry.response(request, outcome);
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value));
        HttpResponse { status, headers: headers.collect(), body }
    }

    /// Advances time until a long poll is due.
    fn await_due(&mut self) -> Result<Reply, Refusal> {
        loop {
            if let Some(((), outcome)) = self.registry.take_due().pop() {
                return outcome;
            }
            self.advance(Duration::from_millis(10));
        }
    }

    fn advance(&mut self, time: Duration) {
        self.now += time;
        self.registry.tick(1_763_800_000_000 + self.now.as_millis() as u64);
    }
}

impl Transport for Pure {
    fn send(&mut self, request: &HttpRequest) -> Result<HttpResponse, Failure> {
        let (request, submitted) = self.submit(request);
        let outcome = match submitted {
            Submitted::Done(outcome) => outcome,
            Submitted::Pending { .. } => self.await_due(),
        };
        Ok(self.response(&request, outcome))
    }

    fn send_during_poll(
        &mut self,
        poll: &HttpRequest,
        pause: Duration,
        other: &HttpRequest,
    ) -> Result<Overlap, Failure> {
        let (request, submitted) = self.submit(poll);
        let answered = match submitted {
            Submitted::Done(outcome) => Some(outcome),
            Submitted::Pending { .. } => None,
        };
        self.advance(pause);
        let answered = answered.or_else(|| self.registry.take_due().pop().map(|((), outcome)| outcome));
        let early = answered.is_some();
        let (second, submitted) = self.submit(other);
        let Submitted::Done(outcome) = submitted else { return Err(Failure::new("the other request is pending too")) };
        let other = self.response(&second, outcome);
        let start = self.now;
        let answered = answered.unwrap_or_else(|| self.await_due());
        Ok(Overlap { poll: self.response(&request, answered), early, latency: self.now - start, other })
    }

    fn now(&self) -> Duration {
        self.now
    }

    fn wait(&mut self, time: Duration, _why: &str) {
        self.now += time;
    }
}

/// Options that check everything, with or without rate limits.
pub fn options(rate_limits: bool) -> Options {
    Options { rate_limits, lifetimes: true, origin: Some(ORIGIN.to_owned()) }
}
