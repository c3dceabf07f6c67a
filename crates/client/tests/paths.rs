//! Which candidates carry a connection, for as long as it lasts.
#![cfg(not(target_family = "wasm"))]

use std::time::Duration;

use registry_client::event::Event;
use registry_client::testing::Pair;
use registry_client::{ConnectionState, WebRtcRegistryClient};

const SECOND: Duration = Duration::from_secs(1);

/// The pairs that a client has told of: whether through a relay, and the port.
fn pairs(client: &WebRtcRegistryClient) -> Vec<(bool, u16)> {
    let pair = |event: &Event| match event {
        Event::SelectedPair(pair) => Some((pair.relayed(), pair.local.port)),
        _ => None,
    };
    client.trace().events().iter().filter_map(|entry| pair(&entry.event)).collect()
}

#[test]
fn a_connection_that_moves_to_other_candidates_is_seen_to_move() {
    for announced in [true, false] {
        let mut pair = Pair::new(Default::default());
        pair.ether.announces_pairs.set(announced);
        pair.ether.select("relay", 5000);
        pair.meet().unwrap();
        assert_eq!(pair.connect(), (ConnectionState::Connected, ConnectionState::Connected));
        pair.world.run_for(SECOND * 20);
        pair.ether.select("host", 6000);
        pair.world.run_for(if announced { SECOND / 100 } else { SECOND * 6 });
        for client in [&pair.host, &pair.guest] {
            assert_eq!(pairs(client), [(true, 5000), (false, 6000)], "announced: {announced}");
        }
        pair.world.run_for(SECOND * 60);
        assert_eq!(pairs(&pair.host).len(), 2, "what stays the same is not told again");
    }
}

#[test]
fn a_browser_that_says_so_itself_is_not_asked_on_and_on() {
    let mut pair = Pair::new(Default::default());
    pair.ether.announces_pairs.set(true);
    pair.meet().unwrap();
    pair.connect();
    pair.world.run_for(SECOND);
    let asked = pair.ether.pair_asked.get();
    pair.world.run_for(SECOND * 100);
    assert_eq!((pair.ether.pair_asked.get(), pairs(&pair.host).len()), (asked, 1));
}

#[test]
fn nobody_is_asked_when_there_is_no_connection() {
    let mut pair = Pair::connected();
    pair.world.run_for(SECOND * 12);
    let closing = futures::future::join(pair.host.close_room(), pair.guest.close_room());
    pair.world.block_on(SECOND, closing).unwrap();
    let asked = pair.ether.pair_asked.get();
    pair.world.run_for(SECOND * 30);
    assert_eq!((pair.ether.pair_asked.get(), pair.world.leftovers()), (asked, (0, 0)));
}

#[test]
fn after_a_loss_the_new_path_is_told() {
    let mut pair = Pair::connected();
    pair.world.run_for(SECOND * 5);
    pair.ether.select("relay", 7000);
    pair.host.cut();
    let (host, guest) = (pair.host.clone(), pair.guest.clone());
    let back = |client: &WebRtcRegistryClient| client.connection_state() == ConnectionState::Connected;
    assert!(pair.world.run_until(SECOND * 30, || back(&host) && back(&guest)));
    pair.world.settle();
    for client in [&host, &guest] {
        assert_eq!(pairs(client).last(), Some(&(true, 7000)));
    }
}
