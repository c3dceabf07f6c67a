//! tidy: long because it has the cases of whole handshakes, and what must hold of each

use std::time::Duration;

use registry_client::ConnectionState;
use registry_client::event::CandidateStep;
use registry_client::interfaces::webrtc::{
    CandidateEnd, CandidatePair, DataChannelState, IceConnectionState, IceGatheringState, PeerConnectionState,
};
use registry_client::protocol::IceCandidate;
use registry_client::testing::{Faults, IceFate, Pair, PairConfig};
use registry_client::types::environment::Environment;

use super::*;

const SECOND: Duration = Duration::from_secs(1);

fn pair(extended: bool, longest_delay_ms: u64) -> Pair {
    let faults = Faults { delay: Duration::from_millis(longest_delay_ms), ..Faults::default() };
    let registry = registry_core::Config { extended, ..registry_core::Config::default() };
    Pair::new(PairConfig { faults, registry, ..PairConfig::default() })
}

/// Of the host, of the guest, and of both.
fn three(pair: &Pair) -> [Waterfall; 3] {
    let [host, guest] = [&pair.host, &pair.guest].map(|client| Track::new(client.trace().events()));
    [vec![host.clone()], vec![guest.clone()], vec![host, guest]].map(|tracks| waterfall(&Tracks::new(tracks)))
}

fn view(waterfall: &Waterfall) -> View {
    waterfall.view(0, waterfall.end_ms).expect("a handshake")
}

fn longest(waterfall: &Waterfall) -> String {
    view(waterfall).longest.expect("a sentence").to_string()
}

fn row<'a>(view: &'a View, peer: Role, words: &str) -> &'a Row {
    view.rows.iter().find(|row| row.peer == peer && row.words == words).unwrap_or_else(|| panic!("no {words}"))
}

/// What holds for every waterfall.
fn check(waterfall: &Waterfall) {
    for (index, part) in waterfall.parts().iter().enumerate() {
        let View { rows, scale, longest } = waterfall.view(index, waterfall.end_ms).expect("a part");
        assert!(longest.is_none_or(|sentence| sentence.to_string().ends_with('.')));
        let places: Vec<_> = rows.iter().map(Row::place).collect();
        assert!(places.is_sorted(), "by peer and by time");
        for bar in rows.iter().flat_map(|row| &row.bars) {
            let (from, to) = (scale.at(bar.from_ms), scale.at(bar.to_ms.unwrap_or(waterfall.end_ms)));
            assert!((0.0..=1.0).contains(&from) && from <= to && to <= 1.0, "{part:?} {bar:?} {from} {to}");
        }
        let ticks = scale.ticks();
        assert!(ticks.len() <= 10 && ticks.windows(2).all(|two| two[0].at < two[1].at), "{ticks:?}");
        for Break { from, to, ms } in scale.breaks() {
            assert!(from < to && ms >= 1_000.0);
        }
    }
}

#[test]
fn the_phases_of_a_handshake_follow_each_other() {
    for extended in [true, false] {
        let mut pair = pair(extended, 40);
        pair.meet().expect("they meet");
        pair.connect();
        pair.world.run_for(SECOND);
        for (waterfall, peers) in
            three(&pair).iter().zip([&[Role::Host][..], &[Role::Guest], &[Role::Host, Role::Guest]])
        {
            check(waterfall);
            assert!(!waterfall.goes_on(0));
            let view = view(waterfall);
            for peer in peers {
                let ends = ["gathering", "connectivity checks", "DTLS handshake", "data channel"]
                    .map(|words| row(&view, *peer, words));
                assert!(ends.iter().all(|row| row.bars.len() == 1 && row.bars[0].to_ms.is_some() && !row.bars[0].bad));
                assert_eq!(ends[1].bars[0].to_ms, Some(ends[2].bars[0].from_ms));
                assert_eq!(ends[2].bars[0].to_ms, Some(ends[3].bars[0].from_ms));
            }
            let peers_there = |peer| view.rows.iter().any(|row| row.peer == peer);
            assert_eq!(
                [Role::Host, Role::Guest].map(peers_there),
                [Role::Host, Role::Guest].map(|peer| peers.contains(&peer))
            );
        }
    }
}

#[test]
fn every_request_has_its_bar_and_waiting_is_no_work() {
    let mut pair = pair(true, 40);
    let room = pair.create().expect("a room");
    let waiting = pair.host.start_connection();
    pair.world.run_for(SECOND * 3);
    let [host, ..] = three(&pair);
    check(&host);
    let now = view(&host);
    let wait = row(&now, Role::Host, "wait for news");
    assert_eq!((wait.kind, wait.bars.last().and_then(|bar| bar.to_ms)), (Kind::Wait, None));
    assert_eq!(row(&now, Role::Host, "until a guest joins").kind, Kind::Person);
    let sentence = host.view(0, 3_100.0).and_then(|view| view.longest).expect("a sentence").to_string();
    assert!(
        sentence.starts_with("So far 3.1 s: of that, 3.0 s were the wait for somebody to join as the guest"),
        "{sentence}"
    );
    pair.join(&room).expect("it joins");
    let both = futures::future::try_join(waiting, pair.guest.start_connection());
    pair.world.block_on(SECOND * 30, both).expect("it ends").expect("they connect");
    let [host, ..] = three(&pair);
    let view = view(&host);
    let bars = view.rows.iter().filter(|row| matches!(row.kind, Kind::Request | Kind::Wait)).flat_map(|row| &row.bars);
    assert_eq!(bars.map(|bar| bar.count).sum::<usize>(), pair.host.count("request"));
}

