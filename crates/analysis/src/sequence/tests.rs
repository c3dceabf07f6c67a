//! tidy: long because it has the cases of whole handshakes, and what must hold of each

use std::time::Duration;

use registry_client::event::{CandidateStep, DescriptionStep};
use registry_client::json::Json;
use registry_client::testing::{Faults, IceFate, Pair, PairConfig};
use registry_client::{Event, TraceEvent};

use super::*;
use crate::Track;

const SECOND: Duration = Duration::from_secs(1);

fn pair(extended: bool) -> Pair {
    let faults = Faults { delay: Duration::from_millis(40), ..Faults::default() };
    let registry = registry_core::Config { extended, ..registry_core::Config::default() };
    Pair::new(PairConfig { faults, registry, ..PairConfig::default() })
}

fn connected(extended: bool) -> Pair {
    let mut pair = pair(extended);
    pair.meet().expect("they meet");
    pair.connect();
    pair.world.run_for(SECOND);
    pair
}

fn tracks(pair: &Pair) -> [Track; 2] {
    [&pair.host, &pair.guest].map(|client| Track::new(client.trace().events()))
}

/// Of the host, of the guest, and of both.
fn three(pair: &Pair) -> [Sequence; 3] {
    let [host, guest] = tracks(pair);
    [vec![host.clone()], vec![guest.clone()], vec![host, guest]].map(|tracks| sequence(&Tracks::new(tracks)))
}

fn arrow(row: &Row) -> String {
    let shaft = if row.inferred { "-->" } else { "->" };
    format!("{}{shaft}{} {}", row.from.word(), row.to.word(), row.kind.word())
}

/// The arrows of these kinds, in order.
fn arrows(sequence: &Sequence, kinds: &[Kind]) -> Vec<String> {
    sequence.rows.iter().filter(|row| kinds.contains(&row.kind) && !row.is_note()).map(|row| arrow(row)).collect()
}

const DESCRIPTIONS: [Kind; 3] = [Kind::Offer, Kind::Answer, Kind::Open];

/// What holds for every diagram.
fn check(sequence: &Sequence, tracks: &[Track]) {
    let late = sequence.rows.windows(2).find(|two| two[0].at_ms > two[1].at_ms);
    assert!(late.is_none(), "in the order of time: {late:?}");
    assert!(sequence.rows.len() <= MOST_ROWS);
    let document = sequence.svg();
    roxmltree::Document::parse(&document).expect("well-formed");
    check_mermaid(&sequence.mermaid());
    if sequence.earlier > 0 {
        return;
    }
    let all = || tracks.iter().flat_map(|track| &track.events);
    let count = |what: fn(&Event) -> bool| all().filter(|entry| what(&entry.event)).count();
    // Every response belongs to a request, and none is drawn twice or lost.
    let calls = sequence.rows.iter().filter(|row| row.to == Lane::Registry && !row.is_note() && !row.inferred);
    let requests = count(|event| matches!(event, Event::Request { .. }));
    assert_eq!(calls.map(|row| row.count).sum::<usize>(), requests);
    let kept = |row: &Row, what: fn(&Event) -> bool| row.events.iter().filter(|entry| what(&entry.event)).count();
    let everywhere = |what| sequence.rows.iter().map(|row| kept(row, what)).sum::<usize>();
    if sequence.rows.iter().all(|row| row.more == 0) {
        let each: [fn(&Event) -> bool; 5] = [
            |event| matches!(event, Event::Request { .. }),
            |event| matches!(event, Event::Response { .. }),
            |event| matches!(event, Event::Offer { step: DescriptionStep::Posted, .. }),
            |event| matches!(event, Event::Answer { step: DescriptionStep::Posted, .. }),
            |event| matches!(event, Event::LocalCandidate { step: CandidateStep::Posted, .. }),
        ];
        for what in each {
            assert_eq!(everywhere(what), count(what));
        }
    }
    // Each message is in exactly one row; of two tracks, where it was sent.
    let drawn = sequence.rows.iter().filter(|row| row.kind == Kind::Message).map(|row| row.count).sum::<usize>();
    let sent = count(|event| matches!(event, Event::MessageSent { .. }));
    let received = count(|event| matches!(event, Event::Message { .. }));
    assert_eq!(drawn, if tracks.len() == 1 { sent + received } else { sent });
}

