use registry_protocol::{IceCandidate, RoomStatus, SdpType, SessionDescription};

use super::*;
use crate::error::{ApiError, NetworkError};
use crate::machine::fixtures::{SECOND, calls, candidate, context, description, events, pass, room, snapshot};
use crate::machine::input::RoomAnswer;
use crate::types::state::{Role, RoomInfo};

fn offer() -> SessionDescription {
    description(SdpType::Offer, 1)
}

/// A room of a Registry with exchanges, in which one has begun.
fn begun(cx: &Context, role: Role) -> Signalling {
    let mut signalling = Signalling::of_application(cx, RoomInfo { exchange: true, ..room(role) });
    signalling.begin(cx);
    signalling
}

fn with(description: Option<SessionDescription>, ports: &[u16]) -> Posting {
    Posting { description, candidates: ports.iter().map(|port| candidate(*port)).collect(), ..Posting::default() }
}

fn shown(version: u64) -> RoomSnapshot {
    RoomSnapshot { version: Some(version), ..snapshot(RoomStatus::Joined, Some(offer()), None) }
}

/// What is posted, now and within a moment.
fn posted(signalling: &mut Signalling, cx: &mut Context) -> Vec<Posting> {
    pass(cx, SECOND);
    cx.cancel(Timer::PostCandidate);
    signalling.post(cx);
    let posting = |call| if let RoomCall::Post { posting, .. } = call { Some(posting) } else { None };
    calls(cx).into_iter().filter_map(posting).collect()
}

fn refused(code: ErrorCode) -> RequestError {
    RequestError::Api(ApiError {
        operation: Operation::Exchange,
        status: 400,
        code,
        message: String::new(),
        retryable: false,
        retry_after: None,
    })
}

/// The steps of this side's candidates since the last look.
fn steps(cx: &mut Context) -> Vec<CandidateStep> {
    let step = |event| if let Event::LocalCandidate { step, .. } = event { Some(step) } else { None };
    events(cx).into_iter().filter_map(step).collect()
}

#[test]
fn an_offer_goes_at_once_and_the_candidates_of_a_moment_together_without_waiting_for_its_response() {
    let mut cx = context();
    let mut host = begun(&cx, Role::Host);
    host.publish(&mut cx, offer());
    let post = RoomCall::Post { posting: with(Some(offer()), &[]), since: None };
    assert_eq!(calls(&mut cx), [post]);
    for port in [1, 2, 3] {
        host.publish_candidate(&mut cx, candidate(port));
    }
    assert!(calls(&mut cx).is_empty(), "others follow in a moment");
    assert_eq!(posted(&mut host, &mut cx), [with(None, &[1, 2, 3])]);
}

#[test]
fn what_is_gathered_while_many_posts_are_in_flight_follows_the_first_that_returns() {
    let mut cx = context();
    let mut host = begun(&cx, Role::Host);
    host.publish(&mut cx, offer());
    calls(&mut cx);
    for port in 1..=5 {
        host.publish_candidate(&mut cx, candidate(port));
        assert_eq!(posted(&mut host, &mut cx).len(), usize::from(port < 3), "candidate {port}");
    }
    host.on_answer(&mut cx, RoomAnswer::Posted(with(None, &[1]), Ok(shown(1))));
    let post = RoomCall::Post { posting: with(None, &[3, 4, 5]), since: Some(1) };
    assert_eq!(calls(&mut cx), [post]);
}

#[test]
fn a_response_publishes_and_brings_the_peers_news_and_the_latest_version_counts() {
    let mut cx = context();
    let mut host = begun(&cx, Role::Host);
    host.publish(&mut cx, offer());
    let answer = description(SdpType::Answer, 2);
    let paired = snapshot(RoomStatus::Paired, Some(offer()), Some(answer.clone()));
    let snapshot = RoomSnapshot { version: Some(7), ..paired };
    let signals = host.on_answer(&mut cx, RoomAnswer::Posted(with(Some(offer()), &[1]), Ok(snapshot)));
    assert!(matches!(&signals[..], [Signal::Published, Signal::Description(found)] if *found == answer), "{signals:?}");
    assert_eq!(steps(&mut cx), [CandidateStep::Posted]);
    host.on_answer(&mut cx, RoomAnswer::LongPolled(Ok(shown(3))));
    host.update_polls(&mut cx);
    host.poll(&mut cx, PollKind::Room);
    assert!(calls(&mut cx).iter().all(|call| matches!(call, RoomCall::LongPoll { since: Some(7), .. })));
}

