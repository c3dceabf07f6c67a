//! `closeRoom` delivers what was accepted before.

use std::time::Duration;

use registry_client::ConnectionState::{Connected, Disconnected, Idle};
use registry_client::Settings;
use registry_client::testing::PairConfig;
use serde_json::json;

use super::talk::Talk;
use super::{SECOND, durable, with};

fn large(n: usize) -> serde_json::Value {
    json!({"n": n, "large": "x".repeat(64 * 1024)})
}

#[test]
fn what_was_accepted_before_the_room_is_closed_is_delivered() {
    for host_closes in [true, false] {
        let mut talk = with(Settings { max_buffer_size: 1000, ..Settings::default() });
        for n in 0..100 {
            if host_closes { talk.host_sends(large(n)) } else { talk.guest_sends(large(n)) }.unwrap();
        }
        let (closes, other) = talk.sides(host_closes);
        talk.pair.world.block_on(SECOND * 6, closes.close_room()).expect("it ends");
        assert_eq!(closes.connection_state(), Idle);
        talk.pair.world.run_for(SECOND);
        talk.expect_all();
        talk.expect_one_fate_each();
        assert_eq!(closes.count("message:undelivered"), 0);
        assert_eq!((other.connection_state(), other.errors().last().unwrap().kind.code()), (Disconnected, "peer_left"));
    }
}

#[test]
fn what_only_a_plain_peer_hears_goes_out_too() {
    let mut talk = Talk::plain(PairConfig::default());
    talk.pair.world.run_for(SECOND * 3);
    for n in 0..100 {
        talk.host_sends(large(n)).unwrap();
    }
    let host = talk.pair.host.clone();
    talk.pair.world.block_on(SECOND * 6, host.close_room()).expect("it ends");
    talk.pair.world.run_for(SECOND);
    talk.expect_all();
    assert_eq!(host.count("message:undelivered"), 0);
}

#[test]
fn a_room_with_nothing_to_deliver_closes_at_once() {
    let mut talk = durable();
    talk.both_say(3);
    talk.pair.world.run_for(SECOND);
    drop(talk.pair.host.close_room());
    assert_eq!((talk.pair.host.connection_state(), talk.pair.host.count("closing")), (Idle, 0));
}

#[test]
fn a_peer_that_acknowledges_nothing_is_waited_for_no_longer_than_the_timeout() {
    for (timeout, least) in [(SECOND * 5, SECOND * 4), (SECOND, SECOND / 2), (Duration::ZERO, Duration::ZERO)] {
        let mut talk = with(Settings { close_timeout: timeout, ..Settings::default() });
        talk.pair.ether.cut();
        talk.host_says(3);
        let (host, begun) = (talk.pair.host.clone(), talk.pair.world.elapsed());
        talk.pair.world.block_on(SECOND * 10, host.close_room()).expect("it ends");
        let took = talk.pair.world.elapsed() - begun;
        assert!(took >= least && took <= timeout + SECOND, "{took:?} of {timeout:?}");
        assert_eq!((host.count("message:undelivered"), host.connection_state()), (3, Idle));
    }
}

#[test]
fn while_it_closes_nothing_new_is_accepted_and_closing_again_is_closing_once() {
    let mut talk = durable();
    talk.host_says(5);
    let host = talk.pair.host.clone();
    let closing = futures::future::join(host.close_room(), host.close_room());
    assert_eq!((host.connection_state(), host.count("closing")), (Connected, 1));
    assert_eq!(host.send_message(json!("late")).unwrap_err().kind.code(), "closing");
    talk.pair.world.block_on(SECOND * 2, closing).expect("both end");
    talk.expect_all();
    assert_eq!(host.count("cleanup:complete"), 1);
}

#[test]
fn what_the_other_side_had_delivered_before_is_known_to_be() {
    let mut talk = durable();
    talk.both_say(1);
    for n in 0..10 {
        talk.guest_sends(json!(n)).unwrap();
    }
    // They have arrived, and are not acknowledged yet.
    talk.pair.world.run_for(Duration::from_millis(6));
    let host = talk.pair.host.clone();
    talk.pair.world.block_on(SECOND * 2, host.close_room()).expect("it ends");
    talk.pair.world.run_for(SECOND);
    talk.expect_all();
    assert_eq!(talk.pair.guest.count("message:undelivered"), 0);
}

#[test]
fn a_connection_that_is_lost_while_it_closes_is_not_looked_for() {
    let mut talk = durable();
    talk.host_says(3);
    talk.pair.ether.cut();
    talk.host_says(3);
    let host = talk.pair.host.clone();
    let closing = host.close_room();
    host.cut();
    talk.pair.world.block_on(SECOND, closing).expect("it ends");
    assert_eq!((host.connection_state(), host.count("message:undelivered")), (Idle, 6));
    talk.pair.world.run_for(SECOND * 20);
    assert_eq!(host.count("reconnect:attempting"), 0);
}

#[test]
fn a_page_that_is_left_while_it_closes_is_not_resumed() {
    let mut talk = durable();
    talk.pair.ether.cut();
    talk.host_says(3);
    drop(talk.pair.host.close_room());
    talk.pair.reload(true);
    assert!(talk.pair.host.resume().is_none());
}
