//! At our Registry two peers meet again in the room in which they have met, as often as they like.
#![cfg(not(target_family = "wasm"))]

use std::time::Duration;

use futures::future::{join, join_all};
use registry_client::ConnectionState::Connected;
use registry_client::testing::{Exchange, Pair, PairConfig};
use registry_client::{RoomLife, WebRtcRegistryClient};

const SECOND: Duration = Duration::from_secs(1);
const MS: Duration = Duration::from_millis(1);

fn asked(pair: &Pair, path: &str) -> Vec<Exchange> {
    pair.network.log().into_iter().filter(|one| one.path.ends_with(path)).collect()
}

/// Lets time pass until both are connected; returns how long that took.
fn until_connected(pair: &mut Pair) -> Duration {
    let (host, guest, begun) = (pair.host.clone(), pair.guest.clone(), pair.world.elapsed());
    let both = || host.connection_state() == Connected && guest.connection_state() == Connected;
    assert!(pair.world.run_until(SECOND * 60, both), "{:?}", pair.states());
    pair.world.elapsed() - begun
}

#[test]
fn a_reload_in_the_first_moment_comes_back() {
    for host in [true, false] {
        for seed in 0..20 {
            let mut pair = Pair::new(PairConfig { seed, ..PairConfig::default() });
            pair.meet().unwrap();
            assert_eq!(pair.connect(), (Connected, Connected));
            // The greetings are exchanged.
            let client = if host { pair.host.clone() } else { pair.guest.clone() };
            assert!(pair.world.run_until(SECOND, || client.count("peer:durable") == 1));
            pair.reload(host);
            let client = if host { pair.host.clone() } else { pair.guest.clone() };
            let resumed = pair.world.block_on(SECOND * 10, client.resume().expect("it was saved")).expect("it ends");
            assert_eq!(resumed, Ok(()), "seed {seed}, host: {host}");
            until_connected(&mut pair);
        }
    }
}

#[test]
fn no_other_room_is_made_however_often_the_connection_is_lost() {
    let mut pair = Pair::connected();
    for round in 0..30 {
        pair.world.run_for(SECOND * 6);
        if round % 2 == 0 {
            pair.host.cut()
        } else {
            pair.guest.cut()
        }
        assert!(until_connected(&mut pair) < SECOND * 3, "round {round}");
    }
    assert_eq!((asked(&pair, "/rooms").len(), asked(&pair, "/join").len()), (1, 1));
    assert_eq!((pair.network.refusals(429), pair.network.refusals(409)), (0, 0));
    let both = join(pair.host.close_room(), pair.guest.close_room());
    pair.world.block_on(SECOND * 10, both).expect("they close");
    assert_eq!((pair.network.live_rooms(), asked(&pair, "/close").len()), (0, 1));
}

#[test]
fn both_reload_again_and_again_and_at_the_same_time() {
    for seed in 0..20 {
        let mut pair = Pair::new(PairConfig { seed, ..PairConfig::default() });
        pair.meet().unwrap();
        assert_eq!(pair.connect(), (Connected, Connected));
        for round in 0..6 {
            pair.world.run_for(SECOND);
            let mut resumed = Vec::new();
            for host in [true, false] {
                if round % 3 == 0 || host == (round % 3 == 1) {
                    pair.reload(host);
                    let client = if host { &pair.host } else { &pair.guest };
                    resumed.extend(client.resume());
                }
            }
            let resumed = pair.world.block_on(SECOND * 40, join_all(resumed)).expect("they end");
            assert!(resumed.iter().all(Result::is_ok), "seed {seed}, round {round}: {resumed:?}");
            until_connected(&mut pair);
        }
    }
}

/// The guest's answer to an offer of the host's earlier life may arrive after the host has posted another.
#[test]
fn a_host_that_reloads_while_its_guest_answers_offers_anew_and_the_registry_refuses_nothing() {
    for delay in [MS * 50, MS * 100, MS * 300] {
        for seed in 0..60 {
            let faults = registry_client::testing::Faults { delay, ..Default::default() };
            let mut pair = Pair::new(PairConfig { seed, faults, ..PairConfig::default() });
            pair.meet().unwrap();
            assert_eq!(pair.connect(), (Connected, Connected));
            pair.world.run_for(SECOND);
            pair.reload(false);
            let guest = pair.guest.resume().expect("it was saved");
            pair.world.run_for(delay * (seed as u32 % 20) / 4);
            pair.reload(true);
            let host = pair.host.resume().expect("it was saved");
            let resumed = pair.world.block_on(SECOND * 40, join(host, guest)).expect("they end");
            assert_eq!(resumed, (Ok(()), Ok(())), "seed {seed}, delay {delay:?}");
            until_connected(&mut pair);
            assert_eq!(pair.network.refusals(409), 0, "seed {seed}, delay {delay:?}");
        }
    }
}

