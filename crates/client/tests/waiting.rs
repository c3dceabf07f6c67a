//! What a Registry that can wait for news makes of a handshake, and what is left where it cannot.
#![cfg(not(target_family = "wasm"))]

use std::rc::Rc;
use std::time::Duration;

use registry_client::ConnectionState::Connected;
use registry_client::Settings;
use registry_client::event::Event;
use registry_client::interfaces::places::WaitingPlaces;
use registry_client::testing::{CountedPlaces, Exchange, Faults, Pair, PairConfig};

const SECOND: Duration = Duration::from_secs(1);

fn with(extended: bool, poll_wait: Duration) -> Pair {
    let registry = registry_core::Config { extended, ..registry_core::Config::default() };
    let settings = Settings { poll_wait, ..Settings::default() };
    Pair::new(PairConfig { registry, settings, ..PairConfig::default() })
}

fn extended() -> Pair {
    with(true, Settings::default().poll_wait)
}

/// The polls that a client made at a base Registry.
fn reads<'a>(log: &'a [Exchange], client: &'a str) -> Vec<&'a str> {
    let reads = log.iter().filter(|exchange| exchange.client == client && exchange.method == "GET");
    let tails = reads.map(|exchange| exchange.path.get("/rooms/ACDEFGHJ".len()..).unwrap_or_default());
    tails.filter(|tail| !tail.starts_with("/public")).collect()
}

/// How many exchanges a client made.
fn exchanges(log: &[Exchange], client: &str) -> usize {
    log.iter().filter(|exchange| exchange.client == client && exchange.path == "/exchange").count()
}

#[test]
fn one_call_serves_the_whole_handshake_and_its_address_is_known_before() {
    let mut pair = extended();
    pair.meet().unwrap();
    pair.world.run_for(SECOND);
    let prepared = pair.network.log();
    assert_eq!((exchanges(&prepared, "host"), exchanges(&prepared, "guest")), (1, 1));
    assert_eq!(pair.connect(), (Connected, Connected));
    let handshake = pair.network.log().split_off(prepared.len());
    assert!(handshake.iter().all(|exchange| exchange.path == "/exchange"), "{handshake:?}");
    assert_eq!((pair.host.count("room:waiting"), pair.guest.count("room:waiting")), (1, 1));
    assert_eq!(pair.network.refusals(429), 0);
}

#[test]
fn where_nothing_is_to_be_permitted_the_first_exchange_is_of_the_handshake() {
    let faults = Faults { delay: Duration::from_millis(100), ..Faults::default() };
    for seed in 0..20 {
        let mut pair =
            Pair::new(PairConfig { seed, faults: faults.clone(), same_origin: true, ..PairConfig::default() });
        pair.meet().unwrap();
        pair.world.run_for(SECOND);
        let log = pair.network.log();
        assert_eq!((exchanges(&log, "host"), exchanges(&log, "guest")), (0, 0), "seed {seed}");
        let starting = pair.guest.start_connection();
        pair.world.run_for(SECOND);
        assert_eq!((exchanges(&pair.network.log(), "guest"), pair.network.waiting()), (1, 1), "seed {seed}");
        let both = futures::future::try_join(pair.host.start_connection(), starting);
        assert!(pair.world.block_on(SECOND * 10, both).unwrap().is_ok(), "seed {seed}");
    }
}

#[test]
fn a_host_that_waits_for_its_guest_at_its_own_origin_hears_of_it_at_once() {
    let mut pair = Pair::new(PairConfig { same_origin: true, ..PairConfig::default() });
    let room = pair.create().unwrap();
    let starting = pair.host.start_connection();
    pair.world.run_for(SECOND * 60);
    let asked = exchanges(&pair.network.log(), "host");
    assert!((4..=7).contains(&asked), "{asked}");
    pair.join(&room).unwrap();
    let begun = pair.world.elapsed();
    let both = futures::future::try_join(starting, pair.guest.start_connection());
    assert!(pair.world.block_on(SECOND * 5, both).unwrap().is_ok());
    assert!(pair.world.elapsed() - begun < SECOND, "{:?}", pair.world.elapsed() - begun);
}

