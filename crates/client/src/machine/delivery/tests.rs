use super::*;
use crate::machine::control::Hello;
use crate::machine::fixtures::{SECOND, context, events, pass};

const OPEN: Channel = Channel { is_open: true, joins_parts: true };

fn hello(session: &str, peer: &str, received: u64) -> Hello {
    Hello { version: 1, session: session.into(), peer: Some(peer.into()), received, name: None }
}

/// A session whose peer has greeted.
fn met(cx: &mut Context) -> Delivery {
    let mut delivery = Delivery::default();
    delivery.begin_session("us".into());
    delivery.on_greeting(cx, &hello("them", "us", 0)).unwrap();
    delivery
}

fn accept(delivery: &mut Delivery, cx: &mut Context, text: &str) -> u64 {
    delivery.accept(cx, text.into(), PeerKind::Durable).unwrap()
}

/// Hands over everything that can be.
fn pump(delivery: &mut Delivery, cx: &mut Context, channel: Channel) -> Vec<Frame> {
    let mut frames = Vec::new();
    while let Some(frame) = delivery.next_frame(cx, channel, || 0) {
        delivery.handed_over(cx, &frame, None, PeerKind::Durable);
        frames.push(frame);
    }
    frames
}

/// What became of each message, in order.
fn outcomes(cx: &mut Context) -> Vec<(u64, Option<DropReason>)> {
    let outcome = |event| match event {
        Event::MessagesDelivered { ids } => ids.into_iter().map(|id| (id, None)).collect(),
        Event::MessageDropped { id, reason, .. } => vec![(id, Some(reason))],
        _ => Vec::new(),
    };
    events(cx).into_iter().flat_map(outcome).collect()
}

#[test]
fn every_accepted_message_is_delivered_or_reported_and_only_once() {
    let mut cx = context();
    let mut delivery = met(&mut cx);
    for text in ["1", "2", "3"] {
        accept(&mut delivery, &mut cx, text);
    }
    pump(&mut delivery, &mut cx, OPEN);
    delivery.on_acknowledged(&mut cx, 2).unwrap();
    delivery.end_session(&mut cx, false);
    delivery.end_session(&mut cx, false);
    assert_eq!(outcomes(&mut cx), [(1, None), (2, None), (3, Some(DropReason::Closed))]);
    assert!(delivery.is_empty());
}

#[test]
fn after_a_loss_nothing_goes_out_before_the_peer_has_said_what_it_has() {
    let mut cx = context();
    let mut delivery = met(&mut cx);
    for text in ["1", "2"] {
        accept(&mut delivery, &mut cx, text);
    }
    pump(&mut delivery, &mut cx, OPEN);
    delivery.on_connection_replaced();
    assert!(delivery.awaits_greeting() && pump(&mut delivery, &mut cx, OPEN).is_empty());
    delivery.on_greeting(&mut cx, &hello("them", "us", 1)).unwrap();
    assert_eq!(pump(&mut delivery, &mut cx, OPEN), [Frame::Text("2".into())]);
    assert_eq!(outcomes(&mut cx), [(1, None)]);
}

#[test]
fn a_reload_keeps_in_flight_what_was_in_flight() {
    let mut cx = context();
    let mut before = met(&mut cx);
    accept(&mut before, &mut cx, "1");
    pump(&mut before, &mut cx, OPEN);
    accept(&mut before, &mut cx, "2");
    let saved = before.save(cx.now()).expect("there is a peer");
    let mut after = Delivery::default();
    after.resume(&mut cx, saved);
    assert_eq!((after.levels().unacknowledged, after.levels().waiting), (1, 1));
    events(&mut cx);
    after.on_greeting(&mut cx, &hello("them", "us", 1)).unwrap();
    assert_eq!(pump(&mut after, &mut cx, OPEN), [Frame::Text("2".into())]);
    assert_eq!(outcomes(&mut cx), [(1, None)]);
}

#[test]
fn a_peer_that_has_lost_its_memory_gets_nothing_twice() {
    let mut cx = context();
    let mut delivery = met(&mut cx);
    accept(&mut delivery, &mut cx, "1");
    pump(&mut delivery, &mut cx, OPEN);
    accept(&mut delivery, &mut cx, "2");
    delivery.on_connection_replaced();
    delivery.on_greeting(&mut cx, &hello("others", "us", 0)).unwrap();
    assert_eq!(outcomes(&mut cx), [(1, Some(DropReason::Unknown))]);
    assert_eq!(pump(&mut delivery, &mut cx, OPEN), [Frame::Text("2".into())]);
}

