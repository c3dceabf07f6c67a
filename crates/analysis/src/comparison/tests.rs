use std::time::Duration;

use registry_client::testing::{Pair, PairConfig};

use super::*;

fn connected(seed: u64) -> Pair {
    let mut pair = Pair::new(PairConfig { seed, ..PairConfig::default() });
    pair.meet().unwrap();
    pair.connect();
    pair.world.run_for(Duration::from_secs(1));
    pair
}

fn host(pair: &Pair) -> Track {
    Track::new(pair.host.trace().events())
}

#[test]
fn two_handshakes_that_go_alike_have_no_difference() {
    let (left, right) = (connected(1), connected(2));
    let comparison = compare(&host(&left), &host(&right));
    assert_eq!((&comparison.first, comparison.others.len()), (&None, 0));
    assert!(comparison.same > 10, "{comparison:?}");
}

#[test]
fn a_trace_is_told_from_its_beginning() {
    let whole = host(&connected(1));
    let opened = whole.events.iter().position(|entry| entry.event.name() == "datachannel:open").unwrap();
    let cut = Track::new(whole.events[..opened].to_vec());
    let first = compare(&whole, &cut).first.unwrap();
    assert_eq!((first.left.as_ref().map(|place| place.seq), &first.right), (Some(whole.events[opened].seq), &None));
    assert_eq!((first.strand, first.after.is_some()), (Strand::Channel, false));
}

#[test]
fn the_first_difference_comes_before_its_consequences() {
    let good = host(&connected(1));
    let mut pair = Pair::new(PairConfig { seed: 1, ..PairConfig::default() });
    pair.meet().unwrap();
    let _started = pair.host.start_connection();
    pair.world.run_for(Duration::from_secs(60));
    let closed = pair.guest.close_room();
    pair.world.block_on(Duration::from_secs(5), closed).unwrap();
    let first = compare(&good, &host(&pair)).first.unwrap();
    assert!(matches!(first.strand, Strand::Room | Strand::Descriptions), "{first:?}");
    assert!(first.left.is_some());
}

#[test]
fn surroundings_are_told_apart() {
    let of = |user_agent: &str, relay_only| {
        let environment = registry_client::types::environment::Environment {
            user_agent: user_agent.into(),
            relay_only,
            ..Default::default()
        };
        let event = Event::Environment(Box::new(environment));
        Track::new(vec![std::rc::Rc::new(TraceEvent { seq: 1, at_ms: 0.0, epoch_ms: 0.0, event })])
    };
    let told = compare(&of("Firefox", false), &of("Chromium", true)).surroundings;
    let expected = [("browser", "Firefox", "Chromium"), ("relay only", "no", "yes")];
    assert_eq!(told.iter().map(|t| (t.what, &*t.left, &*t.right)).collect::<Vec<_>>(), expected);
}