#[test]
fn the_room_lives_for_as_long_as_the_connection_and_hardly_anything_is_asked_for_that() {
    let mut pair = Pair::connected();
    pair.world.run_for(SECOND);
    let before = pair.network.log().len();
    pair.world.run_for(SECOND * 3600);
    let asked = pair.network.log().len() - before;
    assert!((12..=40).contains(&asked), "{asked} requests in an hour");
    pair.host.cut();
    assert!(until_connected(&mut pair) < SECOND * 3);
}

/// The room's expiry is first learned when the answer is posted, which may be after the channel has opened.
#[test]
fn the_rooms_life_is_shown_as_the_registry_says() {
    for seed in 0..50 {
        let faults = registry_client::testing::Faults { delay: MS * 300, ..Default::default() };
        let mut pair = Pair::new(PairConfig { seed, faults, ..PairConfig::default() });
        pair.meet().unwrap();
        assert_eq!(pair.connect(), (Connected, Connected));
        pair.world.run_for(SECOND * 5);
        for client in [&pair.host, &pair.guest] {
            let left = match client.room_life() {
                RoomLife::Until(due) => due.saturating_sub(pair.world.elapsed()),
                RoomLife::Unknown | RoomLife::Over => continue,
            };
            assert!(left > SECOND * 585, "seed {seed}: {left:?}");
        }
    }
}

#[test]
fn a_room_that_the_registry_has_lost_is_replaced_by_another() {
    let mut pair = Pair::connected();
    pair.world.run_for(SECOND);
    pair.network.restart(registry_core::Config::default());
    pair.world.run_for(SECOND * 620);
    let made = asked(&pair, "/rooms").len();
    assert!((2..=5).contains(&made), "it is replaced for as long as nobody needs it: {made}");
    for _ in 0..3 {
        pair.guest.cut();
        assert!(until_connected(&mut pair) < SECOND * 3);
        pair.world.run_for(SECOND * 2);
    }
    assert_eq!(asked(&pair, "/rooms").len(), made, "from then on they have one that lasts");
    let both = join(pair.host.close_room(), pair.guest.close_room());
    pair.world.block_on(SECOND * 10, both).expect("they close");
    assert_eq!(pair.network.live_rooms(), 0);
}

/// A base Registry, where each loss costs another room, admits five rooms a minute from one address.
#[test]
fn twenty_pairs_behind_one_address_each_cut_once_a_minute_all_come_back() {
    let mut pair = Pair::connected();
    let mut pairs = vec![[pair.host.clone(), pair.guest.clone()]];
    while pairs.len() < 20 {
        // No more rooms a minute than one address may make.
        pair.world.run_for(SECOND * 13);
        let [host, guest] = pair.two_more();
        let room = pair.world.block_on(SECOND * 30, host.create_room("Host")).expect("it ends").unwrap();
        let join_code = room.join_code.as_ref().unwrap().as_str();
        let joined = guest.join_room(room.code.as_str(), join_code, "Guest");
        pair.world.block_on(SECOND * 30, joined).expect("it ends").unwrap();
        let both = join(host.start_connection(), guest.start_connection());
        let (host_ok, guest_ok) = pair.world.block_on(SECOND * 30, both).expect("they end");
        assert_eq!((host_ok, guest_ok), (Ok(()), Ok(())));
        pairs.push([host, guest]);
    }
    let connected = |pairs: &[[WebRtcRegistryClient; 2]]| {
        pairs.iter().flatten().filter(|client| client.connection_state() == Connected).count()
    };
    for minute in 0..10 {
        for (n, [host, guest]) in pairs.iter().enumerate() {
            pair.world.run_for(MS * 100);
            if (n + minute) % 2 == 0 { host.cut() } else { guest.cut() }
        }
        pair.world.run_for(SECOND * 58);
        assert_eq!(connected(&pairs), 40, "minute {minute}");
    }
    assert_eq!((asked(&pair, "/rooms").len(), pair.network.refusals(429)), (20, 0));
}