#[test]
fn what_did_not_arrive_is_posted_again_together_with_what_came_meanwhile() {
    let mut cx = context();
    let mut guest = begun(&cx, Role::Guest);
    let answer = description(SdpType::Answer, 2);
    guest.publish(&mut cx, answer.clone());
    calls(&mut cx);
    let lost = NetworkError { operation: Operation::Exchange, reason: "it was lost".into() };
    let posting = with(Some(answer.clone()), &[1]);
    assert!(guest.on_answer(&mut cx, RoomAnswer::Posted(posting, Err(lost.into()))).is_empty());
    assert!(events(&mut cx).iter().any(|event| matches!(event, Event::Retry { delay_ms: 500.0, .. })));
    guest.publish_candidate(&mut cx, candidate(2));
    guest.post(&mut cx);
    assert!(calls(&mut cx).is_empty(), "not before the pause is over");
    assert_eq!(posted(&mut guest, &mut cx), [with(Some(answer), &[1, 2])]);
}

#[test]
fn one_candidate_that_is_refused_does_not_take_the_others_with_it() {
    let mut cx = context();
    let mut host = begun(&cx, Role::Host);
    host.publish(&mut cx, offer());
    calls(&mut cx);
    let refuse = |host: &mut Signalling, cx: &mut Context, posting| {
        host.on_answer(cx, RoomAnswer::Posted(posting, Err(refused(ErrorCode::BadCandidate))))
    };
    assert!(refuse(&mut host, &mut cx, with(Some(offer()), &[1, 2])).is_empty());
    assert_eq!(calls(&mut cx).len(), 1, "the offer by itself");
    host.on_answer(&mut cx, RoomAnswer::Posted(with(Some(offer()), &[]), Ok(shown(1))));
    cx.take_effects();
    assert!(refuse(&mut host, &mut cx, with(None, &[1])).is_empty());
    assert_eq!(steps(&mut cx), [CandidateStep::Refused]);
    host.on_answer(&mut cx, RoomAnswer::Posted(with(None, &[2]), Ok(shown(1))));
    assert_eq!(steps(&mut cx), [CandidateStep::Posted]);
}

#[test]
fn too_many_candidates_end_the_posting_of_candidates_and_an_offer_alone_that_is_refused_ends_all() {
    let mut cx = context();
    let mut host = begun(&cx, Role::Host);
    host.publish(&mut cx, offer());
    let too_many = || Err(refused(ErrorCode::TooManyCandidates));
    host.on_answer(&mut cx, RoomAnswer::Posted(with(None, &[41]), too_many()));
    assert_eq!(steps(&mut cx), [CandidateStep::Refused]);
    host.publish_candidate(&mut cx, IceCandidate { ..candidate(42) });
    assert!(posted(&mut host, &mut cx).is_empty());
    let alone = RoomAnswer::Posted(with(Some(offer()), &[]), Err(refused(ErrorCode::BadSdp)));
    assert!(matches!(host.on_answer(&mut cx, alone)[..], [Signal::Failed(_)]));
}

#[test]
fn another_description_in_its_place_is_noticed() {
    let mut cx = context();
    let mut host = begun(&cx, Role::Host);
    host.publish(&mut cx, offer());
    let conflict = RoomAnswer::Posted(with(Some(offer()), &[]), Err(refused(ErrorCode::AlreadyPaired)));
    assert!(matches!(host.on_answer(&mut cx, conflict)[..], [Signal::Superseded]));
}