/// What Mermaid's grammar has of it: a head, three lanes, then messages and notes, each a statement on a line.
fn check_mermaid(text: &str) {
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("sequenceDiagram"));
    for lane in Lane::ALL {
        assert_eq!(lines.next(), Some(&*format!("    participant {} as {}", lane.word(), lane.title())));
    }
    let lanes = Lane::ALL.map(Lane::word);
    for line in lines {
        let (head, said) = line.trim_start().split_once(": ").expect("a statement has a text");
        let places: Vec<&str> = match head.strip_prefix("Note over ") {
            Some(over) => over.split(',').collect(),
            None => {
                ["-->>", "->>", "-x"].iter().find_map(|arrow| head.split_once(arrow)).map(|(a, b)| vec![a, b]).unwrap()
            }
        };
        assert!(places.iter().all(|place| lanes.contains(place)), "{line}");
        // Nothing but whole entities may have these.
        let plain = said
            .split('#')
            .skip(1)
            .all(|rest| rest.split_once(';').is_some_and(|(code, _)| code.parse::<u32>().is_ok()));
        let semicolons = said.matches(';').count() == said.matches('#').count();
        assert!(!said.is_empty() && plain && semicolons && !said.contains(['%', '<', '>', '$', '&', '"']), "{line}");
    }
}

#[test]
fn of_both_peers_every_arrow_was_seen() {
    for extended in [true, false] {
        let pair = connected(extended);
        let [.., both] = three(&pair);
        check(&both, &tracks(&pair));
        assert!(both.rows.iter().all(|row| !row.inferred));
        let expected =
            ["host->registry offer", "registry->guest offer", "guest->registry answer", "registry->host answer"];
        let found = arrows(&both, &DESCRIPTIONS);
        assert_eq!(found.len(), 5, "{found:?}");
        assert!(expected.iter().all(|arrow| found.contains(&(*arrow).to_owned())), "{found:?}");
        assert_eq!(found.last().map(String::as_str), Some("host->guest open"));
    }
}

#[test]
fn of_the_host_alone_the_guests_part_is_inferred() {
    let pair = connected(true);
    let [host, ..] = three(&pair);
    check(&host, &tracks(&pair)[..1]);
    let expected = [
        "host->registry offer",
        "registry-->guest offer",
        "guest-->registry answer",
        "registry->host answer",
        "host->guest open",
    ];
    assert_eq!(arrows(&host, &DESCRIPTIONS), expected);
    assert!(arrows(&host, &[Kind::Candidates]).contains(&"guest-->registry candidates".to_owned()));
    assert_eq!(host.seen, [Lane::Host]);
}

#[test]
fn of_the_guest_alone_the_hosts_part_is_inferred() {
    for extended in [true, false] {
        let pair = connected(extended);
        let [_, guest, _] = three(&pair);
        check(&guest, &tracks(&pair)[1..]);
        let expected = [
            "host-->registry offer",
            "registry->guest offer",
            "guest->registry answer",
            "registry-->host answer",
            "host->guest open",
        ];
        assert_eq!(arrows(&guest, &DESCRIPTIONS), expected);
        assert_eq!(arrow(&guest.rows[0]), "host-->registry room");
    }
}

#[test]
fn a_guest_that_joins_later_is_seen_to_join() {
    let mut pair = pair(true);
    let room = pair.create().expect("a room");
    let waiting = pair.host.start_connection();
    pair.world.run_for(SECOND * 5);
    let [host, ..] = three(&pair);
    let last = host.rows.iter().rev().find(|row| row.kind == Kind::Wait).expect("a wait");
    assert!(last.open && last.until_ms.is_none(), "{last:?}");
    pair.join(&room).expect("it joins");
    let both = futures::future::try_join(waiting, pair.guest.start_connection());
    pair.world.block_on(SECOND * 30, both).expect("it ends").expect("they connect");
    let [host, ..] = three(&pair);
    let joins = host.rows.iter().position(|row| row.label.words == "join the room").expect("a guest joins");
    assert!(host.rows[joins].inferred && host.rows[joins + 1].label.words == "a guest has joined");
}

