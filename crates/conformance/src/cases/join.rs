use serde_json::json;

use super::{Bad, Case, bad, case, non_objects, rejects, too_large};
use crate::check::{ensure, expect_eq};
use crate::room::{Room, join};

const BAD: &[(u16, &str)] = &[(400, "bad_join_code"), (400, "bad_username"), (400, "bad_json")];
const BAD_CODE: &[(u16, &str)] = &[(400, "bad_join_code"), (400, "bad_json")];
const BAD_NAME: &[(u16, &str)] = &[(400, "bad_username"), (400, "bad_json")];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("join", "rejects a wrong join code without using up the right one", |cx| {
            let mut room = cx.new_room()?;
            cx.send(&join(&room.code, &other_code(&room)))?.expect_error(&[(403, "bad_join_code")])?;
            cx.join(&mut room)
        }),
        case("join", "gives the guest its own token and makes the room joined", |cx| {
            let room = cx.joined()?;
            ensure(room.guest.len() == 43 && room.guest != room.host, || "guestToken has the wrong format".to_owned())?;
            let body = cx.send(&room.get("", &room.guest))?.expect_status(200)?.json()?;
            expect_eq("status", &body["status"], &json!("joined"))
        }),
        case("join", "admits only one guest: the join code works once", |cx| {
            let room = cx.joined()?;
            cx.send(&room.join())?.expect_error(&[(409, "not_open")])?;
            cx.send(&join(&room.code, &other_code(&room)))?.expect_error(&[(409, "not_open"), (403, "bad_join_code")])
        }),
        case("join", "is 404 for an unknown room", |cx| {
            cx.send(&join("22222222", "123456"))?.expect_error(&[(404, "not_found")])
        }),
    ];
    cases.extend(rejects("join", bodies(), |cx| {
        let room = cx.open()?;
        Ok(room.join())
    }));
    cases
}

/// A wrong join code for this room.
fn other_code(room: &Room) -> String {
    let mut code = room.join_code.clone();
    let last = code.pop();
    code.push(if last == Some('0') { '1' } else { '0' });
    code
}

fn bodies() -> Vec<Bad> {
    let code = |value: serde_json::Value| json!({"joinCode": value, "guestUserName": "Bob"}).to_string();
    let name = |value: serde_json::Value| json!({"joinCode": "123456", "guestUserName": value}).to_string();
    let mut bodies = non_objects(BAD);
    bodies.extend([
        bad("a number as join code", code(json!(123_456)), BAD_CODE),
        bad("a null join code", code(json!(null)), BAD_CODE),
        bad("a join code of five digits", code(json!("12345")), BAD_CODE),
        bad("a join code of seven digits", code(json!("1234567")), BAD_CODE),
        bad("a join code with a letter", code(json!("12345a")), BAD_CODE),
        bad("a join code with non-ASCII digits", code(json!("１２３４５６")), BAD_CODE),
        bad("a missing join code", r#"{"guestUserName":"Bob"}"#, BAD_CODE),
        bad("a missing name", r#"{"joinCode":"123456"}"#, BAD_NAME),
        bad("an empty name", name(json!("")), BAD_NAME),
        bad("a name of 33 characters", name(json!("x".repeat(33))), BAD_NAME),
        bad("a number as name", name(json!(7)), BAD_NAME),
        too_large(),
    ]);
    bodies
}
