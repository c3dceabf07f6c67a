//! The pure function as a transport, on virtual time.
#![allow(dead_code)] // each test program uses its own part

use std::time::Duration;

use registry::{AllowedOrigins, Config, Refusal, Registry, Reply, Request, Response, Submitted};
use registry_conformance::{Answer, Ask, Failure, Meanwhile, Options, Transport};

/// An origin that is let in.
pub const ORIGIN: &str = "https://let-in.example";

/// A Registry in process.
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
    fn submit(&mut self, ask: &Ask) -> (Request, Submitted) {
        let request = ask.headers.iter().fold(Request::new(ask.method, &ask.path), |r, (n, v)| r.header(*n, v));
        let request = request.body(ask.body.clone()).client("192.0.2.1");
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

    fn dress(&self, request: &Request, outcome: Result<Reply, Refusal>) -> Answer {
        let Response { status, headers, body, .. } = self.registry.dress(request, outcome);
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value));
        Answer { status, headers: headers.collect(), body }
    }

    /// Lets time pass until the request that waits is answered.
    fn await_due(&mut self) -> Result<Reply, Refusal> {
        loop {
            if let Some(((), outcome)) = self.registry.take_due().pop() {
                return outcome;
            }
            self.pass(Duration::from_millis(10));
        }
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
        self.registry.tick(1_763_800_000_000 + self.now.as_millis() as u64);
    }
}

impl Transport for Pure {
    fn send(&mut self, ask: &Ask) -> Result<Answer, Failure> {
        let (request, submitted) = self.submit(ask);
        let outcome = match submitted {
            Submitted::Done(outcome) => outcome,
            Submitted::Waits { .. } => self.await_due(),
        };
        Ok(self.dress(&request, outcome))
    }

    fn send_meanwhile(&mut self, waiting: &Ask, pause: Duration, then: &Ask) -> Result<Meanwhile, Failure> {
        let (request, submitted) = self.submit(waiting);
        let answered = match submitted {
            Submitted::Done(outcome) => Some(outcome),
            Submitted::Waits { .. } => None,
        };
        self.pass(pause);
        let answered = answered.or_else(|| self.registry.take_due().pop().map(|((), outcome)| outcome));
        let early = answered.is_some();
        let (other, submitted) = self.submit(then);
        let Submitted::Done(outcome) = submitted else { return Err(Failure::new("the other request waits too")) };
        let then = self.dress(&other, outcome);
        let begun = self.now;
        let answered = answered.unwrap_or_else(|| self.await_due());
        Ok(Meanwhile { waiting: self.dress(&request, answered), early, after: self.now - begun, then })
    }

    fn now(&self) -> Duration {
        self.now
    }

    fn wait(&mut self, time: Duration, _why: &str) {
        self.now += time;
    }
}

/// Everything is checked, with or without rate limits.
pub fn options(rate_limits: bool) -> Options {
    Options { rate_limits, lifetimes: true, origin: Some(ORIGIN.to_owned()) }
}
