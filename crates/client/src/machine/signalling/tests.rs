use registry_protocol::{CandidateItem, CandidateMode, EpochMs, SdpType};

use super::*;
use crate::error::RequestError;
use crate::event::Event;
use crate::machine::fixtures::{SECOND, calls, candidate, context, description, events, pass, room, snapshot};
use crate::types::operation::Operation;

fn offer() -> SessionDescription {
    description(SdpType::Offer, 1)
}

fn answer() -> SessionDescription {
    description(SdpType::Answer, 2)
}

/// A room in which an exchange has begun.
fn begun(cx: &Context, kind: Kind, role: Role) -> Signalling {
    let mut signalling = Signalling::new(cx, kind, room(role));
    signalling.begin(cx);
    signalling
}

/// The host's room, in which its offer is posted.
fn published(cx: &mut Context) -> Signalling {
    let mut host = begun(cx, Kind::Application, Role::Host);
    host.publish(cx, offer());
    host.on_answer(cx, RoomAnswer::DescriptionPosted(Ok(())));
    host.update_polls(cx);
    cx.take_effects();
    host
}

fn refused(code: ErrorCode, retryable: bool) -> RequestError {
    RequestError::Api(ApiError {
        operation: Operation::PostOffer,
        status: 409,
        code,
        message: String::new(),
        retryable,
        retry_after: None,
    })
}

fn candidates(ports: &[u16]) -> CandidateList {
    let items = ports.iter().map(|port| CandidateItem::Candidate(candidate(*port))).collect();
    CandidateList { items, mode: CandidateMode::Full, ..empty_list() }
}

fn empty_list() -> CandidateList {
    serde_json::from_value(serde_json::json!({"items": [], "mode": "full", "lastSeq": 0})).expect("a list")
}

#[test]
fn an_answer_belongs_to_the_exchange_that_asked() {
    let mut cx = context();
    let mut signalling = begun(&cx, Kind::Application, Role::Guest);
    let first = cx.attempt();
    assert!(signalling.awaits(first));
    cx.next_attempt();
    signalling.begin(&cx);
    assert!(signalling.awaits(cx.attempt()) && !signalling.awaits(first));
    signalling.end(&mut cx);
    assert!(!signalling.awaits(cx.attempt()), "an exchange that is over awaits nothing");
}

#[test]
fn a_guest_reads_the_room_until_it_has_the_offer_and_a_host_from_its_own_on() {
    let mut cx = context();
    let mut guest = begun(&cx, Kind::Application, Role::Guest);
    guest.update_polls(&mut cx);
    assert_eq!(calls(&mut cx), [RoomCall::Read]);
    let read = RoomAnswer::Read(Ok(snapshot(RoomStatus::Joined, Some(offer()), None)));
    let signals = guest.on_answer(&mut cx, read);
    assert!(matches!(&signals[..], [Signal::Description(found)] if *found == offer()));
    guest.take_peer_description(offer());
    guest.update_polls(&mut cx);
    pass(&mut cx, SECOND * 60);
    assert!(calls(&mut cx).is_empty(), "nothing is asked any more");

    let mut host = begun(&cx, Kind::Application, Role::Host);
    host.update_polls(&mut cx);
    assert!(calls(&mut cx).is_empty(), "before its offer there can be no answer");
    host.publish(&mut cx, offer());
    host.on_answer(&mut cx, RoomAnswer::DescriptionPosted(Ok(())));
    host.update_polls(&mut cx);
    assert!(matches!(calls(&mut cx)[..], [RoomCall::PostOffer(_), RoomCall::Read]));
}

#[test]
fn candidates_follow_the_description_three_at_a_time() {
    let mut cx = context();
    let mut host = begun(&cx, Kind::Application, Role::Host);
    let one = |port| RoomCall::PostCandidate(candidate(port));
    (1..=5).for_each(|port| host.publish_candidate(&mut cx, candidate(port)));
    assert!(calls(&mut cx).is_empty(), "a candidate before its offer means nothing");
    host.publish(&mut cx, offer());
    host.on_answer(&mut cx, RoomAnswer::DescriptionPosted(Ok(())));
    assert_eq!(calls(&mut cx), [RoomCall::PostOffer(offer()), one(1), one(2), one(3)]);
    host.on_answer(&mut cx, RoomAnswer::CandidatePosted(candidate(2), Ok(())));
    assert_eq!(calls(&mut cx), [one(4)]);
}