#[test]
fn a_guest_whose_answer_belongs_to_an_older_attempt_takes_the_newer_offer() {
    let newer = description(SdpType::Offer, 9);
    let of = |attempt, offer| RoomSnapshot { attempt, ..snapshot(RoomStatus::Joined, Some(offer), None) };
    // Our Registry shows the newer attempt, an earlier version of it refuses what is posted.
    for refuses in [false, true] {
        let mut cx = context();
        let mut guest = Signalling::of_fallback(&cx, RoomInfo { exchange: true, ..room(Role::Guest) });
        guest.begin(&cx);
        guest.on_answer(&mut cx, RoomAnswer::LongPolled(Ok(of(1, offer()))));
        guest.take_peer_description(offer());
        guest.publish(&mut cx, description(SdpType::Answer, 2));
        guest.publish_candidate(&mut cx, candidate(1));
        cx.take_effects();
        pass(&mut cx, SECOND);
        cx.cancel(Timer::PostCandidate);
        guest.post(&mut cx);
        let [RoomCall::Post { posting, .. }] = &calls(&mut cx)[..] else { panic!("the answer is posted") };
        assert_eq!((posting.attempt, posting.candidates.len()), (1, 1));
        guest.publish_candidate(&mut cx, candidate(2));
        let mut answer = RoomAnswer::Posted(posting.clone(), Ok(of(2, newer.clone())));
        if refuses {
            let refused = RoomAnswer::Posted(posting.clone(), Err(refused(ErrorCode::OldAttempt)));
            assert!(guest.on_answer(&mut cx, refused).is_empty());
            assert_eq!(calls(&mut cx), [RoomCall::Post { posting: Posting::default(), since: None }]);
            answer = RoomAnswer::Posted(Posting::default(), Ok(of(2, newer.clone())));
        }
        let signals = guest.on_answer(&mut cx, answer);
        assert!(matches!(&signals[..], [Signal::OfferReplaced(found)] if *found == newer), "{signals:?}");
        assert!(!guest.is_published());
        let effects = cx.take_effects();
        let says_posted = |effect: &Effect| {
            let steps = matches!(effect, Effect::Record(Event::LocalCandidate { .. } | Event::Answer { .. }));
            steps || matches!(effect, Effect::Request(..))
        };
        assert!(!effects.iter().any(says_posted), "{effects:?}");
    }
}

#[test]
fn an_answer_names_its_offer_and_one_that_was_replaced_ends_the_handshake() {
    let mut cx = context();
    let mut guest = Signalling::of_application(&cx, RoomInfo { exchange: true, ..room(Role::Guest) });
    guest.begin(&cx);
    let of = |offers, offer| RoomSnapshot { offers, ..snapshot(RoomStatus::Joined, Some(offer), None) };
    guest.on_answer(&mut cx, RoomAnswer::LongPolled(Ok(of(1, offer()))));
    guest.take_peer_description(offer());
    guest.publish(&mut cx, description(SdpType::Answer, 2));
    cx.cancel(Timer::PostCandidate);
    guest.post(&mut cx);
    let posted = calls(&mut cx);
    let [.., RoomCall::Post { posting, .. }] = &posted[..] else { panic!("the answer is posted: {posted:?}") };
    assert_eq!(posting.answers, Some(1));
    let replaced = RoomAnswer::Posted(posting.clone(), Ok(of(2, description(SdpType::Offer, 9))));
    let signals = guest.on_answer(&mut cx, replaced);
    assert!(matches!(&signals[..], [Signal::AnsweredReplacedOffer]), "{signals:?}");
    assert!(!guest.is_published());
}

#[test]
fn preparing_posts_nothing_and_its_failure_means_nothing_unless_the_room_is_gone() {
    let mut cx = context();
    let host = Signalling::of_application(&cx, RoomInfo { exchange: true, ..room(Role::Host) });
    host.prepare(&mut cx);
    assert_eq!(calls(&mut cx), [RoomCall::Post { posting: Posting::default(), since: None }]);
    let mut host = host;
    let failed = |code| RoomAnswer::Posted(Posting::default(), Err(refused(code)));
    assert!(host.on_answer(&mut cx, failed(ErrorCode::InternalError)).is_empty());
    assert!(matches!(host.on_answer(&mut cx, failed(ErrorCode::NotFound))[..], [Signal::Gone(_)]));
    Signalling::of_application(&cx, room(Role::Host)).prepare(&mut cx);
    assert!(calls(&mut cx).is_empty(), "a base Registry has no exchanges");
    cx.needs_permission = false;
    Signalling::of_application(&cx, RoomInfo { exchange: true, ..room(Role::Host) }).prepare(&mut cx);
    assert!(calls(&mut cx).is_empty(), "nothing is to be permitted");
}
