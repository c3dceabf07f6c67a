use registry_protocol::limits::{JOIN_CODE_LEN, ROOM_CODE_ALPHABET, ROOM_CODE_LEN};
use serde_json::json;

use super::{Bad, Case, bad, case, made_of, no_objects, refuses, too_large};
use crate::Ask;
use crate::check::{ensure, number, same, text};

const BASE64URL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// A missing name is a bad name, or a body of the wrong shape.
const BAD: &[(u16, &str)] = &[(400, "bad_username"), (400, "bad_json")];
const BAD_NAME: &[(u16, &str)] = &[(400, "bad_username")];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("create", "answers codes, token and expiry in their forms", |cx| {
            let longest = "x-Y_".repeat(8);
            let ask = Ask::post("/rooms").json(&json!({"hostUserName": longest, "unknown": [1]}));
            let answer = cx.send(&ask)?;
            let body = answer.status(201)?.json()?;
            made_of("code", &text(&body, "code")?, ROOM_CODE_LEN, ROOM_CODE_ALPHABET)?;
            made_of("joinCode", &text(&body, "joinCode")?, JOIN_CODE_LEN, b"0123456789")?;
            made_of("ownerToken", &text(&body, "ownerToken")?, 43, BASE64URL)?;
            let room = cx.made(&answer)?;
            let snapshot = cx.send(&room.get("", &room.host))?.status(200)?.json()?;
            same("expiresAt of the snapshot", &snapshot["expiresAt"], &body["expiresAt"])?;
            let life = number(&body, "expiresAt")? - number(&snapshot, "updatedAt")?;
            ensure(life > 0.0, || "expiresAt is not after updatedAt".to_owned())
        }),
        case("create", "gives every room its own codes and token", |cx| {
            let (a, b) = (cx.open()?, cx.new_room()?);
            ensure(a.code != b.code && a.host != b.host, || "two rooms share a code or a token".to_owned())
        }),
        case("public", "shows an open room's host and expiry and no secret", |cx| {
            let room = cx.open()?;
            let answer = cx.send(&Ask::get(room.path("/public?unknown=1")))?;
            let body = answer.status(200)?.json()?;
            same("status", &body["status"], &json!("open"))?;
            same("hostUserName", &body["hostUserName"], &json!("Host_1"))?;
            number(&body, "expiresAt")?;
            let shown = body.to_string();
            ensure(!shown.contains(&room.host) && body.get("joinCode").is_none(), || "a secret is shown".to_owned())
        }),
        case("public", "knows no room that is none", |cx| {
            cx.send(&Ask::get("/rooms/22222222/public"))?.refused(&[(404, "not_found")])
        }),
        case("public", "does not show a room that has a guest", |cx| {
            let room = cx.joined()?;
            cx.send(&Ask::get(room.path("/public")))?.refused(&[(404, "not_found")])
        }),
    ];
    cases.extend(refuses("create", bodies(), |_| Ok(Ask::post("/rooms"))));
    cases
}

fn bodies() -> Vec<Bad> {
    let name = |value: serde_json::Value| json!({"hostUserName": value}).to_string();
    let mut bodies = no_objects(BAD);
    bodies.extend([
        bad("a name that is null", name(json!(null)), BAD),
        bad("a name that is a number", name(json!(7)), BAD),
        bad("a name that is an array", name(json!(["Ann"])), BAD),
        bad("an empty name", name(json!("")), BAD_NAME),
        bad("a name of 33 characters", name(json!("x".repeat(33))), BAD_NAME),
        bad("a name with a space", name(json!("two words")), BAD_NAME),
        bad("a name with a letter beyond ASCII", name(json!("Zoë")), BAD_NAME),
        bad("a name with markup", name(json!("<b>")), BAD_NAME),
        bad("a name with a line's end", name(json!("Ann\n")), BAD_NAME),
        too_large(),
    ]);
    bodies
}