#[test]
fn a_host_alone_asks_three_times_a_minute_and_hears_of_the_guest_at_once() {
    let mut pair = extended();
    let room = pair.create().unwrap();
    let _starting = pair.host.start_connection();
    pair.world.run_for(SECOND * 60);
    let asked = exchanges(&pair.network.log(), "host");
    assert!((4..=8).contains(&asked), "{asked}");
    pair.join(&room).unwrap();
    let begun = pair.world.elapsed();
    let starting = pair.guest.start_connection();
    assert!(pair.world.block_on(SECOND * 5, starting).unwrap().is_ok());
    assert!(pair.world.elapsed() - begun < SECOND, "{:?}", pair.world.elapsed() - begun);
}

#[test]
fn a_guest_that_starts_at_once_waits_for_the_offer_with_its_first_request() {
    let faults = Faults { delay: Duration::from_millis(100), ..Faults::default() };
    for seed in 0..20 {
        let mut pair = Pair::new(PairConfig { seed, faults: faults.clone(), ..PairConfig::default() });
        pair.meet().unwrap();
        let joined = pair.network.log().len();
        let _guest = pair.guest.start_connection();
        pair.world.run_for(SECOND * 2);
        // One that asks for permission, and one that waits.
        let asked = pair.network.log().split_off(joined);
        assert!(exchanges(&asked, "guest") <= 2, "seed {seed}: {asked:?}");
        assert_eq!(pair.network.waiting(), 1);
    }
}

#[test]
fn what_a_guest_has_read_before_it_starts_is_not_waited_for() {
    let mut pair = extended();
    let room = pair.create().unwrap();
    let starting = pair.host.start_connection();
    pair.world.run_for(SECOND);
    pair.join(&room).unwrap();
    pair.world.run_for(SECOND);
    let begun = pair.world.elapsed();
    let both = futures::future::try_join(starting, pair.guest.start_connection());
    assert!(pair.world.block_on(SECOND * 25, both).unwrap().is_ok());
    assert!(pair.world.elapsed() - begun < SECOND, "{:?}", pair.world.elapsed() - begun);
    assert_eq!(pair.states(), (Connected, Connected));
}

#[test]
fn a_request_that_waits_when_the_channel_opens_is_given_up() {
    let mut pair = extended();
    pair.meet().unwrap();
    assert_eq!(pair.connect(), (Connected, Connected));
    pair.world.run_for(Duration::from_millis(1));
    assert_eq!(pair.network.waiting(), 0);
    for client in [&pair.host, &pair.guest] {
        let events = client.trace().events();
        let open = |event: &Event| match event {
            Event::Request { .. } => 1,
            Event::Response { .. } | Event::RequestFailed { .. } | Event::RequestAborted { .. } => -1,
            _ => 0,
        };
        assert_eq!(events.iter().map(|entry| open(&entry.event)).sum::<i32>(), 0, "every request has an end");
    }
    assert!(pair.host.count("request:aborted") <= 1 && pair.host.count("request:failed") == 0);
}

#[test]
fn a_registry_without_exchanges_is_polled() {
    let mut pair = with(false, SECOND * 20);
    pair.meet().unwrap();
    assert_eq!(pair.connect(), (Connected, Connected));
    let log = pair.network.log();
    assert!(reads(&log, "host").contains(&"/candidates"));
    assert_eq!((exchanges(&log, "host"), pair.host.count("room:waiting")), (0, 0));
}

