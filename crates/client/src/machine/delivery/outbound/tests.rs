use super::*;

const NOW: Duration = Duration::ZERO;

fn filled(texts: &[&str]) -> Outbound {
    let mut outbound = Outbound::default();
    for text in texts {
        outbound.accept((*text).into(), NOW, &Settings::default()).unwrap();
    }
    outbound
}

fn hand_over(outbound: &mut Outbound, limit: usize) -> Option<Frame> {
    let frame = outbound.next_frame(limit)?;
    outbound.handed_over(&frame);
    Some(frame)
}

#[test]
fn what_is_not_acknowledged_goes_out_again_before_anything_new() {
    let mut outbound = filled(&["1", "2", "3"]);
    while hand_over(&mut outbound, 100).is_some() {}
    assert_eq!(outbound.acknowledge(1).unwrap(), [1]);
    assert!(outbound.acknowledge(1).unwrap().is_empty());
    outbound.accept("4".into(), NOW, &Settings::default()).unwrap();
    outbound.rewind();
    let again: Vec<_> = std::iter::from_fn(|| hand_over(&mut outbound, 100)).collect();
    assert_eq!(again, ["2", "3", "4"].map(|text| Frame::Text(text.into())));
    assert_eq!(outbound.acknowledge(4).unwrap(), [2, 3, 4]);
    assert_eq!(outbound.levels(), (0, 0, 0));
}

#[test]
fn an_acknowledgement_of_more_than_was_sent_is_refused_and_changes_nothing() {
    let mut outbound = filled(&["1"]);
    assert_eq!(outbound.acknowledge(1), Err(Overstated { delivered: 1, sent: 0 }));
    hand_over(&mut outbound, 100);
    assert_eq!(outbound.acknowledge(u64::MAX), Err(Overstated { delivered: u64::MAX, sent: 1 }));
    assert_eq!(outbound.acknowledge(1).unwrap(), [1]);
}

#[test]
fn what_was_in_flight_before_a_reload_is_in_flight_after_it() {
    let mut outbound = filled(&["1", "2", "3", "4"]);
    for _ in 0..3 {
        hand_over(&mut outbound, 100);
    }
    outbound.acknowledge(1).unwrap();
    let mut restored = Outbound::restored(outbound.saved(NOW), NOW);
    assert_eq!(restored.levels(), outbound.levels());
    assert_eq!(restored.acknowledge(2).unwrap(), [2], "it had arrived before the reload");
    restored.rewind();
    let again: Vec<_> = std::iter::from_fn(|| hand_over(&mut restored, 100)).collect();
    assert_eq!(again, ["3", "4"].map(|text| Frame::Text(text.into())));
    assert_eq!(restored.acknowledge(4).unwrap(), [3, 4]);
}

#[test]
fn where_dropping_all_that_waits_would_not_be_enough_nothing_is_dropped() {
    let settings =
        Settings { max_buffer_bytes: 8 * OVERHEAD_BYTES, buffer_overflow: Overflow::DropOldest, ..Settings::default() };
    let mut outbound = filled(&[&"x".repeat(4 * OVERHEAD_BYTES)]);
    hand_over(&mut outbound, 1000);
    outbound.accept("1".into(), NOW, &settings).unwrap();
    let before = outbound.levels();
    let large: Rc<str> = "y".repeat(3 * OVERHEAD_BYTES).into();
    assert!(matches!(outbound.accept(large, NOW, &settings), Err(Refused::Full { messages: 2, .. })));
    assert_eq!(outbound.levels(), before);
    let (_, dropped) = outbound.accept("z".repeat(OVERHEAD_BYTES).into(), NOW, &settings).unwrap();
    assert_eq!(dropped.len(), 1, "and where it is, no more than that");
}

#[test]
fn a_large_message_is_split_and_joined_and_begins_anew_on_a_new_channel() {
    let text = format!("\"{}\"", "ä".repeat(100));
    let mut outbound = filled(&[&text, "after"]);
    hand_over(&mut outbound, 64);
    outbound.rewind();
    let mut inbound = super::super::Inbound::default();
    let mut received = Vec::new();
    while let Some(frame) = hand_over(&mut outbound, 64) {
        match frame {
            Frame::Text(text) => received.push(text.to_string()),
            Frame::Part(part) => {
                assert!(part.len() <= 64);
                received.extend(inbound.part(&part).unwrap().map(|json| json.as_str().to_owned()));
            }
        }
    }
    assert_eq!(received, [text, "after".to_owned()]);
}

#[test]
fn a_full_buffer_refuses_or_drops_the_oldest_and_says_which() {
    let refuse = Settings { max_buffer_size: 2, ..Settings::default() };
    let mut outbound = filled(&["1", "2"]);
    let refused = outbound.accept("3".into(), NOW, &refuse).unwrap_err();
    assert_eq!(refused, Refused::Full { messages: 2, bytes: 2 + 2 * OVERHEAD_BYTES });
    let drop_oldest = Settings { buffer_overflow: Overflow::DropOldest, ..refuse };
    let (id, dropped) = outbound.accept("3".into(), NOW, &drop_oldest).unwrap();
    assert_eq!((id, dropped.iter().map(|message| message.id).collect::<Vec<_>>()), (3, vec![1]));
    let tiny = Settings { max_buffer_bytes: OVERHEAD_BYTES + 2, ..Settings::default() };
    assert_eq!(outbound.accept("123".into(), NOW, &tiny).unwrap_err(), Refused::TooLarge { limit: 2 });
}

#[test]
fn only_what_waits_expires() {
    let mut outbound = filled(&["1", "2"]);
    hand_over(&mut outbound, 100);
    let age = Duration::from_secs(60);
    assert_eq!(outbound.next_expiry(age), Some(age));
    assert!(outbound.expire(Duration::from_secs(59), age).is_empty());
    let expired = outbound.expire(age, age);
    assert_eq!(expired.iter().map(|message| message.id).collect::<Vec<_>>(), [2]);
    assert_eq!((outbound.levels().0, outbound.next_expiry(age)), (1, None));
}