#[test]
fn polls_that_bring_nothing_are_one_row() {
    let mut pair = pair(false);
    pair.create().expect("a room");
    drop(pair.host.start_connection());
    pair.world.run_for(SECOND * 20);
    let [host, ..] = three(&pair);
    check(&host, &tracks(&pair)[..1]);
    let polls: Vec<_> = host.rows.iter().filter(|row| row.kind == Kind::Poll).collect();
    let many = polls.iter().find(|row| row.count > 10).expect("many in one");
    assert_eq!((polls.len() < 5, many.times()), (true, format!("×{}", many.count)));
}

#[test]
fn messages_that_follow_closely_are_one_row_and_say_what_became_of_them() {
    let mut pair = connected(true);
    for number in 0..120 {
        pair.host.send_message(serde_json::json!(number)).expect("it is accepted");
        if number % 40 == 0 {
            pair.guest.send_message(serde_json::json!("yes")).expect("it is accepted");
        }
        pair.world.run_for(Duration::from_millis(5));
    }
    pair.world.run_for(SECOND * 3);
    let all = three(&pair);
    let tracks = tracks(&pair);
    check(&all[0], &tracks[..1]);
    check(&all[2], &tracks);
    for sequence in &all {
        let bursts: Vec<_> = sequence.rows.iter().filter(|row| row.kind == Kind::Message).collect();
        let of = |lane| bursts.iter().filter(|row| row.from == lane).map(|row| row.count).collect::<Vec<_>>();
        assert_eq!((of(Lane::Host), of(Lane::Guest)), (vec![120], vec![3]));
        let hosts = bursts.iter().find(|row| row.from == Lane::Host).expect("the host's");
        assert_eq!(hosts.events.len() + hosts.more, if sequence.seen.len() > 1 { 240 } else { 120 });
    }
    let is_hosts = |row: &&Rc<Row>| row.kind == Kind::Message && row.from == Lane::Host;
    let back = |sequence: &Sequence| sequence.rows.iter().find(is_hosts).and_then(|row| row.back.clone());
    assert_eq!(back(&all[0]), Some(Label::new("acknowledged")));
    assert_eq!(back(&all[1]), None, "what a guest has received, it has not sent");
}

#[test]
fn what_is_on_its_way_has_not_arrived() {
    let mut pair = connected(true);
    pair.ether.cut();
    pair.host.send_message(serde_json::json!("hello")).expect("it is accepted");
    pair.world.run_for(SECOND);
    let [.., both] = three(&pair);
    let message = both.rows.iter().find(|row| row.kind == Kind::Message).expect("a message");
    assert_eq!(message.back, Some(Label::new("not arrived")));
    assert_eq!(message.label.quote.as_deref(), Some("\"hello\""));
}

#[test]
fn a_cut_and_every_attempt_to_reconnect_are_there() {
    let mut pair = connected(true);
    pair.ether.cut();
    pair.world.run_for(SECOND * 40);
    pair.ether.heal();
    pair.world.run_for(SECOND * 60);
    let all = three(&pair);
    check(&all[0], &tracks(&pair)[..1]);
    check(&all[2], &tracks(&pair));
    for sequence in &all {
        let kinds: Vec<_> = sequence.rows.iter().map(|row| row.kind).collect();
        for kind in [Kind::Cut, Kind::Reconnect] {
            assert!(kinds.contains(&kind), "{kind:?}");
        }
        let restored = sequence.rows.iter().find(|row| row.label.words.starts_with("reconnected")).expect("it is back");
        assert!(!restored.is_note() && restored.label.words.contains("was lost for"));
    }
}

