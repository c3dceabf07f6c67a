use super::*;
use crate::machine::control::{ControlMessage, Hello};
use crate::machine::fixtures::{SECOND, actions, context, events, pass};

fn hello() -> ControlMessage {
    ControlMessage::Hello(Hello { version: 1, session: "a".into(), peer: None, received: 0, name: None })
}

fn open(cx: &mut Context) -> Link {
    let mut link = Link::default();
    let vacancy = link.vacancy().expect("there is none yet");
    link.open(cx, vacancy);
    link
}

fn durable(cx: &mut Context) -> Link {
    let mut link = open(cx);
    assert!(link.on_heard(cx, &hello()));
    link.set_peer(cx, PeerKind::Durable);
    link
}

#[test]
fn there_is_room_for_one_peer_connection() {
    let mut cx = context();
    let mut link = open(&mut cx);
    assert_eq!(actions(&mut cx), [RtcAction::CreatePeer, RtcAction::CreateControl]);
    assert!(link.vacancy().is_none());
    let vacancy = link.close(&mut cx);
    assert_eq!(cx.take_effects(), [Effect::CloseConnection]);
    link.open(&mut cx, vacancy);
    assert!(link.vacancy().is_none());
}

#[test]
fn events_belong_to_the_connection_that_the_attempt_made() {
    let mut cx = context();
    let mut link = open(&mut cx);
    let first = cx.attempt();
    cx.next_attempt();
    assert!(link.is(first), "a restart keeps it");
    let vacancy = link.close(&mut cx);
    assert!(!link.is(first));
    link.open(&mut cx, vacancy);
    assert!(link.is(cx.attempt()) && !link.is(first));
}

#[test]
fn only_a_greeting_is_heard_from_a_peer_that_has_not_greeted_and_only_once() {
    let mut cx = context();
    let mut link = open(&mut cx);
    assert!(!link.on_heard(&cx, &ControlMessage::Ack(1)));
    assert!(link.on_heard(&cx, &hello()));
    link.set_peer(&mut cx, PeerKind::Durable);
    assert!(link.on_heard(&cx, &ControlMessage::Ack(1)));
    assert!(!link.on_heard(&cx, &hello()));
}

#[test]
fn parts_are_sent_only_to_a_peer_that_is_known_to_have_our_greeting() {
    let mut cx = context();
    let mut link = durable(&mut cx);
    link.set_channel(&mut cx, DataChannelState::Open);
    assert!(link.channel().is_open && !link.channel().joins_parts);
    link.on_heard(&cx, &ControlMessage::Goodbye);
    assert!(!link.channel().joins_parts, "anybody hears a goodbye");
    link.on_heard(&cx, &ControlMessage::Ping(0));
    assert!(link.channel().joins_parts);
}

#[test]
fn a_peer_is_silent_when_it_has_not_answered_in_time() {
    let mut cx = context();
    let mut link = durable(&mut cx);
    link.ping(&mut cx, 0);
    let (mut passed, interval) = (Duration::ZERO, cx.settings.ping_interval);
    while !link.on_heartbeat(&cx) {
        assert!(passed < SECOND * 60);
        link.ping(&mut cx, 0);
        pass(&mut cx, interval);
        passed += interval;
    }
    assert!(passed >= cx.settings.ping_timeout && passed < cx.settings.ping_timeout + cx.settings.ping_interval);
    link.on_pong(&mut cx);
    assert!(!link.on_heartbeat(&cx));
}

#[test]
fn a_heartbeat_that_is_late_proves_nothing() {
    let mut cx = context();
    let mut link = durable(&mut cx);
    link.ping(&mut cx, 0);
    pass(&mut cx, SECOND * 3600);
    assert!(!link.on_heartbeat(&cx), "the page was asleep");
}

#[test]
fn a_state_is_reported_when_it_is_new() {
    let mut cx = context();
    let mut link = open(&mut cx);
    assert!(link.set_channel(&mut cx, DataChannelState::Open));
    assert!(!link.set_channel(&mut cx, DataChannelState::Open));
    link.release(&mut cx);
    let states = [DataChannelState::Open, DataChannelState::Closed].map(Event::DataChannel);
    assert_eq!(events(&mut cx), states);
}

#[test]
fn an_origin_is_the_same_after_a_restart_and_another_for_another_connection() {
    let sdp = |id, version| format!("v=0\r\no=- {id} {version} IN IP4 127.0.0.1\r\ns=-\r\n");
    assert_eq!(origin(&sdp(7, 2)), origin(&sdp(7, 3)));
    assert_ne!(origin(&sdp(7, 2)), origin(&sdp(8, 2)));
    assert_eq!(origin("v=0"), None);
}
