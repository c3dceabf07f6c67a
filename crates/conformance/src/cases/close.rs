use super::{Case, case};
use crate::HttpRequest;
use crate::check::expect_eq;
use serde_json::json;

const NOT_FOUND: &[(u16, &str)] = &[(404, "not_found")];

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("close", "makes the room 404 for everybody", |cx| {
            let room = cx.new_paired()?;
            cx.send(&room.post("/close", &room.host))?.expect_status(204)?;
            for token in [&room.host, &room.guest] {
                for request in [
                    room.get("", token),
                    room.get("/candidates", token),
                    room.candidate(token, 1),
                    room.post("/close", token),
                ] {
                    cx.send(&request)?.expect_error(NOT_FOUND)?;
                }
            }
            for request in [room.offer(), room.answer(), room.join(), HttpRequest::get(room.path("/public"))] {
                cx.send(&request)?.expect_error(NOT_FOUND)?;
            }
            Ok(())
        }),
        case("close", "works before anybody has joined, and with a body", |cx| {
            let room = cx.new_room()?;
            cx.send(&room.post("/close", &room.host).raw("{}"))?.expect_status(204)?;
            cx.send(&room.join())?.expect_error(NOT_FOUND)
        }),
        case("close", "by the guest is rejected and changes nothing", |cx| {
            let room = cx.joined()?;
            cx.send(&room.post("/close", &room.guest))?.expect_error(&[(403, "forbidden")])?;
            let body = cx.send(&room.get("", &room.host))?.expect_status(200)?.json()?;
            expect_eq("status", &body["status"], &json!("joined"))
        }),
    ]
}
