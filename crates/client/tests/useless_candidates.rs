//! A device with many network adapters offers many candidates that nobody can reach; they must not hold up the others.
#![cfg(not(target_family = "wasm"))]

use std::time::Duration;

use registry_client::ConnectionState::Connected;
use registry_client::event::{CandidateStep, Event};
use registry_client::testing::{Faults, Pair, PairConfig};

const SECOND: Duration = Duration::from_secs(1);

/// Two clients in a room, each request and response of which takes up to 100 ms each way.
fn met(extended: bool, seed: u64) -> Pair {
    let registry = registry_core::Config { extended, ..registry_core::Config::default() };
    let faults = Faults { delay: SECOND / 10, ..Faults::default() };
    let mut pair = Pair::new(PairConfig { seed, faults, registry, ..PairConfig::default() });
    pair.ether.most_candidates.set(3);
    pair.meet().unwrap();
    pair
}

/// Starts both, with so many useless candidates before the useful ones of host and guest. Returns whether they connect in
/// time.
fn connects(pair: &mut Pair, useless: [usize; 2], within: Duration) -> bool {
    pair.ether.useless_candidates.set(useless[0]);
    let host = pair.host.start_connection();
    pair.ether.useless_candidates.set(useless[1]);
    let both = futures::future::try_join(host, pair.guest.start_connection());
    let in_time = pair.world.block_on(within, both).is_some_and(|outcome| outcome.is_ok());
    in_time && pair.states() == (Connected, Connected)
}

#[test]
fn twenty_useless_candidates_hold_up_nothing_for_long() {
    for (extended, within) in [(false, 10 * SECOND), (true, 5 * SECOND)] {
        for useless in [[20, 0], [0, 20], [20, 20]] {
            for seed in 0..20 {
                let mut pair = met(extended, seed);
                assert!(connects(&mut pair, useless, within), "extended {extended}, useless {useless:?}, seed {seed}");
                assert_eq!(pair.network.refusals(429), 0, "useless {useless:?}, seed {seed}");
            }
        }
    }
}

#[test]
fn where_only_so_many_are_taken_the_first_are_not_lost_with_the_rest() {
    for (extended, within) in [(false, 150 * SECOND), (true, 5 * SECOND)] {
        let mut pair = met(extended, 1);
        pair.ether.most_candidates.set(1);
        assert!(!connects(&mut pair, [45, 0], within), "the useful one is the last of 46");
        let posted = |event: &Event| matches!(event, Event::LocalCandidate { step: CandidateStep::Posted, .. });
        let events = pair.host.trace().events();
        let count = events.iter().filter(|entry| posted(&entry.event)).count();
        assert!(if extended { count == 40 } else { (26..=40).contains(&count) }, "extended {extended}: {count}");
    }
}
