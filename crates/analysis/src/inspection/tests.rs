use std::time::Duration;

use registry_client::testing::{Pair, PairConfig};

use super::*;

const SECOND: Duration = Duration::from_secs(1);

fn now_ms(track: &Track) -> f64 {
    track.events.last().map_or(0.0, |entry| entry.at_ms)
}

#[test]
fn the_room_and_every_call_are_there_with_their_outcomes() {
    let pair = Pair::connected();
    let track = Track::new(pair.host.trace().events());
    let seen = inspect(&track, now_ms(&track));
    let room = seen.room.unwrap();
    assert_eq!((room.role, room.code), (Role::Host, pair.host.room_info().unwrap().code));
    assert_eq!((room.status.as_deref(), room.offer, room.answer), (Some("paired"), true, true));
    assert_eq!(seen.calls.len(), pair.host.count("request"));
    assert_eq!(seen.calls[0].operation, Operation::CreateRoom);
    assert!(matches!(seen.calls[0].outcome, Outcome::Answered { status: 201, .. }), "{:?}", seen.calls[0]);
    let answered = seen.calls.iter().filter(|call| call.outcome.duration_ms().is_some()).count();
    assert!(answered >= seen.calls.len() - 1 && !seen.calls.iter().any(|call| call.outcome.is_bad()));
}

#[test]
fn limits_count_what_is_in_the_window_and_what_was_refused() {
    let config = PairConfig {
        registry: registry_core::Config { extended: false, ..registry_core::Config::default() },
        ..PairConfig::default()
    };
    let mut pair = Pair::new(config);
    pair.create().unwrap();
    let _waiting = pair.host.start_connection();
    pair.world.run_for(SECOND * 20);
    let track = Track::new(pair.host.trace().events());
    let now = now_ms(&track);
    let of = |seen: &Inspection, name| seen.limits.iter().find(|limit| limit.name == name).cloned();
    let seen = inspect(&track, now);
    let reads = of(&seen, "reads of the room").unwrap();
    assert!(reads.used > 0 && reads.used <= reads.rate.count && reads.frees_in_ms <= 10_000.0, "{reads:?}");
    assert_eq!(of(&seen, "rooms created").unwrap().used, 1);
    assert_eq!(of(&seen, "joins"), None, "a host does not join");
    let later = inspect(&track, now + 120_000.0);
    assert_eq!(of(&later, "reads of the room").unwrap().used, 0);
    assert!(of(&later, "descriptions and candidates, longer").unwrap().used > 0, "its window is longer");
}

#[test]
fn only_the_latest_session_counts() {
    let mut pair = Pair::connected();
    let closed = pair.host.close_room();
    pair.world.block_on(SECOND * 10, closed).unwrap();
    let _made = pair.host.create_room("Ann");
    let track = Track::new(pair.host.trace().events());
    let seen = inspect(&track, now_ms(&track));
    assert_eq!((seen.room, seen.calls.len()), (None, 1));
    assert_eq!(seen.calls[0].outcome, Outcome::Pending);
}
