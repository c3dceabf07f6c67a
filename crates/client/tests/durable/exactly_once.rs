//! Every accepted message has exactly one fate, whatever is reloaded, lost, full or said by a faulty peer.

use std::time::Duration;

use registry_client::ConnectionState::{Connected, Disconnected, Idle};
use registry_client::error::{ErrorKind, WebRtcError};
use registry_client::event::Event;
use registry_client::interfaces::webrtc::DataChannel;
use registry_client::settings::Overflow;
use registry_client::testing::{Pair, PairConfig};
use registry_client::{BufferLevels, Settings, WebRtcRegistryClient};
use serde_json::json;

use super::talk::Talk;
use super::{SECOND, durable, with};

const MOMENT: Duration = Duration::from_millis(5);

/// Two connected clients, the guest about to say what no client would.
fn with_raw_guest(control: bool) -> (Pair, WebRtcRegistryClient, std::rc::Rc<dyn DataChannel>) {
    let mut pair = Pair::connected();
    pair.world.run_for(SECOND * 3);
    let (host, channel) = (pair.host.clone(), pair.webrtc[1].channel(control).expect("it is open"));
    (pair, host, channel)
}

/// The reasons for which the client left something out.
fn left_out(client: &WebRtcRegistryClient) -> Vec<String> {
    let reason = |event: &Event| match event {
        Event::DataChannelError { reason } => Some(reason.clone()),
        _ => None,
    };
    client.trace().events().iter().filter_map(|entry| reason(&entry.event)).collect()
}

#[test]
fn what_was_on_its_way_in_the_moment_of_a_reload_arrives_once() {
    for pause in [Duration::ZERO, MOMENT, MOMENT * 3, MOMENT * 20] {
        let mut talk = durable();
        talk.host_says(20);
        talk.pair.world.run_for(pause);
        talk.reload(true);
        talk.until_connected(SECOND * 10);
        talk.expect_all();
        assert_eq!(talk.pair.host.buffer(), BufferLevels::default(), "everything is acknowledged");
    }
}

#[test]
fn after_a_reload_only_what_has_arrived_counts_as_delivered() {
    let mut talk = durable();
    talk.host_says(20);
    talk.pair.world.run_for(MOMENT);
    talk.reload(true);
    talk.until_connected(SECOND * 10);
    talk.pair.ether.no_restart.set(true);
    for n in 0..10 {
        talk.host_sends(json!({"n": n, "large": "x".repeat(60_000)})).unwrap();
    }
    let host = talk.pair.host.clone();
    assert!(talk.pair.world.run_until(SECOND, || host.count("message:delivered") > 1));
    host.cut();
    talk.until_connected(SECOND * 30);
    talk.pair.world.run_for(SECOND);
    talk.expect_all();
    talk.expect_one_fate_each();
}

#[test]
fn a_message_that_came_back_from_a_reload_does_not_expire_before_it_is_known_whether_it_arrived() {
    let mut talk = with(Settings { max_buffer_age: SECOND * 10, ..Settings::default() });
    talk.host_says(3);
    talk.pair.world.run_for(MOMENT * 2);
    talk.reload(true);
    talk.pair.network.down.set(true);
    talk.pair.world.run_for(SECOND * 20);
    talk.pair.network.down.set(false);
    talk.until_connected(SECOND * 60);
    talk.expect_all();
    assert_eq!(talk.dropped(), []);
}

