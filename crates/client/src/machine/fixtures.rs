//! What the tests of the parts share.

use std::time::Duration;

use registry_protocol::{
    EpochMs, IceCandidate, JoinCode, RoomCode, RoomSnapshot, RoomStatus, SdpType, SessionDescription, Token, UserName,
};

use super::context::Context;
use super::effect::{Effect, Request, RoomCall, RtcAction};
use crate::event::Event;
use crate::interfaces::clock::Now;
use crate::settings::Settings;
use crate::types::state::{Role, RoomInfo};

pub(super) const SECOND: Duration = Duration::from_secs(1);

/// A context without jitter, in the first attempt.
pub(super) fn context() -> Context {
    let mut cx = Context::new(Settings { jitter: 0.0, reconnect_jitter: 0.0, ..Settings::default() }, 1);
    cx.next_attempt();
    cx
}

/// Lets so much time pass.
pub(super) fn pass(cx: &mut Context, time: Duration) {
    let monotonic = cx.now() + time;
    cx.set_now(Now { monotonic, epoch_ms: monotonic.as_secs_f64() * 1000.0 });
}

/// The events since the last look at the effects.
pub(super) fn events(cx: &mut Context) -> Vec<Event> {
    let event = |effect| if let Effect::Record(event) = effect { Some(event) } else { None };
    cx.take_effects().into_iter().filter_map(event).collect()
}

/// The requests since the last look at the effects, with their numbers.
pub(super) fn requests(cx: &mut Context) -> Vec<(u32, Request)> {
    let request = |effect| if let Effect::Request(number, request) = effect { Some((number, request)) } else { None };
    cx.take_effects().into_iter().filter_map(request).collect()
}

/// What was asked of a room through which the peers negotiate.
pub(super) fn calls(cx: &mut Context) -> Vec<RoomCall> {
    let call = |(_, request)| if let Request::OfRoom { call, .. } = request { Some(call) } else { None };
    requests(cx).into_iter().filter_map(call).collect()
}

/// What was asked of the peer connection.
pub(super) fn actions(cx: &mut Context) -> Vec<RtcAction> {
    let action = |effect| if let Effect::Rtc(_, action) = effect { Some(action) } else { None };
    cx.take_effects().into_iter().filter_map(action).collect()
}

/// A room in which this side has `role`.
pub(super) fn room(role: Role) -> RoomInfo {
    RoomInfo {
        code: code("ABCD2345"),
        host_user_name: UserName::parse("Alice").ok(),
        guest_user_name: UserName::parse("Bob").ok(),
        role,
        token: token(),
        join_code: None,
        expires_at: EpochMs(3_600_000),
        exchange: false,
    }
}

pub(super) fn code(code: &str) -> RoomCode {
    RoomCode::parse(code).expect("a room code")
}

pub(super) fn join_code() -> JoinCode {
    JoinCode::parse("123456").expect("a join code")
}

pub(super) fn token() -> Token {
    Token::parse("t".repeat(32)).expect("a token")
}

pub(super) fn description(kind: SdpType, id: u32) -> SessionDescription {
    SessionDescription { kind, sdp: format!("v=0\r\no=- {id} 2 IN IP4 127.0.0.1\r\n") }
}

pub(super) fn candidate(port: u16) -> IceCandidate {
    let candidate = format!("candidate:1 1 udp 1 192.0.2.1 {port} typ host");
    IceCandidate { candidate, sdp_mid: Some("0".to_owned()), sdp_m_line_index: Some(0) }
}

/// What a base Registry says about a room.
pub(super) fn snapshot(
    status: RoomStatus,
    offer: Option<SessionDescription>,
    answer: Option<SessionDescription>,
) -> RoomSnapshot {
    RoomSnapshot { offer, answer, ..RoomSnapshot::new(status, EpochMs(0), EpochMs(3_600_000)) }
}