#[test]
fn candidates_that_are_refused_together_wait_once_and_then_go_one_by_one() {
    let mut cx = context();
    let mut host = published(&mut cx);
    (1..=3).for_each(|port| host.publish_candidate(&mut cx, candidate(port)));
    assert_eq!(calls(&mut cx).len(), 3);
    for port in 1..=3 {
        let refused = Err(refused(ErrorCode::RateLimited, true));
        host.on_answer(&mut cx, RoomAnswer::CandidatePosted(candidate(port), refused));
    }
    let retries = events(&mut cx).into_iter().filter(|event| matches!(event, Event::Retry { .. }));
    assert_eq!(retries.count(), 1);
    pass(&mut cx, SECOND / 2);
    cx.cancel(Timer::PostCandidate);
    host.post_next_candidate(&mut cx);
    assert_eq!(calls(&mut cx).len(), 1, "one finds out whether the Registry takes more");
    host.on_answer(&mut cx, RoomAnswer::CandidatePosted(candidate(3), Ok(())));
    assert_eq!(calls(&mut cx).len(), 2, "then the others follow, and none is lost");
}

#[test]
fn a_paused_exchange_writes_nothing_and_continues_with_the_same_description() {
    let mut cx = context();
    let mut host = published(&mut cx);
    host.pause(&mut cx);
    host.publish_candidate(&mut cx, candidate(1));
    host.update_polls(&mut cx);
    assert!(calls(&mut cx).is_empty());
    host.publish_again(&mut cx);
    assert_eq!(calls(&mut cx), [RoomCall::PostOffer(offer())]);
}

#[test]
fn where_the_answer_to_a_post_was_lost_the_room_tells_whether_it_arrived() {
    for (found, expected) in [(answer(), true), (description(SdpType::Answer, 9), false)] {
        let mut cx = context();
        let mut guest = begun(&cx, Kind::Application, Role::Guest);
        guest.take_peer_description(offer());
        guest.publish(&mut cx, answer());
        let conflict = Err(refused(ErrorCode::AlreadyPaired, false));
        assert!(guest.on_answer(&mut cx, RoomAnswer::DescriptionPosted(conflict)).is_empty(), "it is not known yet");
        let read = RoomAnswer::Read(Ok(snapshot(RoomStatus::Paired, Some(offer()), Some(found))));
        let signals = guest.on_answer(&mut cx, read);
        assert_eq!(matches!(signals[..], [Signal::Published]), expected, "{signals:?}");
        assert_eq!(matches!(signals[..], [Signal::Superseded]), !expected, "{signals:?}");
    }
}

#[test]
fn a_second_answer_is_ignored_if_it_is_the_same_and_reported_if_it_is_not() {
    let mut cx = context();
    let mut host = published(&mut cx);
    let read = |answer| RoomAnswer::Read(Ok(snapshot(RoomStatus::Paired, Some(offer()), Some(answer))));
    let signals = host.on_answer(&mut cx, read(answer()));
    assert!(matches!(&signals[..], [Signal::Description(_)]));
    host.take_peer_description(answer());
    events(&mut cx);
    assert!(host.on_answer(&mut cx, read(answer())).is_empty());
    assert!(events(&mut cx).contains(&Event::AnswerDuplicate));
    let signals = host.on_answer(&mut cx, read(description(SdpType::Answer, 9)));
    assert!(matches!(&signals[..], [Signal::ConflictingAnswer]));
}

#[test]
fn only_in_a_fallback_room_an_offer_may_be_replaced_or_answered_before() {
    let replaced = description(SdpType::Offer, 9);
    for (kind, expected) in [(Kind::Application, false), (Kind::Fallback, true)] {
        let mut cx = context();
        let mut guest = begun(&cx, kind, Role::Guest);
        let paired = RoomAnswer::Read(Ok(snapshot(RoomStatus::Paired, Some(offer()), Some(answer()))));
        let signals = guest.on_answer(&mut cx, paired);
        assert_eq!(matches!(&signals[..], [Signal::AnsweredBefore]), expected);
        guest.take_peer_description(offer());
        let read = RoomAnswer::Read(Ok(snapshot(RoomStatus::Joined, Some(replaced.clone()), None)));
        let signals = guest.on_answer(&mut cx, read);
        assert_eq!(matches!(&signals[..], [Signal::OfferReplaced(found)] if *found == replaced), expected);
    }
}

