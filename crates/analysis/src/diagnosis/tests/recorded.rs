//! Complete clients in virtual time that something really happens to.
//!
//! tidy: long because each cause is one more case

use std::time::Duration;

use registry_client::error::WebRtcError;
use registry_client::interfaces::http::HttpResponse;
use registry_client::protocol::EpochMs;
use registry_client::testing::{Exchange, IceFate, PairConfig};
use registry_core::{Config, Ttl};

use super::*;

const SECOND: Duration = Duration::from_secs(1);

fn pair() -> Pair {
    Pair::new(PairConfig::default())
}

fn answer(status: u16, body: &str) -> HttpResponse {
    HttpResponse { status, body: body.to_owned(), ..HttpResponse::default() }
}

fn refusal(status: u16, code: &str) -> HttpResponse {
    answer(status, &format!(r#"{{"error":{{"code":"{code}","message":"no","retryable":false}}}}"#))
}

/// From now on this is the answer to the calls of these paths.
fn answers(pair: &Pair, to: fn(&Exchange) -> bool, with: HttpResponse) {
    let tamper = move |asked: &Exchange, real: HttpResponse| if to(asked) { with.clone() } else { real };
    pair.network.tamper.replace(Some(Box::new(tamper)));
}

/// The host starts, whatever comes of it.
fn host_starts(pair: &mut Pair, seconds: u32) {
    let _starting = pair.host.start_connection();
    pair.world.run_for(SECOND * seconds);
}

fn guest_starts(pair: &mut Pair, seconds: u32) {
    let _starting = pair.guest.start_connection();
    pair.world.run_for(SECOND * seconds);
}

fn both_start(pair: &mut Pair, seconds: u32) {
    let _starting = (pair.host.start_connection(), pair.guest.start_connection());
    pair.world.run_for(SECOND * seconds);
}

#[test]
fn a_registry_that_cannot_be_used_to_make_a_room() {
    for (with, expected) in [
        (answer(404, "<h1>Not Found</h1>"), Cause::WrongAddress),
        (answer(405, "<h1>Method Not Allowed</h1>"), Cause::WrongAddress),
        (answer(200, "<!doctype html><title>Log in</title>"), Cause::NotARegistry),
        (answer(204, ""), Cause::NotARegistry),
        (answer(403, "<h1>Forbidden by the proxy</h1>"), Cause::NotARegistry),
        (refusal(429, "rate_limited"), Cause::RateLimited),
        (refusal(503, "retry"), Cause::RegistryOverloaded),
        (answer(500, "<h1>Internal Server Error</h1>"), Cause::RegistryFailing),
        (refusal(400, "missing_version"), Cause::RegistryVersion),
    ] {
        let mut pair = pair();
        answers(&pair, |_| true, with);
        let error = pair.create().unwrap_err();
        assert_eq!(causes(&pair, &pair.host), [expected], "{error}");
        assert!(!found(&pair, &pair.host)[0].over);
        pair.network.tamper.take();
        pair.world.run_for(SECOND * 120);
        pair.create().unwrap();
        assert_eq!(causes(&pair, &pair.host), [], "the next session is another one");
    }
}

#[test]
fn a_registry_that_is_down() {
    let mut pair = pair();
    pair.network.down.set(true);
    pair.create().unwrap_err();
    assert_eq!(causes(&pair, &pair.host), [Cause::RegistryUnreachable]);
    pair.network.down.set(false);
    let room = pair.create().unwrap();
    pair.network.down.set(true);
    pair.join(&room).unwrap_err();
    assert_eq!(causes(&pair, &pair.guest), [Cause::RegistryUnreachable]);
    pair.network.down.set(false);
    pair.join(&room).unwrap();
    // During a handshake it is said while it lasts, and that it is over.
    pair.network.down.set(true);
    both_start(&mut pair, 5);
    assert_eq!(causes(&pair, &pair.host), [Cause::RegistryUnreachable]);
    pair.network.down.set(false);
    pair.world.run_for(SECOND * 20);
    assert_eq!(pair.states(), (ConnectionState::Connected, ConnectionState::Connected));
    let host = found(&pair, &pair.host);
    assert!(host.len() == 1 && host[0].over, "{host:?}");
    // A connection that stands is not much affected.
    pair.network.down.set(true);
    pair.world.run_for(SECOND * 600);
    let host = found(&pair, &pair.host);
    assert_eq!((host[0].cause, host[0].severity, host[0].over), (Cause::RegistryUnreachable, Severity::Warning, false));
}

#[test]
fn one_request_that_was_lost_is_no_finding() {
    let mut pair = pair();
    pair.meet().unwrap();
    host_starts(&mut pair, 1);
    pair.network.down.set(true);
    guest_starts(&mut pair, 0);
    pair.network.down.set(false);
    assert_eq!(pair.guest.count("request:failed"), 1);
    pair.world.run_for(SECOND);
    assert_eq!((causes(&pair, &pair.guest), causes(&pair, &pair.host)), (vec![], vec![]));
}

#[test]
fn joining_that_is_refused() {
    let mut pair = pair();
    let room = pair.create().unwrap();
    let join = |pair: &mut Pair, code: &str, join_code: &str| {
        let joining = pair.guest.join_room(code, join_code, "GuestUser");
        pair.world.block_on(SECOND * 60, joining).unwrap().unwrap_err();
        causes(pair, &pair.guest)
    };
    let right = room.join_code.as_ref().unwrap().as_str();
    let wrong = if right == "000000" { "000001" } else { "000000" };
    assert_eq!(join(&mut pair, "AAAAAAAA", right), [Cause::RoomUnknown]);
    for _ in 0..5 {
        assert_eq!(join(&mut pair, room.code.as_str(), wrong), [Cause::WrongJoinCode]);
    }
    assert_eq!(join(&mut pair, room.code.as_str(), right), [Cause::JoinLocked]);
    pair.world.run_for(SECOND * 60);
    pair.join(&room).unwrap();
    assert_eq!(causes(&pair, &pair.guest), []);
    let [_, other] = pair.two_more();
    let joining = other.join_room(room.code.as_str(), right, "Other");
    pair.world.block_on(SECOND * 60, joining).unwrap().unwrap_err();
    assert_eq!(causes(&pair, &other), [Cause::RoomTaken]);
}

#[test]
fn a_limit_that_has_nothing_to_do_with_join_codes() {
    let mut pair = pair();
    let room = pair.create().unwrap();
    answers(&pair, |asked| asked.path.ends_with("/join"), refusal(429, "rate_limited"));
    pair.join(&room).unwrap_err();
    assert_eq!(causes(&pair, &pair.guest), [Cause::RateLimited]);
}

#[test]
fn waiting_is_said_only_when_it_is_unusual() {
    for (start, side, usual, unusual, expected) in [
        (host_starts as fn(&mut Pair, u32), 0, 28, 5, Cause::GuestNeverCame),
        (host_starts, 1, 6, 4, Cause::GuestNeverAnswered),
        (guest_starts, 2, 6, 4, Cause::HostNeverOffered),
    ] {
        let mut pair = pair();
        let room = pair.create().unwrap();
        if side > 0 {
            pair.join(&room).unwrap();
        }
        start(&mut pair, usual);
        let client = if side == 2 { pair.guest.clone() } else { pair.host.clone() };
        assert_eq!(causes(&pair, &client), [], "{expected} is said too early");
        let track = Track::new(client.trace().events());
        let now_ms = pair.world.elapsed().as_secs_f64() * 1000.0;
        let again_ms = diagnose(&track, now_ms).again_at_ms.expect("it is worth looking again");
        assert!(findings(&track, again_ms - 1.0).is_empty() && again_ms > now_ms);
        assert_eq!(findings(&track, again_ms).iter().map(|found| found.cause).collect::<Vec<_>>(), [expected]);
        pair.world.run_for(SECOND * unusual);
        assert_eq!(causes(&pair, &client), [expected]);
        // What was waited for has come.
        match side {
            0 => drop(pair.join(&room).unwrap()),
            1 => guest_starts(&mut pair, 5),
            _ => host_starts(&mut pair, 5),
        }
        pair.world.run_for(SECOND * 2);
        assert_eq!(causes(&pair, &client), []);
    }
}

#[test]
fn waiting_while_the_registry_is_away_is_not_the_peers_fault() {
    let mut pair = pair();
    pair.meet().unwrap();
    guest_starts(&mut pair, 1);
    pair.network.down.set(true);
    pair.world.run_for(SECOND * 60);
    let guest = causes(&pair, &pair.guest);
    assert!(guest == [Cause::RegistryUnreachable] || guest == [Cause::RegistrySilent], "{guest:?}");
}

#[test]
fn rooms_that_end() {
    let mut expired = pair();
    expired.create().unwrap();
    host_starts(&mut expired, 200);
    assert_eq!(causes(&expired, &expired.host), [Cause::RoomExpired]);

    let mut unused = pair();
    unused.create().unwrap();
    unused.world.run_for(SECOND * 200);
    assert_eq!(causes(&unused, &unused.host), [Cause::RoomExpired]);

    let mut closed = pair();
    closed.meet().unwrap();
    guest_starts(&mut closed, 5);
    let closing = closed.host.close_room();
    closed.world.block_on(SECOND, closing).unwrap();
    closed.world.run_for(SECOND * 20);
    assert_eq!(causes(&closed, &closed.guest), [Cause::ClosedByHost]);

    let mut lost = pair();
    lost.meet().unwrap();
    host_starts(&mut lost, 2);
    lost.network.restart(Config::default());
    lost.world.run_for(SECOND * 30);
    assert_eq!(causes(&lost, &lost.host), [Cause::RoomLost]);
}

#[test]
fn short_lives_are_the_registrys_choice() {
    let ttl = Ttl { joined_ms: 5000, ..Ttl::default() };
    let mut pair = Pair::new(PairConfig { registry: Config { ttl, ..Config::default() }, ..PairConfig::default() });
    pair.meet().unwrap();
    guest_starts(&mut pair, 20);
    assert_eq!(causes(&pair, &pair.guest), [Cause::RoomExpired]);
}

#[test]
fn descriptions_that_are_not_taken() {
    let mut pair = pair();
    pair.meet().unwrap();
    answers(&pair, |asked| asked.path == "/exchange", refusal(413, "bad_sdp"));
    both_start(&mut pair, 20);
    assert_eq!(causes(&pair, &pair.host), [Cause::DescriptionRefused]);

    let mut pair = self::pair();
    pair.meet().unwrap();
    let tamper = |_: &Exchange, real: HttpResponse| {
        let body = real.body.replace("o=- ", "o=- nobody ");
        HttpResponse { body, ..real }
    };
    pair.network.tamper.replace(Some(Box::new(tamper)));
    both_start(&mut pair, 20);
    let guest = found(&pair, &pair.guest);
    assert_eq!(guest.iter().map(|found| found.cause).collect::<Vec<_>>(), [Cause::DescriptionRejected]);
    assert!(guest[0].title.contains("host’s offer"), "{}", guest[0].title);
    assert_eq!(guest[0].quotes, [Quote { source: Source::Browser, text: "no such peer".into() }]);
}

#[test]
fn browsers_without_peer_connections() {
    for (refuses, expected) in [
        (WebRtcError::Unsupported("undefined".into()), Cause::NoWebRtc),
        (WebRtcError::TooManyConnections("limit".into()), Cause::TooManyPeerConnections),
        (WebRtcError::NoPeerConnection("odd".into()), Cause::NoPeerConnection),
        (WebRtcError::BadConfiguration("stun".into()), Cause::BadIceServers),
    ] {
        let mut pair = pair();
        pair.meet().unwrap();
        pair.ether.refuses.replace(Some(refuses));
        host_starts(&mut pair, 5);
        let host = found(&pair, &pair.host);
        assert_eq!(host[0].cause, expected, "{host:?}");
        assert_eq!((host.len(), host[0].quotes.len()), (1, 1));
    }
}

#[test]
fn ice_that_finds_no_path() {
    for (fate, seconds) in [(IceFate::Fails, 20), (IceFate::Hangs, 10), (IceFate::Hangs, 40)] {
        let mut pair = pair();
        pair.ether.fate.set(fate);
        pair.meet().unwrap();
        both_start(&mut pair, seconds);
        for client in [&pair.host, &pair.guest] {
            assert_eq!(causes(&pair, client), [Cause::ChecksFailed], "{fate:?} after {seconds} s");
        }
    }
}

#[test]
fn more_candidates_than_a_registry_takes() {
    let mut pair = pair();
    pair.ether.most_candidates.set(60);
    pair.ether.fate.set(IceFate::Fails);
    pair.ether.useless_candidates.set(60);
    pair.meet().unwrap();
    both_start(&mut pair, 45);
    let host = causes(&pair, &pair.host);
    assert!(host.contains(&Cause::TooManyCandidates) && !host.contains(&Cause::ChecksFailed), "{host:?}");
}

#[test]
fn a_peer_that_is_gone() {
    let mut pair = Pair::connected();
    pair.world.run_for(SECOND * 5);
    pair.ether.cut();
    pair.network.down.set(true);
    pair.world.run_for(SECOND * 3);
    assert_eq!(causes(&pair, &pair.host), []);
    pair.world.run_for(SECOND * 20);
    assert_eq!(causes(&pair, &pair.host).last(), Some(&Cause::PeerGone));
    pair.network.down.set(false);
    pair.guest.leave();
    pair.world.run_for(SECOND * 900);
    let host = found(&pair, &pair.host);
    let (first, state) = (&host[0], pair.host.connection_state());
    assert_eq!((first.cause, first.severity, state), (Cause::PeerGone, Severity::Error, ConnectionState::Error));
}

#[test]
fn a_peer_that_is_busy() {
    let mut pair = Pair::connected();
    pair.world.run_for(SECOND * 5);
    // Its page does nothing any more, and its browser keeps the path open.
    let control = pair.webrtc[1].channel(true).unwrap();
    control.on_event(Box::new(|_| {}));
    pair.world.run_for(SECOND * 13);
    assert_eq!(causes(&pair, &pair.host), [Cause::PeerBusy]);
}

#[test]
fn a_peer_of_another_version_and_one_that_misbehaves() {
    let mut pair = Pair::new(PairConfig::default());
    pair.meet().unwrap();
    pair.connect();
    pair.forge(true, r#"{"ack":7}"#);
    pair.world.run_for(SECOND);
    assert_eq!(causes(&pair, &pair.guest), [Cause::PeerMisbehaves]);
}

#[test]
fn clocks_that_differ_are_told_last() {
    let mut pair = pair();
    pair.devices[0].ahead_ms.set(600_000.0);
    pair.network.dates.set(true);
    pair.meet().unwrap();
    pair.connect();
    let host = found(&pair, &pair.host);
    assert_eq!((host.len(), host[0].cause), (1, Cause::ClocksDiffer));
    assert!(host[0].explanation.contains("10 min ahead of"), "{}", host[0].explanation);
    assert_eq!(causes(&pair, &pair.guest), []);
    assert!(pair.host.room_info().is_some_and(|room| room.expires_at > EpochMs(0)));
}

#[test]
fn what_was_wrong_in_a_session_that_has_ended_is_over() {
    let mut pair = pair();
    pair.meet().unwrap();
    guest_starts(&mut pair, 20);
    let leaving = pair.guest.close_room();
    pair.world.block_on(SECOND, leaving).unwrap();
    pair.world.run_for(SECOND * 60);
    let guest = found(&pair, &pair.guest);
    assert_eq!((guest.len(), guest[0].cause, guest[0].over), (1, Cause::HostNeverOffered, true));
}