#[test]
fn a_restart_over_the_control_channel_goes_directly() {
    let mut pair = connected(true);
    pair.ether.cut();
    pair.world.run_for(SECOND * 6);
    pair.ether.heal();
    pair.world.run_for(SECOND * 20);
    let restarted = pair.host.count("ice:restart") > 0;
    let [.., both] = three(&pair);
    check(&both, &tracks(&pair));
    let direct = arrows(&both, &[Kind::Offer]).contains(&"host->guest offer".to_owned());
    let at_registry = arrows(&both, &[Kind::Offer]).len() > 2;
    assert_eq!(restarted, direct || at_registry);
}

#[test]
fn failures_are_marked_and_repeated_ones_are_one_row() {
    let mut pair = pair(true);
    pair.meet().expect("they meet");
    pair.network.down.set(true);
    drop(pair.host.start_connection());
    pair.world.run_for(SECOND * 10);
    let [host, ..] = three(&pair);
    check(&host, &tracks(&pair)[..1]);
    let failed = host.rows.iter().find(|row| row.bad && !row.is_note() && row.count > 1).expect("repeated calls");
    assert!(failed.back.as_ref().is_some_and(|back| back.words.starts_with("no answer") && back.quote.is_some()));
}

#[test]
fn whatever_the_network_does_the_diagram_is_whole() {
    for seed in 0..12 {
        let faults = Faults {
            delay: Duration::from_millis(200),
            lose_request: 0.1,
            lose_answer: 0.1,
            too_many: 0.1,
            internal_error: 0.1,
            rubbish: 0.05,
            ..Faults::default()
        };
        let registry = registry_core::Config { extended: seed % 2 == 0, ..registry_core::Config::default() };
        let mut pair = Pair::new(PairConfig { seed, faults, registry, ..PairConfig::default() });
        if seed % 3 == 0 {
            pair.ether.fate.set(IceFate::Fails);
        }
        if pair.meet().is_ok() {
            pair.connect();
        }
        pair.world.run_for(SECOND * 5);
        let all = three(&pair);
        let tracks = tracks(&pair);
        check(&all[0], &tracks[..1]);
        check(&all[1], &tracks[1..]);
        check(&all[2], &tracks);
    }
}

#[test]
fn of_a_long_story_the_latest_rows_are_drawn() {
    let mut pair = pair(true);
    for _ in 0..60 {
        pair.create().expect("a room");
        drop(pair.host.start_connection());
        pair.world.run_for(SECOND * 20);
        let closed = pair.host.close_room();
        pair.world.block_on(SECOND * 10, closed).expect("it ends");
    }
    let [host, ..] = three(&pair);
    assert_eq!(host.rows.len(), MOST_ROWS);
    assert!(host.earlier > 0);
    check(&host, &tracks(&pair)[..1]);
    assert!(host.mermaid().contains(&format!("{} earlier rows are left out", host.earlier)));
    assert!(host.svg().contains(&format!("… {} earlier", host.earlier)));
}

#[test]
fn an_injected_fault_is_marked_and_hostile_text_stays_text() {
    let hostile = "<script>\u{202e}]]>;%%{init}%%\n#x\"&'";
    let events = [
        Event::Fault(registry_client::types::fault::InjectedFault {
            action: "lost".into(),
            target: hostile.into(),
            delay_ms: None,
            status: None,
            rule: None,
        }),
        Event::IceCandidateError { url: hostile.into(), code: 701, text: hostile.into() },
        Event::Message { data: Json::of(hostile), bytes: 9 },
        Event::DataChannelError { reason: hostile.into() },
    ];
    let entries = events.into_iter().enumerate().map(|(index, event)| {
        Rc::new(TraceEvent { seq: index as u64 + 1, at_ms: index as f64 * 100.0, epoch_ms: 0.0, event })
    });
    let track = Track::new(entries.collect());
    let sequence = sequence(&Tracks::new(vec![track.clone()]));
    check(&sequence, &[track]);
    assert_eq!((sequence.rows[0].kind, sequence.rows[0].is_note()), (Kind::Fault, true));
    assert!(sequence.rows.iter().all(|row| !row.label.words.contains("script")), "it is only quoted");
    assert_eq!(sequence.elapsed(&sequence.rows[3]), "0.300");
}
