//! Repeated requests: entity tags, idempotency keys, join code guesses, and a room that is restored from storage.

mod world;

use registry_core::{Action, Config, Context, Handled, Refusal, Request, Room};
use registry_protocol::{RoomCode, UserName};
use serde_json::{Value, json};
use world::{World, body, candidate, code, description, post};

#[test]
fn a_known_entity_tag_gives_304() {
    let mut world = World::unlimited();
    let mut keys = world.create();
    world.join(&mut keys);
    let ask = |world: &mut World, token: &str, tag: &str| {
        world.send(&Request::new("GET", keys.path("")).header("X-Access-Token", token).header("If-None-Match", tag))
    };
    let first = ask(&mut world, &keys.host, "");
    let tag = first.header("ETag").unwrap().to_owned();
    for known in [tag.clone(), format!("\"x\", W/{tag}"), "*".to_owned()] {
        let again = ask(&mut world, &keys.host, &known);
        assert_eq!((again.status, again.body.len(), again.header("ETag")), (304, 0, Some(tag.as_str())), "{known}");
    }
    assert_eq!(ask(&mut world, &keys.guest, &tag).status, 200, "the other peer has a tag of its own");
    assert_eq!(world.post(&keys.path("/candidate"), &keys.guest, &candidate(1)).status, 204);
    assert_eq!(ask(&mut world, &keys.host, &tag).status, 304, "a snapshot contains no candidates");
    assert_eq!(world.post(&keys.path("/offer"), &keys.host, &description("offer")).status, 204);
    assert_eq!(ask(&mut world, &keys.host, &tag).status, 200, "it contains what the peer has posted itself");
}

#[test]
fn a_post_with_a_known_key_changes_nothing() {
    let mut world = World::unlimited();
    let mut keys = world.create();
    world.join(&mut keys);
    let send = |world: &mut World, token: &str, value: &Value| {
        world.send(&post(&keys.path("/candidate"), token, value).header("Idempotency-Key", "k1")).status
    };
    assert_eq!(send(&mut world, &keys.host, &json!({})), 400, "the key of a refused post is not stored");
    assert_eq!(send(&mut world, &keys.host, &candidate(1)), 204);
    assert_eq!(send(&mut world, &keys.host, &candidate(2)), 204);
    assert_eq!(send(&mut world, &keys.guest, &candidate(3)), 204, "keys are per peer");
    let list = |world: &mut World, token: &str| body(&world.get(&keys.path("/candidates"), token))["lastSeq"].clone();
    assert_eq!((list(&mut world, &keys.guest), list(&mut world, &keys.host)), (json!(1), json!(1)));
}

#[test]
fn a_join_code_cannot_be_guessed_quickly() {
    let mut world = World::new(Config::default());
    let keys = world.create();
    let wrong = if keys.join_code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        assert_eq!(code(&world.try_join(&keys, wrong)), "403 bad_join_code");
    }
    for attempt in [wrong, &keys.join_code] {
        let locked = world.try_join(&keys, attempt);
        assert_eq!(code(&locked), "429 rate_limited");
        assert_eq!(body(&locked)["error"]["retryAfterSec"], 20.0);
    }
    world.now += 20_000;
    assert_eq!(code(&world.try_join(&keys, wrong)), "403 bad_join_code");
    assert_eq!(body(&world.try_join(&keys, wrong))["error"]["retryAfterSec"], 40.0);
    world.now += 40_000;
    assert_eq!(code(&world.try_join(&keys, &keys.join_code)), "200");
}

#[test]
fn a_restored_room_continues_where_it_was() {
    let (config, mut random) = (Config::default(), |bytes: &mut [u8]| bytes.fill(7));
    let cx = &mut Context { now: 0, random: &mut random, config: &config };
    let name = UserName::parse("Ann").unwrap();
    let (mut room, _) = Room::create(cx, RoomCode::parse("ACDEFGHJ").unwrap(), name).unwrap();
    let join = Request::new("POST", "").body(r#"{"joinCode":"777777","guestUserName":"Bob"}"#);
    room.handle(cx, Action::Join, &join).unwrap();
    let mut again: Room = serde_json::from_str(&serde_json::to_string(&room).unwrap()).unwrap();
    assert_eq!((again.expires_at(), again.changes()), (room.expires_at(), room.changes()));
    let token = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";
    let read = Request::new("GET", "").header("X-Access-Token", token);
    assert!(matches!(again.handle(cx, Action::Snapshot, &read), Ok(Handled::Reply(_))));
    let wrong = Request::new("GET", "").header("X-Access-Token", "x");
    assert_eq!(again.handle(cx, Action::Snapshot, &wrong).unwrap_err(), Refusal::WrongToken);
}
