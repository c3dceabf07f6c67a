use super::{Case, case};
use crate::Ask;
use crate::check::same;
use serde_json::json;

const NOT_FOUND: &[(u16, &str)] = &[(404, "not_found")];

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("close", "makes the room unknown to everybody", |cx| {
            let room = cx.new_paired()?;
            cx.send(&room.post("/close", &room.host))?.status(204)?;
            for token in [&room.host, &room.guest] {
                for ask in [
                    room.get("", token),
                    room.get("/candidates", token),
                    room.candidate(token, 1),
                    room.post("/close", token),
                ] {
                    cx.send(&ask)?.refused(NOT_FOUND)?;
                }
            }
            for ask in [room.offer(), room.answer(), room.join(), Ask::get(room.path("/public"))] {
                cx.send(&ask)?.refused(NOT_FOUND)?;
            }
            Ok(())
        }),
        case("close", "works on a room that nobody joined, and with a body", |cx| {
            let room = cx.new_room()?;
            cx.send(&room.post("/close", &room.host).raw("{}"))?.status(204)?;
            cx.send(&room.join())?.refused(NOT_FOUND)
        }),
        case("close", "by the guest is refused and changes nothing", |cx| {
            let room = cx.joined()?;
            cx.send(&room.post("/close", &room.guest))?.refused(&[(403, "forbidden")])?;
            let body = cx.send(&room.get("", &room.host))?.status(200)?.json()?;
            same("status", &body["status"], &json!("joined"))
        }),
    ]
}
