use registry_protocol::SdpType;

use super::*;
use crate::machine::fixtures::{actions, candidate, context, description, events};

#[test]
fn the_peers_candidates_wait_until_its_description_is_applied() {
    let mut cx = context();
    let mut host = Handshake::new(Role::Host, Place::Room);
    host.add(&mut cx, candidate(1));
    host.apply(&mut cx, description(SdpType::Answer, 1));
    host.add(&mut cx, candidate(2));
    assert_eq!(actions(&mut cx), [RtcAction::SetRemote(description(SdpType::Answer, 1))]);
    host.on_peer_applied(&mut cx);
    host.add(&mut cx, candidate(3));
    assert_eq!(actions(&mut cx), [1, 2, 3].map(|port| RtcAction::AddCandidate(candidate(port))));
}

#[test]
fn a_guest_answers_the_offer_and_has_applied_it_then() {
    let mut cx = context();
    let mut guest = Handshake::new(Role::Guest, Place::Room);
    assert!(!guest.knows_peer_description());
    guest.apply(&mut cx, description(SdpType::Offer, 1));
    assert!(guest.knows_peer_description());
    let steps: Vec<_> = {
        guest.on_created(&mut cx, description(SdpType::Answer, 2));
        events(&mut cx)
    };
    let step = |event: &Event| match event {
        Event::Offer { step, .. } => Some(("offer", *step)),
        Event::Answer { step, .. } => Some(("answer", *step)),
        _ => None,
    };
    assert_eq!(
        steps.iter().filter_map(step).collect::<Vec<_>>(),
        [
            ("offer", DescriptionStep::Received),
            ("offer", DescriptionStep::Applied),
            ("answer", DescriptionStep::Created),
        ]
    );
}

#[test]
fn a_candidate_is_sent_once_and_only_if_it_is_one() {
    let mut cx = context();
    let mut handshake = Handshake::new(Role::Host, Place::Room);
    assert_eq!(handshake.on_gathered(&mut cx, Some(candidate(1))), Some(candidate(1)));
    assert_eq!(handshake.on_gathered(&mut cx, Some(candidate(1))), None, "again");
    let end = IceCandidate { candidate: String::new(), ..candidate(1) };
    assert_eq!(handshake.on_gathered(&mut cx, Some(end)), None);
    assert_eq!(handshake.on_gathered(&mut cx, None), None);
    events(&mut cx);
    let rubbish = IceCandidate { candidate: "x".repeat(100_000), ..candidate(1) };
    assert_eq!(handshake.on_gathered(&mut cx, Some(rubbish)), None);
    let skipped = |event: &Event| matches!(event, Event::LocalCandidate { step: CandidateStep::Skipped, .. });
    assert_eq!(events(&mut cx).iter().filter(|event| skipped(event)).count(), 1);
}
