use std::time::Duration;

use registry_protocol::limits::{TTL_CANDIDATES_MS, TTL_JOINED_MS, TTL_OPEN_MS, TTL_PAIRED_MS};
use serde_json::json;

use super::{Case, Needs};
use crate::check::{Checked, same};
use crate::cx::Cx;
use crate::rooms::Room;

const NOT_FOUND: &[(u16, &str)] = &[(404, "not_found")];
/// How near to the end of a life we look.
const NEAR_MS: u64 = 5_000;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("an open room lives 3 minutes", |cx| {
            let room = cx.new_room()?;
            lives(cx, &room, TTL_OPEN_MS)
        }),
        case("an offer begins an open room's life again", |cx| {
            let room = cx.new_room()?;
            pass(cx, TTL_OPEN_MS - NEAR_MS);
            cx.send(&room.offer())?.status(204)?;
            lives(cx, &room, TTL_OPEN_MS)
        }),
        case("a joined room lives 5 minutes, from the join", |cx| {
            let mut room = cx.new_room()?;
            pass(cx, TTL_OPEN_MS - NEAR_MS);
            cx.join(&mut room)?;
            lives(cx, &room, TTL_JOINED_MS)
        }),
        case("a paired room lives 10 minutes, its candidates 5 from the last", |cx| {
            let room = cx.new_paired()?;
            cx.send(&room.candidate(&room.guest, 1))?.status(204)?;
            count(cx, &room, 1)?;
            pass(cx, TTL_CANDIDATES_MS + NEAR_MS);
            count(cx, &room, 0)?;
            lives(cx, &room, TTL_PAIRED_MS - TTL_CANDIDATES_MS - NEAR_MS)
        }),
    ]
}

fn case(name: &'static str, run: impl Fn(&mut Cx<'_>) -> Checked + 'static) -> Case {
    Case { group: "lifetimes", name: name.to_owned(), needs: Needs::Lifetimes, run: Box::new(run) }
}

fn pass(cx: &mut Cx<'_>, ms: u64) {
    cx.pass(Duration::from_millis(ms), "for a room to grow old");
}

/// The room is there until shortly before its end, and gone shortly after.
fn lives(cx: &mut Cx<'_>, room: &Room, ms: u64) -> Checked {
    pass(cx, ms - NEAR_MS);
    cx.send(&room.get("", &room.host))?.status(200)?;
    pass(cx, 2 * NEAR_MS);
    cx.send(&room.get("", &room.host))?.refused(NOT_FOUND)?;
    cx.send(&room.post("/close", &room.host))?.refused(NOT_FOUND)?;
    cx.send(&room.join())?.refused(NOT_FOUND)
}

fn count(cx: &mut Cx<'_>, room: &Room, expected: usize) -> Checked {
    let body = cx.send(&room.get("/candidates", &room.host))?.status(200)?.json()?;
    let count = body["items"].as_array().map_or(0, Vec::len);
    same("the number of candidates", &json!(count), &json!(expected))
}
