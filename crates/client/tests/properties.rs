//! Thousands of handshakes over networks as bad as they come. Every run comes from a seed, which a failure prints.
#![cfg(not(target_family = "wasm"))]

use std::time::Duration;

use proptest::prelude::*;
use registry_client::ConnectionState::{Connected, Disconnected, Error};
use registry_client::Settings;
use registry_client::testing::{Faults, Pair, PairConfig};

/// The longest that a handshake can take: a joined room's life, which a late offer renews, then a paired room's, then
/// the deadline of the connection, and the last requests.
const DEADLINE: Duration = Duration::from_secs(300 + 300 + 600 + 30 + 30);

fn faults() -> impl Strategy<Value = Faults> {
    let chance = || prop_oneof![Just(0.0), 0.0..0.4];
    (0_u64..3000, [chance(), chance(), chance(), chance(), chance(), chance()], prop::option::of(0_u64..120)).prop_map(
        |(delay, [lose_request, lose_answer, duplicate, too_many, internal_error, rubbish], until)| Faults {
            delay: Duration::from_millis(delay),
            lose_request,
            lose_answer,
            duplicate,
            too_many,
            internal_error,
            rubbish,
            until: until.map(Duration::from_secs),
        },
    )
}

/// Both are in a room over a sound network; then it turns bad, and both start, the second `pause` after the first.
fn handshake(seed: u64, faults: Faults, pause: Duration, host_first: bool) -> Pair {
    // Half of the Registries can let a request wait for news.
    let registry = registry_core::Config { extended: seed.is_multiple_of(2), ..registry_core::Config::default() };
    // What two connected clients ask of a Registry later, for their standby room, is not part of a handshake.
    let settings = Settings { reconnect_enabled: false, ..Settings::default() };
    let mut pair = Pair::new(PairConfig { seed, registry, settings, ..PairConfig::default() });
    pair.meet().expect("a sound network");
    *pair.network.faults.borrow_mut() = faults;
    let (first, second) = if host_first { (&pair.host, &pair.guest) } else { (&pair.guest, &pair.host) };
    let starting = first.start_connection();
    pair.world.run_for(pause);
    let both = futures::future::join(starting, second.start_connection());
    assert!(pair.world.block_on(DEADLINE, both).is_some(), "the handshake goes on for ever");
    pair
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_handshake_over_any_network_ends_in_connected_or_in_an_error_with_its_reason(
        seed: u64, faults in faults(), pause in 0_u64..100, host_first: bool,
    ) {
        let mut pair = handshake(seed, faults, Duration::from_secs(pause), host_first);
        for client in [&pair.host, &pair.guest] {
            match client.connection_state() {
                Connected => {}
                // Connected, and then lost at once: the other side gave up in the same moment.
                Disconnected | Error => prop_assert!(!client.errors().is_empty()),
                other => prop_assert!(false, "ended in {other}"),
            }
        }
        prop_assert_eq!(&*pair.ether.violations.borrow(), &Vec::<String>::new());
        let end = pair.world.elapsed() + Duration::from_secs(15);
        pair.world.run_for(Duration::from_secs(600));
        let late = pair.network.log().into_iter().filter(|exchange| exchange.at > end).count();
        prop_assert_eq!(late, 0, "requests after the end");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    /// The fake peers connect only when every candidate of the other side was applied, so this says that none is lost.
    #[test]
    fn over_a_sound_network_all_connect_within_the_limits_of_a_base_registry(
        seed: u64, delay in 0_u64..400, pause in 0_u64..160, host_first: bool,
    ) {
        let faults = Faults { delay: Duration::from_millis(delay), ..Faults::default() };
        let pair = handshake(seed, faults, Duration::from_secs(pause), host_first);
        prop_assert_eq!(pair.states(), (Connected, Connected));
        prop_assert_eq!(pair.network.refusals(429), 0);
    }

    /// Losses, refusals and repeats only delay, as long as they end well before the deadlines.
    #[test]
    fn a_network_that_recovers_loses_nothing(seed: u64, faults in faults(), host_first: bool) {
        let faults = Faults { until: Some(Duration::from_secs(12)), delay: faults.delay / 4, ..faults };
        let pair = handshake(seed, faults, Duration::ZERO, host_first);
        prop_assert_eq!(pair.states(), (Connected, Connected), "{:?}", pair.host.errors());
        prop_assert_eq!(&*pair.ether.violations.borrow(), &Vec::<String>::new());
    }
}

/// Posts that the Registry refused for the moment were counted as if it had taken them. After nineteen of either kind a
/// peer fell silent for the rest of the minute, and the connection timed out.
#[test]
fn posts_that_are_refused_for_the_moment_do_not_use_up_what_a_peer_may_post() {
    let faults = Faults {
        delay: Duration::from_millis(241) / 4,
        duplicate: 0.312_922_441_218_71,
        too_many: 0.172_884_446_063_134,
        internal_error: 0.267_193_839_349_337,
        rubbish: 0.089_442_537_263_824,
        until: Some(Duration::from_secs(12)),
        ..Faults::default()
    };
    let pair = handshake(13_040_201_779_749_764_721, faults, Duration::ZERO, true);
    assert_eq!(pair.states(), (Connected, Connected));
}
