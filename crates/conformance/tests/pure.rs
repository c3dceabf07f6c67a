//! The cases against the pure function, on virtual time.

use std::time::Duration;

use registry::{AllowedOrigins, Config, Registry, Request};
use registry_conformance::{Answer, Ask, Failure, Options, Outcome, Transport, run};

const ORIGIN: &str = "https://let-in.example";

struct Pure {
    registry: Registry,
    now: Duration,
    seed: u64,
}

impl Pure {
    fn new(config: Config) -> Self {
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

fn check(config: Config, rate_limits: bool) -> Duration {
    let mut pure = Pure::new(config);
    let options = Options { rate_limits, lifetimes: true, origin: Some(ORIGIN.to_owned()) };
    let report = run(&mut pure, &options, &mut |row| println!("{row}"));
    let failures: Vec<_> = report.failures().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "{report}\n{}", failures.join("\n"));
    assert!(report.passed() > 150, "{report}");
    assert!(!rate_limits || report.rows.iter().all(|row| row.outcome == Outcome::Passed), "{report}");
    pure.now
}

#[test]
fn the_base_contract_is_kept() {
    let took = check(Config::default(), true);
    println!("{} virtual minutes", took.as_secs() / 60);
}

#[test]
fn it_is_kept_without_rate_limits_too() {
    check(Config { rates: None, ..Config::default() }, false);
}
