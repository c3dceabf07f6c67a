//! Runs the cases against the pure function, on virtual time.

mod pure_transport;

use std::time::Duration;

use pure_transport::{Pure, options};
use registry_conformance::{Outcome, Transport, run};
use registry_core::Config;

fn check(config: Config, rate_limits: bool) -> Duration {
    let everything = rate_limits && config.extended;
    let mut pure = Pure::new(config);
    let report = run(&mut pure, &options(rate_limits), &mut |row| println!("{row}"));
    let failures: Vec<_> = report.failures().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "{report}\n{}", failures.join("\n"));
    assert!(report.passed() > 150, "{report}");
    assert!(!everything || report.rows.iter().all(|row| row.outcome == Outcome::Passed), "{report}");
    pure.now()
}

#[test]
fn an_extended_registry_conforms() {
    let took = check(Config::default(), true);
    println!("{} virtual minutes", took.as_secs() / 60);
}

#[test]
fn a_base_registry_conforms() {
    check(Config { extended: false, ..Config::default() }, true);
}

#[test]
fn a_registry_without_rate_limits_conforms() {
    check(Config::default().unlimited(), false);
}
