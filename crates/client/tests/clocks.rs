//! Devices whose clocks are wrong: what expires when, by the Registry's clock.
#![cfg(not(target_family = "wasm"))]

use std::time::Duration;

use registry_client::ConnectionState::{Connected, Created};
use registry_client::testing::{Pair, PairConfig};

const SECOND: Duration = Duration::from_secs(1);
const TEN_MINUTES_MS: f64 = 600_000.0;

/// Both devices are so many milliseconds ahead.
fn ahead(ms: f64) -> Pair {
    let pair = Pair::new(PairConfig::default());
    pair.devices.iter().for_each(|device| device.ahead_ms.set(ms));
    pair
}

#[test]
fn a_host_is_told_of_the_end_of_its_room_when_it_ends_and_not_before() {
    for ms in [-TEN_MINUTES_MS, 0.0, TEN_MINUTES_MS] {
        let mut pair = ahead(ms);
        pair.create().unwrap();
        pair.world.run_for(SECOND * 179);
        let asked = pair.network.log().iter().filter(|exchange| exchange.method == "GET").count();
        assert_eq!((asked, pair.host.errors().len()), (0, 0), "{ms} ms ahead");
        pair.world.run_for(SECOND * 5);
        assert_eq!(
            pair.host.errors().last().map(|error| error.kind.code().to_owned()).as_deref(),
            Some("room_expired")
        );
        assert_eq!(pair.host.connection_state(), Created);
    }
}

#[test]
fn a_room_that_the_host_closes_has_not_expired() {
    for ms in [-TEN_MINUTES_MS, TEN_MINUTES_MS] {
        let mut pair = ahead(ms);
        pair.meet().unwrap();
        let starting = pair.guest.start_connection();
        pair.world.run_for(SECOND * 5);
        drop(pair.host.close_room());
        let error = pair.world.block_on(SECOND * 30, starting).unwrap().unwrap_err();
        assert_eq!(error.kind.code(), "not_found", "{ms} ms ahead");
    }
}

#[test]
fn a_reload_goes_on_whatever_time_the_device_believes_it_is() {
    for ms in [-TEN_MINUTES_MS, TEN_MINUTES_MS] {
        for host in [true, false] {
            let mut pair = ahead(ms);
            pair.meet().unwrap();
            assert_eq!(pair.connect(), (Connected, Connected));
            pair.world.run_for(SECOND * 5);
            pair.reload(host);
            let client = if host { pair.host.clone() } else { pair.guest.clone() };
            let resumed = pair.world.block_on(SECOND * 30, client.resume().expect("it was saved"));
            assert_eq!(resumed.expect("it ends"), Ok(()), "{ms} ms ahead, host: {host}");
        }
    }
}

#[test]
fn a_page_that_comes_back_too_late_is_told_soon() {
    for host in [true, false] {
        let mut pair = ahead(0.0);
        pair.meet().unwrap();
        assert_eq!(pair.connect(), (Connected, Connected));
        pair.world.run_for(SECOND * 5);
        pair.reload(host);
        pair.world.run_for(SECOND * 450);
        let client = if host { pair.host.clone() } else { pair.guest.clone() };
        let begun = pair.world.elapsed();
        let resumed = pair.world.block_on(SECOND * 3000, client.resume().expect("it was saved"));
        println!("host {host}: {:?} after {:?}", resumed, pair.world.elapsed() - begun);
        for e in client.trace().events() { println!("{:.0} {} {}", e.at_ms, e.event.name(), e.event.details()); }
    }
    panic!();
}