#[test]
fn people_are_told_apart_from_machines() {
    let mut pair = pair(true, 40);
    pair.meet().expect("they meet");
    pair.world.run_for(SECOND * 60);
    pair.connect();
    let [host, _, both] = three(&pair);
    for waterfall in [&host, &both] {
        check(waterfall);
        let sentence = longest(waterfall);
        assert!(sentence.contains("the wait for somebody to press start at the host; of the "), "{sentence}");
        assert!(sentence.starts_with("Of 1:00, 1:00 were"), "{sentence}");
        // A minute of waiting leaves room for what follows.
        let view = view(waterfall);
        assert_eq!(view.scale.breaks().len(), 1);
        let checks = &row(&view, Role::Host, "data channel").bars[0];
        assert!(view.scale.at(checks.from_ms) - view.scale.breaks()[0].to > 0.3);
    }
}

#[test]
fn with_both_tracks_the_wait_for_the_other_is_what_the_other_did() {
    let mut pair = pair(true, 0);
    let room = pair.create().expect("a room");
    let waiting = pair.host.start_connection();
    pair.world.run_for(SECOND * 2);
    pair.join(&room).expect("it joins");
    pair.world.run_for(SECOND * 7);
    let both = futures::future::try_join(waiting, pair.guest.start_connection());
    pair.world.block_on(SECOND * 30, both).expect("it ends").expect("they connect");
    let [host, _, both] = three(&pair);
    assert!(longest(&host).contains("7.0 s were the wait for the guest’s answer"), "{}", longest(&host));
    assert!(
        longest(&both).contains("7.0 s were the wait for somebody to press start at the guest"),
        "{}",
        longest(&both)
    );
}

#[test]
fn a_slow_registry_is_named() {
    let mut pair = pair(true, 4_000);
    pair.meet().expect("they meet");
    pair.connect();
    let [host, guest, both] = three(&pair);
    for waterfall in [&host, &guest, &both] {
        check(waterfall);
    }
    let sentence = longest(&guest);
    assert!(sentence.contains("joining the room") || sentence.contains("the host’s offer"), "{sentence}");
}

#[test]
fn a_failed_handshake_ends_with_what_failed() {
    let mut pair = pair(true, 10);
    pair.ether.fate.set(IceFate::Fails);
    pair.meet().expect("they meet");
    pair.connect();
    pair.world.run_for(SECOND * 60);
    let [host, ..] = three(&pair);
    check(&host);
    let view = view(&host);
    assert!(row(&view, Role::Host, "connectivity checks").bars[0].bad);
    assert!(!host.goes_on(0));
    let sentence = longest(&host);
    assert!(
        sentence.starts_with("Ended after 15.") && sentence.contains("15.0 s were connectivity checks"),
        "{sentence}"
    );
}

#[test]
fn retries_and_their_pauses_are_there() {
    let mut pair = pair(true, 10);
    pair.meet().expect("they meet");
    pair.network.down.set(true);
    drop(pair.host.start_connection());
    pair.world.run_for(SECOND * 10);
    let [host, ..] = three(&pair);
    check(&host);
    let view = view(&host);
    let pauses = row(&view, Role::Host, "back-off");
    assert!(pauses.bars.len() > 1 && pauses.took_ms(host.end_ms) > 1_000.0, "{pauses:?}");
    let failed = view.rows.iter().flat_map(|row| &row.bars).filter(|bar| bar.bad).count();
    assert_eq!(failed, pair.host.count("request:failed"));
}

#[test]
fn each_loss_is_a_part_of_its_own() {
    let mut pair = pair(true, 40);
    pair.meet().expect("they meet");
    pair.connect();
    for _ in 0..2 {
        pair.world.run_for(SECOND * 60);
        pair.ether.cut();
        pair.world.run_for(SECOND * 40);
        pair.ether.heal();
    }
    pair.world.run_for(SECOND * 60);
    for waterfall in three(&pair) {
        check(&waterfall);
        let words: Vec<_> = waterfall.parts().iter().map(|part| part.words.as_str()).collect();
        assert_eq!(words, ["Handshake", "Reconnect 1", "Reconnect 2"]);
        let reconnect = waterfall.view(1, waterfall.end_ms).expect("a reconnect");
        assert_eq!(reconnect.rows[0].kind, Kind::Reconnect);
        let sentence = reconnect.longest.expect("a sentence").to_string();
        assert!(
            sentence.starts_with("The connection was lost for ") && sentence.contains("connectivity checks"),
            "{sentence}"
        );
        assert!(view(&waterfall).rows.iter().all(|row| row.kind != Kind::Reconnect));
    }
}