#[test]
fn an_acknowledgement_of_what_was_never_sent_is_a_faulty_peers() {
    let (mut pair, host, channel) = with_raw_guest(true);
    host.send_message(json!("only this")).unwrap();
    channel.send(r#"{"ack":7}"#).unwrap();
    pair.world.run_for(SECOND);
    let overstated = ErrorKind::WebRtc(WebRtcError::Overstated { delivered: 7, sent: 1 });
    assert!(host.errors().iter().any(|error| error.kind == overstated), "{:?}", host.errors());
    assert_eq!((host.connection_state(), host.count("message:delivered")), (Connected, 1));
}

#[test]
fn where_dropping_would_not_make_enough_room_nothing_is_dropped() {
    let settings = Settings { buffer_overflow: Overflow::DropOldest, ..Settings::default() };
    let mut talk = with(settings);
    let message = |megabytes: usize| json!("x".repeat(megabytes * 1024 * 1024 - 1024));
    talk.pair.ether.cut();
    talk.host_sends(message(5)).unwrap();
    let waiting = talk.pair.host.buffer().waiting;
    talk.host_sends(message(1)).unwrap();
    talk.host_sends(message(1)).unwrap();
    let refused = talk.pair.host.send_message(message(4)).unwrap_err();
    assert_eq!(refused.kind.code(), "buffer_full");
    assert!(refused.to_string().contains("no other was dropped"), "{refused}");
    assert_eq!((talk.dropped(), talk.pair.host.buffer().waiting), (vec![], waiting + 2));
    talk.pair.ether.heal();
    talk.pair.world.run_for(SECOND * 15);
    talk.expect_all();
}

#[test]
fn a_plain_peers_binary_messages_are_never_joined() {
    let mut talk = Talk::plain(PairConfig::default());
    talk.pair.world.run_for(SECOND * 3);
    let channel = talk.pair.webrtc[1].channel(false).unwrap();
    for part in [&b"\0[1,"[..], b"\x012]", b"\x01", b"\x07", b""] {
        channel.send_binary(part).unwrap();
    }
    talk.pair.world.run_for(SECOND);
    let host = talk.pair.host.clone();
    assert_eq!((host.count("message"), left_out(&host).len()), (0, 5));
}

#[test]
fn a_peer_that_has_not_greeted_yet_is_not_listened_to_in_parts() {
    let mut pair = Pair::new(PairConfig::default());
    pair.ether.plain.set(true);
    pair.meet().unwrap();
    assert_eq!(pair.connect(), (Connected, Connected));
    pair.webrtc[1].channel(false).unwrap().send_binary(b"\x01\"nobody said this\"").unwrap();
    pair.world.run_for(SECOND);
    assert_eq!((pair.host.count("message"), left_out(&pair.host).len()), (0, 1));
}

#[test]
fn what_is_not_json_is_an_error_and_no_message_and_the_counts_still_agree() {
    let (mut pair, host, channel) = with_raw_guest(false);
    for text in ["", "hello there", "{", "[1,]"] {
        channel.send(text).unwrap();
    }
    for part in [&b"\x01"[..], b"\x01\xff\xff"] {
        channel.send_binary(part).unwrap();
    }
    pair.world.run_for(SECOND);
    assert_eq!((host.count("message"), left_out(&host).len()), (0, 6));
    assert_eq!(host.connection_state(), Connected);
    // The guest's client knows nothing of them, and is told.
    assert!(pair.guest.errors().iter().any(|error| error.kind.code() == "bad_acknowledgement"));
}

#[test]
fn what_was_saved_is_handed_back_where_the_way_back_is_refused() {
    for expired in [true, false] {
        let mut talk = durable();
        talk.pair.ether.cut();
        talk.host_says(3);
        talk.pair.world.run_for(SECOND * 7);
        talk.host_says(2);
        if !expired {
            // Nobody knows the rooms any more, though none should have expired.
            let (host, guest) = talk.sides(true);
            talk.pair.reload(true);
            drop((host, guest));
            talk.pair.network.restart(registry_core::Config::default());
        } else {
            talk.pair.reload(true);
            talk.pair.world.run_for(SECOND * 4000);
        }
        talk.take_up(true);
        talk.pair.world.run_for(SECOND * 600);
        let dropped: Vec<_> = talk.dropped().into_iter().map(|(value, _)| value).collect();
        assert_eq!(dropped.len(), 5, "expired: {expired}, {dropped:?}");
        assert!(talk.sent_by_host.borrow().iter().all(|sent| dropped.contains(sent)));
    }
}

#[test]
fn a_client_that_is_busy_leaves_what_is_saved_where_it_is() {
    let mut talk = durable();
    talk.pair.reload(true);
    let host = talk.pair.host.clone();
    drop(host.create_room("Busy"));
    let refused = talk.pair.world.block_on(SECOND, host.resume().unwrap()).unwrap().unwrap_err();
    assert_eq!(refused.kind.code(), "invalid_transition");
    talk.pair.world.block_on(SECOND * 2, host.close_room()).unwrap();
    talk.take_up(true);
    talk.until_connected(SECOND * 10);
}

#[test]
fn where_nothing_can_be_saved_leaving_is_leaving() {
    for host_reloads in [true, false] {
        let mut talk = durable();
        talk.pair.stores[usize::from(!host_reloads)].full.set(true);
        let (left, other) = talk.sides(host_reloads);
        left.leave();
        talk.pair.world.run_for(SECOND);
        assert_eq!((left.connection_state(), other.connection_state()), (Idle, Disconnected));
        assert_eq!(other.errors().last().unwrap().kind.code(), "peer_left");
        assert!(left.resume().is_none());
        talk.pair.world.block_on(SECOND * 2, other.close_room()).expect("it ends");
        talk.expect_no_room_left();
    }
}

#[test]
fn a_reload_a_moment_after_connecting_comes_back() {
    for host_reloads in [true, false] {
        let mut pair = Pair::new(PairConfig::default());
        pair.meet().unwrap();
        assert_eq!(pair.connect(), (Connected, Connected));
        // The greeting, the room, its codes, and the guest in it.
        pair.world.run_for(Duration::from_millis(200));
        pair.reload(host_reloads);
        let (host, guest) = (pair.host.clone(), pair.guest.clone());
        let reloaded = if host_reloads { &host } else { &guest };
        assert!(pair.world.block_on(SECOND * 10, reloaded.resume().unwrap()).unwrap().is_ok());
        pair.world.run_for(SECOND);
        assert_eq!(pair.states(), (Connected, Connected));
    }
}

#[test]
fn the_other_side_says_at_once_that_a_page_is_closed_or_reloading() {
    let mut talk = durable();
    talk.pair.reload(false);
    talk.pair.world.run_for(SECOND);
    let reasons: Vec<_> = talk.pair.host.trace().events().iter().filter_map(|entry| reason(&entry.event)).collect();
    assert!(reasons.contains(&"the other page was closed or is reloading".to_owned()), "{reasons:?}");
    assert_ne!(talk.pair.host.connection_state(), Connected);
}

fn reason(event: &Event) -> Option<String> {
    match event {
        Event::State { reason, .. } => reason.clone(),
        _ => None,
    }
}

#[test]
fn where_there_is_no_way_back_yet_both_are_told() {
    for host_reloads in [true, false] {
        let mut talk = Talk::plain(PairConfig::default());
        let (_, other) = talk.sides(host_reloads);
        talk.pair.reload(host_reloads);
        talk.pair.world.run_for(SECOND);
        assert_eq!(other.connection_state(), Disconnected);
        let (reloaded, _) = talk.sides(host_reloads);
        let told = talk.pair.world.block_on(SECOND, reloaded.resume().unwrap()).unwrap().unwrap_err();
        assert_eq!((told.kind.code(), reloaded.connection_state()), ("not_resumable", Idle));
        assert!(reloaded.resume().is_none(), "it is told once");
    }
}
