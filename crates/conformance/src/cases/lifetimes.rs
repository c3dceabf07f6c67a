use std::time::Duration;

use registry_protocol::limits::{TTL_CANDIDATES_MS, TTL_JOINED_MS, TTL_OPEN_MS, TTL_PAIRED_MS};
use serde_json::json;

use super::Case;
use crate::check::{Checked, expect_eq};
use crate::context::Context;
use crate::options::Needs;
use crate::room::Room;

const NOT_FOUND: &[(u16, &str)] = &[(404, "not_found")];
/// How close to the end of a lifetime to check, before and after.
const NEAR_MS: u64 = 5_000;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("an open room lives 3 minutes", |cx| {
            let room = cx.new_room()?;
            lives(cx, &room, TTL_OPEN_MS)
        }),
        case("an offer restarts an open room's time to live", |cx| {
            let room = cx.new_room()?;
            advance(cx, TTL_OPEN_MS - NEAR_MS);
            cx.send(&room.offer())?.expect_status(204)?;
            lives(cx, &room, TTL_OPEN_MS)
        }),
        case("a joined room lives 5 minutes from the join", |cx| {
            let mut room = cx.new_room()?;
            advance(cx, TTL_OPEN_MS - NEAR_MS);
            cx.join(&mut room)?;
            lives(cx, &room, TTL_JOINED_MS)
        }),
        case("a paired room lives 10 minutes, its candidates 5 minutes from the last one", |cx| {
            let room = cx.new_paired()?;
            cx.send(&room.candidate(&room.guest, 1))?.expect_status(204)?;
            count(cx, &room, 1)?;
            advance(cx, TTL_CANDIDATES_MS + NEAR_MS);
            count(cx, &room, 0)?;
            lives(cx, &room, TTL_PAIRED_MS - TTL_CANDIDATES_MS - NEAR_MS)
        }),
    ]
}

fn case(name: &'static str, run: impl Fn(&mut Context<'_>) -> Checked + 'static) -> Case {
    Case { group: "lifetimes", name: name.to_owned(), needs: Needs::Lifetimes, run: Box::new(run) }
}

fn advance(cx: &mut Context<'_>, ms: u64) {
    cx.advance(Duration::from_millis(ms), "for a room to expire");
}

/// Checks that the room exists until shortly before it expires, and is gone shortly after.
fn lives(cx: &mut Context<'_>, room: &Room, ms: u64) -> Checked {
    advance(cx, ms - NEAR_MS);
    cx.send(&room.get("", &room.host))?.expect_status(200)?;
    advance(cx, 2 * NEAR_MS);
    cx.send(&room.get("", &room.host))?.expect_error(NOT_FOUND)?;
    cx.send(&room.post("/close", &room.host))?.expect_error(NOT_FOUND)?;
    cx.send(&room.join())?.expect_error(NOT_FOUND)
}

fn count(cx: &mut Context<'_>, room: &Room, expected: usize) -> Checked {
    let body = cx.send(&room.get("/candidates", &room.host))?.expect_status(200)?.json()?;
    let count = body["items"].as_array().map_or(0, Vec::len);
    expect_eq("the number of candidates", &json!(count), &json!(expected))
}