#[test]
fn a_row_has_no_more_bars_than_can_be_told_apart() {
    let mut pair = pair(false, 10);
    pair.create().expect("a room");
    drop(pair.host.start_connection());
    pair.world.run_for(SECOND * 150);
    let [host, ..] = three(&pair);
    check(&host);
    let view = view(&host);
    let polls = row(&view, Role::Host, "read the room");
    assert!(
        polls.bars.len() <= 48 && polls.bars.iter().map(|bar| bar.count).sum::<usize>() > 48,
        "{}",
        polls.bars.len()
    );
}

#[test]
fn before_anything_has_happened_there_is_nothing() {
    let nothing = waterfall(&Tracks::new(vec![Track::default(), Track::default()]));
    assert!(nothing.parts().is_empty() && nothing.view(0, 0.0).is_none() && !nothing.goes_on(0));
    let environment = traced([(0.0, Event::Environment(Box::default()))]);
    assert!(environment.parts().is_empty());
}

fn traced(events: impl IntoIterator<Item = (f64, Event)>) -> Waterfall {
    let entries = events
        .into_iter()
        .enumerate()
        .map(|(index, (at_ms, event))| Rc::new(TraceEvent { seq: index as u64 + 1, at_ms, epoch_ms: at_ms, event }));
    waterfall(&Tracks::new(vec![Track::new(entries.collect())]))
}

/// A host whose TURN server takes 1.2 s, and whose STUN servers say little.
fn with_servers() -> Waterfall {
    let state = |from, to| Event::State { from, to, reason: None };
    let gathered = |line: &str| {
        let candidate = IceCandidate { candidate: line.into(), sdp_mid: None, sdp_m_line_index: None };
        Event::LocalCandidate { step: CandidateStep::Gathered, candidate: Some(candidate), reason: None }
    };
    let end = |kind: &str| CandidateEnd {
        candidate_type: kind.into(),
        protocol: "udp".into(),
        address: "192.0.2.1".into(),
        port: 1,
    };
    let servers = ["stun:quiet.example", "stun:dead.example", "turn:relay.example?transport=udp"];
    let environment = Environment { ice_servers: servers.map(str::to_owned).to_vec(), ..Environment::default() };
    let answered = Event::IceServerAnswered {
        url: "turn:relay.example:3478?transport=udp".into(),
        candidate: Some("candidate:9 1 udp 1 203.0.113.9 5 typ relay".into()),
        relay_protocol: Some("udp".into()),
    };
    traced([
        (0.0, Event::Environment(Box::new(environment))),
        (100.0, state(ConnectionState::Idle, ConnectionState::Creating)),
        (130.0, state(ConnectionState::Creating, ConnectionState::Created)),
        (131.0, state(ConnectionState::Created, ConnectionState::Connecting)),
        (140.0, Event::IceGatheringState(IceGatheringState::Gathering)),
        (145.0, gathered("candidate:1 1 udp 1 192.0.2.1 1 typ host")),
        (400.0, Event::IceCandidateError { url: "stun:dead.example:3478".into(), code: 701, text: String::new() }),
        (500.0, Event::IceConnectionState(IceConnectionState::Checking)),
        (1_340.0, answered),
        (1_500.0, Event::IceConnectionState(IceConnectionState::Connected)),
        (1_520.0, Event::ConnectionState(PeerConnectionState::Connected)),
        (1_530.0, Event::DataChannel(DataChannelState::Open)),
        (1_531.0, Event::SelectedPair(CandidatePair { local: end("relay"), remote: end("host") })),
        (2_000.0, Event::IceGatheringState(IceGatheringState::Complete)),
    ])
}

#[test]
fn each_server_has_its_bar_and_the_one_that_was_waited_for_is_named() {
    let waterfall = with_servers();
    check(&waterfall);
    let view = view(&waterfall);
    let servers: Vec<_> = view.rows.iter().filter(|row| row.quote.is_some()).collect();
    let told = |row: &&Row| {
        (row.quote.clone().unwrap_or_default(), row.took_ms(0.0), row.bars[0].outcome.clone().unwrap_or_default())
    };
    let mut told: Vec<_> = servers.iter().map(told).collect();
    told.sort_by(|one, other| one.1.total_cmp(&other.1));
    assert_eq!(
        told,
        [
            ("stun:dead.example:3478".to_owned(), 260.0, "error 701".to_owned()),
            ("turn:relay.example:3478?transport=udp".to_owned(), 1_200.0, "relay".to_owned()),
            ("stun:quiet.example".to_owned(), 1_860.0, "nothing from it".to_owned()),
        ]
    );
    assert!(servers.iter().all(|row| row.bars[0].bad == row.quote.as_deref().is_some_and(|url| url.contains("dead"))));
    assert_eq!(row(&view, Role::Host, "host candidates").took_ms(0.0), 5.0);
    let sentence = view.longest.expect("a sentence");
    assert_eq!(sentence.quote.as_deref(), Some("turn:relay.example:3478?transport=udp"));
    assert!(sentence.before.ends_with("were the TURN server ") && sentence.after == " answering.", "{sentence}");
}
