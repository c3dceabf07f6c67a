//! The pure function as a transport, on virtual time.
#![allow(dead_code)] // each test program uses its own part

use std::time::Duration;

use registry::{AllowedOrigins, Config, Registry, Request};
use registry_conformance::{Answer, Ask, Failure, Options, Transport};

/// An origin that is let in.
pub const ORIGIN: &str = "https://let-in.example";

/// A Registry in process.
pub struct Pure {
    registry: Registry,
    now: Duration,
    seed: u64,
}

impl Pure {
    pub fn new(config: Config) -> Self {
        let allowed_origins = AllowedOrigins::List(vec![ORIGIN.to_owned()]);
        Self { registry: Registry::new(Config { allowed_origins, ..config }), now: Duration::ZERO, seed: 1 }
    }
}

impl Transport for Pure {
    fn send(&mut self, ask: &Ask) -> Result<Answer, Failure> {
        let request = ask.headers.iter().fold(Request::new(ask.method, &ask.path), |r, (n, v)| r.header(*n, v));
        let seed = &mut self.seed;
        let mut random = |bytes: &mut [u8]| {
            for byte in bytes {
                *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                *byte = (*seed >> 56) as u8;
            }
        };
        let now = 1_763_800_000_000 + self.now.as_millis() as u64;
        let response = self.registry.handle(now, &mut random, &request.body(ask.body.clone()).client("192.0.2.1"));
        let headers = response.headers.into_iter().map(|(name, value)| (name.to_owned(), value));
        Ok(Answer { status: response.status, headers: headers.collect(), body: response.body })
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