#[test]
fn without_long_polls_exchanges_are_repeated_at_intervals() {
    let mut pair = with(true, Duration::ZERO);
    pair.meet().unwrap();
    let starting = pair.host.start_connection();
    pair.world.run_for(SECOND * 10);
    assert!((8..20).contains(&exchanges(&pair.network.log(), "host")), "{}", exchanges(&pair.network.log(), "host"));
    let both = futures::future::try_join(starting, pair.guest.start_connection());
    assert!(pair.world.block_on(SECOND * 30, both).expect("it ends").is_ok());
    assert_eq!(pair.host.count("room:waiting"), 0);
    assert!(reads(&pair.network.log(), "host").is_empty());
}

/// Two clients that share so many places for calls that wait, and the places.
fn sharing(places: usize) -> (Pair, Rc<CountedPlaces>) {
    let places = Rc::new(CountedPlaces::new(places));
    (Pair::new(PairConfig { places: Some(Rc::clone(&places)), ..PairConfig::default() }), places)
}

#[test]
fn without_a_free_place_a_client_polls_at_intervals_and_waits_once_there_is_one() {
    let (mut pair, places) = sharing(1);
    pair.create().unwrap();
    let taken = pair.world.block_on(SECOND, places.take("registry:")).unwrap();
    let _starting = pair.host.start_connection();
    pair.world.run_for(SECOND * 10);
    let asked = exchanges(&pair.network.log(), "host");
    assert!((8..20).contains(&asked), "it neither spins nor waits: {asked}");
    assert_eq!(pair.network.waiting(), 0);
    drop(taken);
    pair.world.run_for(SECOND * 60);
    assert_eq!((pair.network.waiting(), places.free()), (1, 0));
    let waited = exchanges(&pair.network.log(), "host") - asked;
    assert!(waited <= 6, "{waited}");
}

#[test]
fn clients_without_a_place_connect_all_the_same_and_none_keeps_one() {
    for count in [0, 1, 2] {
        let (mut pair, places) = sharing(count);
        pair.meet().unwrap();
        let starting = pair.host.start_connection();
        pair.world.run_for(SECOND * 30);
        let both = futures::future::try_join(starting, pair.guest.start_connection());
        assert!(pair.world.block_on(SECOND * 5, both).expect("it ends").is_ok(), "{count} places");
        pair.world.run_for(SECOND);
        assert_eq!((pair.network.refusals(429), places.free()), (0, count));
    }
}

#[test]
fn an_answer_that_was_lost_is_asked_for_again() {
    for seed in 0..60 {
        let mut pair = Pair::new(PairConfig { seed, ..PairConfig::default() });
        pair.meet().unwrap();
        *pair.network.faults.borrow_mut() = Faults { lose_answer: 0.4, until: Some(SECOND * 5), ..Faults::default() };
        let begun = pair.world.elapsed();
        assert_eq!(pair.connect(), (Connected, Connected), "seed {seed}");
        let took = pair.world.elapsed() - begun;
        assert!(took < SECOND * 12, "seed {seed} took {took:?}: news waited for the end of a wait");
    }
}

#[test]
fn waiting_takes_less_time_than_polling_and_hardly_more_requests() {
    let run = |extended: bool| {
        let (mut requests, mut time) = (0, Duration::ZERO);
        for seed in 0..50 {
            let faults = Faults { delay: Duration::from_millis(40), ..Faults::default() };
            let registry = registry_core::Config { extended, ..registry_core::Config::default() };
            let mut pair = Pair::new(PairConfig { seed, faults, registry, ..PairConfig::default() });
            pair.meet().unwrap();
            let (begun, before) = (pair.world.elapsed(), pair.network.log().len());
            assert_eq!(pair.connect(), (Connected, Connected));
            time += pair.world.elapsed() - begun;
            requests += pair.network.log().len() - before;
        }
        (requests, time)
    };
    let ((polls, polling), (waits, waiting)) = (run(false), run(true));
    assert!(waits * 10 <= polls * 11 && waiting < polling, "{waits} requests in {waiting:?}, {polls} in {polling:?}");
}
