use registry_protocol::{EpochMs, JoinCode, RoomCreationResponse, RoomJoinResponse};

use super::fallback::Fallback;
use super::*;
use crate::error::{NetworkError, RequestError};
use crate::event::{Event, StandbyStep};
use crate::machine::control::ControlMessage;
use crate::machine::effect::{Effect, Request};
use crate::machine::fixtures::{SECOND, code, context, events, join_code, pass, requests, room, token};
use crate::types::operation::Operation;
use crate::types::state::Role;

fn scheduled(cx: &mut Context) -> Vec<f64> {
    let delay = |event| match event {
        Event::ReconnectScheduled { delay_ms, .. } => Some(delay_ms / 1000.0),
        _ => None,
    };
    events(cx).into_iter().filter_map(delay).collect()
}

#[test]
fn attempts_come_at_growing_pauses_until_there_were_enough() {
    let mut cx = context();
    let mut recovery = Recovery::default();
    recovery.begin(&cx);
    assert_eq!(recovery.step(), Some(Step::Heal));
    let mut pauses = Vec::new();
    while recovery.schedule(&mut cx).is_ok() {
        pauses.extend(scheduled(&mut cx));
        recovery.begin_attempt(&mut cx);
    }
    assert_eq!(pauses, [0.0, 1.0, 2.0, 4.0, 8.0]);
    assert!(events(&mut cx).contains(&Event::ReconnectExhausted { attempts: 5 }));
}

#[test]
fn what_this_side_could_not_do_is_not_blamed_on_the_peer() {
    let mut cx = context();
    cx.settings.max_reconnect_attempts = 1;
    let mut recovery = Recovery::default();
    recovery.begin(&cx);
    recovery.begin_attempt(&mut cx);
    recovery.on_peer_refused(&WebRtcError::IceFailed);
    assert_eq!(recovery.schedule(&mut cx), Err(WebRtcError::IceFailed));
    recovery.begin_attempt(&mut cx);
    assert_eq!(recovery.schedule(&mut cx), Err(WebRtcError::PeerLost), "only the last attempt counts");
}

#[test]
fn a_peer_can_make_this_side_restart_only_so_often() {
    let mut cx = context();
    let mut recovery = Recovery::default();
    let granted = (0..100).filter(|_| recovery.grants_restart(&cx)).count();
    assert_eq!(granted, RESTARTS.0);
    pass(&mut cx, RESTARTS.1);
    assert!(recovery.grants_restart(&cx));
}

fn made(name: &str) -> RoomCreationResponse {
    RoomCreationResponse {
        code: code(name),
        owner_token: token(),
        join_code: join_code(),
        expires_at: EpochMs(600_000),
        exchange: false,
    }
}

fn joined() -> Result<RoomJoinResponse, RequestError> {
    Ok(RoomJoinResponse { guest_token: token(), expires_at: EpochMs(600_000), exchange: false, version: None })
}

/// A host's fallback rooms, one of which the guest has confirmed.
fn provided(cx: &mut Context) -> Fallback {
    let (mut fallback, own) = (Fallback::default(), room(Role::Host));
    fallback.on_due(cx, &own, true, false);
    assert!(matches!(requests(cx)[..], [(number, Request::MakeFallback { .. })] if fallback.take_making(number)));
    fallback.on_made(cx, Ok(made("ROOM2222")), false);
    fallback.on_ready(cx, &code("ROOM2222"), EpochMs(600_000));
    cx.take_effects();
    fallback
}

#[test]
fn a_host_gives_up_a_fallback_room_only_when_the_guest_is_in_the_next() {
    let mut cx = context();
    let (mut fallback, own) = (provided(&mut cx), room(Role::Host));
    assert!(fallback.is_usable());
    fallback.on_due(&mut cx, &own, true, false);
    fallback.on_made(&mut cx, Ok(made("ROOM3333")), false);
    let closes = |cx: &mut Context| {
        let closed = |(_, request)| if let Request::CloseRoom { room, .. } = request { Some(room) } else { None };
        requests(cx).into_iter().filter_map(closed).collect::<Vec<_>>()
    };
    assert!(closes(&mut cx).is_empty());
    fallback.on_ready(&mut cx, &code("ROOM3333"), EpochMs(900_000));
    assert_eq!(closes(&mut cx), [code("ROOM2222")]);
}

