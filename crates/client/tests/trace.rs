//! The trace over a reload of the page, and what comes since an event.

use std::time::Duration;

use registry_client::testing::Pair;
use registry_client::{Trace, TraceEvent};

#[test]
fn an_earlier_trace_is_put_before_the_new_one_and_numbers_go_on() {
    let pair = Pair::connected();
    let earlier: Vec<TraceEvent> = pair.host.trace().events().iter().map(|entry| (**entry).clone()).collect();
    let (count, last) = (earlier.len(), earlier.last().unwrap().clone());

    let mut next = Pair::new(registry_client::testing::PairConfig::default());
    next.world.run_for(Duration::from_secs(5));
    next.host.trace().restore(earlier.clone());
    assert_eq!(next.host.trace().restored(), last.seq);
    next.meet().unwrap();
    let events = next.host.trace().events();
    let numbers: Vec<_> = events.iter().map(|entry| entry.seq).collect();
    assert_eq!(numbers, (1..=events.len() as u64).collect::<Vec<_>>());
    assert_eq!(events[count - 1].event, last.event);
    let offsets = events[..count].iter().map(|entry| entry.epoch_ms - entry.at_ms);
    let new = events[count].epoch_ms - events[count].at_ms;
    assert!(offsets.into_iter().all(|offset| (offset - new).abs() < 1e-3), "one clock for all");
    assert_eq!(next.host.trace().since(last.seq).len(), events.len() - count);

    next.host.trace().restore(earlier);
    assert_eq!(next.host.trace().events().len(), events.len(), "too late");
}

#[test]
fn nothing_is_restored_from_nothing() {
    let pair = Pair::new(registry_client::testing::PairConfig::default());
    let trace: &Trace = pair.host.trace();
    trace.restore(Vec::new());
    assert_eq!((trace.restored(), trace.events().len()), (0, 0));
}