#[test]
fn a_candidate_is_learned_once_and_what_is_none_is_reported_once() {
    let mut cx = context();
    let mut host = published(&mut cx);
    let mut list = candidates(&[1, 2]);
    list.items.push(CandidateItem::Candidate(IceCandidate { candidate: String::new(), ..candidate(1) }));
    for expected in [2, 0] {
        let signals = host.on_answer(&mut cx, RoomAnswer::Candidates(Ok(list.clone())));
        assert_eq!(signals.len(), expected, "{signals:?}");
        let skipped = events(&mut cx).into_iter().filter(|event| matches!(event, Event::RemoteCandidate { .. }));
        assert_eq!(skipped.count(), expected / 2);
    }
}

#[test]
fn a_room_that_is_closed_or_unknown_is_gone() {
    let mut cx = context();
    let mut host = published(&mut cx);
    let closed = RoomAnswer::Read(Ok(snapshot(RoomStatus::Closed, None, None)));
    assert!(matches!(host.on_answer(&mut cx, closed)[..], [Signal::Gone(_)]));
    let unknown = RoomAnswer::Candidates(Err(refused(ErrorCode::NotFound, false)));
    assert!(matches!(host.on_answer(&mut cx, unknown)[..], [Signal::Gone(_)]));
}

#[test]
fn what_can_be_repeated_is_and_sooner_in_a_fallback_room() {
    for (kind, longest) in [(Kind::Application, 8.0), (Kind::Fallback, 2.0)] {
        let mut cx = context();
        let mut host = begun(&cx, kind, Role::Host);
        host.publish(&mut cx, offer());
        let mut pauses = Vec::new();
        for _ in 0..6 {
            let failed = RoomAnswer::DescriptionPosted(Err(refused(ErrorCode::RateLimited, true)));
            assert!(host.on_answer(&mut cx, failed).is_empty());
            pauses.extend(events(&mut cx).into_iter().filter_map(|event| match event {
                Event::Retry { delay_ms, .. } => Some(delay_ms / 1000.0),
                _ => None,
            }));
        }
        assert_eq!(pauses.first(), Some(&0.5));
        assert_eq!(pauses.last(), Some(&longest));
    }
}

#[test]
fn two_rooms_share_no_limit() {
    let mut cx = context();
    let mut first = begun(&cx, Kind::Fallback, Role::Guest);
    let mut asked = 0;
    for _ in 0..100 {
        first.update_polls(&mut cx);
        first.poll(&mut cx, PollKind::Room);
        asked += calls(&mut cx).len();
        first.on_answer(&mut cx, RoomAnswer::Read(Ok(snapshot(RoomStatus::Joined, None, None))));
    }
    assert!((2..100).contains(&asked), "there is a limit: {asked}");
    let mut second = begun(&cx, Kind::Fallback, Role::Guest);
    second.update_polls(&mut cx);
    assert_eq!(calls(&mut cx).len(), 1);
}

#[test]
fn the_rooms_life_is_unknown_between_a_description_and_the_next_snapshot() {
    use crate::types::state::RoomLife;
    let mut cx = context();
    let mut host = begun(&cx, Kind::Application, Role::Host);
    assert!(matches!(host.life(&cx), RoomLife::Until(_)));
    host.publish(&mut cx, offer());
    assert_eq!(host.life(&cx), RoomLife::Unknown, "it was extended, and the Registry has not told until when");
    let mut shown = snapshot(RoomStatus::Joined, Some(offer()), None);
    shown.expires_at = EpochMs(7_200_000);
    host.on_answer(&mut cx, RoomAnswer::Read(Ok(shown)));
    assert!(matches!(host.life(&cx), RoomLife::Until(_)));
    assert_eq!(host.info().expires_at, EpochMs(7_200_000));
    host.set_gone();
    assert_eq!(host.life(&cx), RoomLife::Over);
}