#[test]
fn a_guest_that_refuses_every_room_does_not_keep_the_host_making_them() {
    let mut cx = context();
    let (mut fallback, own) = (provided(&mut cx), room(Role::Host));
    let mut asked = 0;
    for _ in 0..100 {
        fallback.on_due(&mut cx, &own, true, false);
        asked +=
            requests(&mut cx).iter().filter(|(_, request)| matches!(request, Request::MakeFallback { .. })).count();
        fallback.disown_making();
        fallback.on_made(&mut cx, Ok(made("ROOM3333")), false);
        fallback.on_refused(&mut cx, &code("ROOM3333"));
        requests(&mut cx);
    }
    assert_eq!(asked, 2, "the other two of a minute are the application's");
}

#[test]
fn a_guest_joins_one_room_at_a_time_and_the_last_that_was_named() {
    let mut cx = context();
    let (mut fallback, own) = (Fallback::default(), room(Role::Guest));
    let name = |fallback: &mut Fallback, cx: &mut Context, room: &str| {
        fallback.on_named(cx, &own, code(room), JoinCode::parse("123456").unwrap());
    };
    for named in ["ROOM2222", "ROOM3333", "ROOM4444"] {
        name(&mut fallback, &mut cx, named);
    }
    let joins = |cx: &mut Context| {
        let joined = |(_, request)| if let Request::JoinFallback { room, .. } = request { Some(room) } else { None };
        requests(cx).into_iter().filter_map(joined).collect::<Vec<_>>()
    };
    assert_eq!(joins(&mut cx), [code("ROOM2222")]);
    assert!(fallback.is_joining(&code("ROOM2222")) && !fallback.is_joining(&code("ROOM3333")));
    fallback.on_joined(&mut cx, &own, joined(), false);
    assert_eq!(joins(&mut cx), [code("ROOM4444")]);
    assert!(fallback.is_usable());
}

#[test]
fn a_join_without_an_answer_is_repeated_and_a_refused_one_is_reported_to_the_host() {
    let mut cx = context();
    let (mut fallback, own) = (Fallback::default(), room(Role::Guest));
    fallback.on_named(&mut cx, &own, code("ROOM2222"), join_code());
    let unreachable = || RequestError::Network(NetworkError { operation: Operation::JoinRoom, reason: "away".into() });
    let mut tries = 0;
    while fallback.is_joining(&code("ROOM2222")) {
        tries += requests(&mut cx).len();
        fallback.on_joined(&mut cx, &own, Err(unreachable()), false);
        if fallback.is_joining(&code("ROOM2222")) {
            pass(&mut cx, SECOND * 10);
            fallback.on_due(&mut cx, &own, true, false);
        }
    }
    assert_eq!(tries, 4);
    let refused = Effect::Send(ControlMessage::StandbyRefused { room: code("ROOM2222") });
    assert!(cx.take_effects().contains(&refused));
}

#[test]
fn a_room_in_which_they_have_met_is_kept_until_there_is_another() {
    let mut cx = context();
    let (mut fallback, own) = (provided(&mut cx), room(Role::Host));
    assert!(fallback.go_to_meeting(&mut cx, &own));
    assert!(events(&mut cx).iter().any(|event| matches!(event, Event::Standby { step: StandbyStep::Used, .. })));
    assert!(!fallback.is_used_up());
    fallback.on_connected(&mut cx, true);
    assert!(fallback.meeting().is_none() && fallback.is_usable(), "the next can be named there");
    assert!(fallback.go_to_meeting(&mut cx, &own) && fallback.is_used_up());
    fallback.on_connected(&mut cx, false);
    let left = fallback.leave(&mut cx, Some(&own), None, false);
    assert_eq!((left, fallback.is_usable()), (1, false));
}

#[test]
fn what_was_saved_is_restored() {
    let mut cx = context();
    let (fallback, own) = (provided(&mut cx), room(Role::Host));
    let mut restored = Fallback::default();
    restored.restore(&cx, &own, fallback.save());
    assert!(restored.is_usable() && restored.go_to_meeting(&mut cx, &own));
    assert_eq!(restored.meeting().map(|meeting| meeting.info().code.clone()), Some(code("ROOM2222")));
}