#[test]
fn an_acknowledgement_of_what_was_never_sent_releases_nothing() {
    let mut cx = context();
    let mut delivery = met(&mut cx);
    accept(&mut delivery, &mut cx, "1");
    pump(&mut delivery, &mut cx, OPEN);
    assert_eq!(delivery.on_acknowledged(&mut cx, 2), Err(Overstated { delivered: 2, sent: 1 }));
    assert!(outcomes(&mut cx).is_empty() && !delivery.is_empty());
}

#[test]
fn what_comes_is_acknowledged_soon_and_much_of_it_at_once() {
    let mut cx = context();
    let mut delivery = met(&mut cx);
    delivery.on_message(&mut cx, "1".into(), PeerKind::Durable);
    assert_eq!(cx.next_timeout(), Some(ACK_PAUSE));
    for _ in 1..ACK_AFTER {
        delivery.on_message(&mut cx, "1".into(), PeerKind::Durable);
    }
    assert_eq!(cx.next_timeout(), Some(Duration::ZERO));
    assert_eq!(delivery.acknowledgement(&mut cx), Some(ACK_AFTER));
    assert_eq!(delivery.acknowledgement(&mut cx), None, "there is nothing new");
    delivery.on_message(&mut cx, "1".into(), PeerKind::Plain);
    assert_eq!(cx.next_timeout(), None, "a plain peer would not know what that is");
}

#[test]
fn a_plain_peer_acknowledges_nothing_and_gets_no_parts() {
    let mut cx = context();
    let mut delivery = Delivery::default();
    delivery.begin_session("us".into());
    accept(&mut delivery, &mut cx, "1");
    let large = "9".repeat(SAFE_MESSAGE_BYTES + 1);
    accept(&mut delivery, &mut cx, &large);
    let plain = Channel { is_open: true, joins_parts: false };
    assert_eq!(pump(&mut delivery, &mut cx, plain).len(), 1, "parts wait until it is known that the peer joins them");
    delivery.on_plain_peer(&mut cx);
    assert_eq!(outcomes(&mut cx), [(2, Some(DropReason::TooLarge))]);
    assert!(delivery.is_empty());
    let refused = delivery.accept(&mut cx, large.as_str().into(), PeerKind::Plain);
    assert!(matches!(refused, Err(WebRtcError::MessageTooLarge { .. })));
}

#[test]
fn a_browser_that_refuses_is_asked_again_when_it_has_room() {
    let mut cx = context();
    let mut delivery = met(&mut cx);
    let id = accept(&mut delivery, &mut cx, "1");
    delivery.on_refused(&mut cx, "full".into());
    assert!(delivery.next_frame(&cx, OPEN, || 0).is_none());
    delivery.on_channel_drained();
    assert!(delivery.next_frame(&cx, OPEN, || 0).is_some());
    assert!(delivery.next_frame(&cx, OPEN, || usize::MAX).is_none(), "nor while the channel is full");
    assert!(delivery.withdraw(id) && delivery.is_empty());
}

#[test]
fn what_waits_for_too_long_is_reported() {
    let mut cx = context();
    let mut delivery = met(&mut cx);
    accept(&mut delivery, &mut cx, "1");
    let due = cx.next_timeout().expect("it is watched");
    assert_eq!(due, cx.settings.max_buffer_age);
    pass(&mut cx, due + SECOND);
    delivery.expire(&mut cx);
    assert_eq!(outcomes(&mut cx), [(1, Some(DropReason::Expired))]);
}

#[test]
fn a_channel_is_not_asked_what_it_holds_while_nothing_waits() {
    let mut cx = context();
    let mut delivery = met(&mut cx);
    let asked = std::cell::Cell::new(0);
    let next = |delivery: &Delivery, cx: &Context| {
        delivery.next_frame(cx, OPEN, || {
            asked.set(asked.get() + 1);
            0
        })
    };
    assert!(next(&delivery, &cx).is_none() && asked.get() == 0);
    accept(&mut delivery, &mut cx, "1");
    assert!(next(&delivery, &cx).is_some() && asked.get() == 1);
}

#[test]
fn many_messages_are_acknowledged_together_and_few_after_a_moment() {
    let mut cx = context();
    let mut delivery = met(&mut cx);
    let mut acknowledged = Vec::new();
    for message in 1..=1000 {
        delivery.on_message(&mut cx, message.to_string(), PeerKind::Durable);
        let now = cx.now();
        if cx.timers().pop_due(now) == Some(Timer::Acknowledge) {
            acknowledged.extend(delivery.acknowledgement(&mut cx));
        }
    }
    assert_eq!(acknowledged, [128, 256, 384, 512, 640, 768, 896]);
    assert_eq!(cx.next_timeout(), Some(cx.now() + ACK_PAUSE));
}
