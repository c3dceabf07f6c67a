use registry_protocol::limits::{JOIN_CODE_LEN, ROOM_CODE_ALPHABET, ROOM_CODE_LEN};
use serde_json::json;

use super::{Bad, Case, bad, case, check_alphabet, non_objects, rejects, too_large};
use crate::HttpRequest;
use crate::check::{ensure, expect_eq, number, text};

const BASE64URL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// A missing name may be reported as a bad name or as a malformed body.
const BAD: &[(u16, &str)] = &[(400, "bad_username"), (400, "bad_json")];
const BAD_NAME: &[(u16, &str)] = &[(400, "bad_username")];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("create", "returns codes, token and expiry in the right format", |cx| {
            let longest = "x-Y_".repeat(8);
            let request = HttpRequest::post("/rooms").json(&json!({"hostUserName": longest, "unknown": [1]}));
            let response = cx.send(&request)?;
            let body = response.expect_status(201)?.json()?;
            check_alphabet("code", &text(&body, "code")?, ROOM_CODE_LEN, ROOM_CODE_ALPHABET)?;
            check_alphabet("joinCode", &text(&body, "joinCode")?, JOIN_CODE_LEN, b"0123456789")?;
            check_alphabet("ownerToken", &text(&body, "ownerToken")?, 43, BASE64URL)?;
            let room = cx.created_room(&response)?;
            let snapshot = cx.send(&room.get("", &room.host))?.expect_status(200)?.json()?;
            expect_eq("expiresAt of the snapshot", &snapshot["expiresAt"], &body["expiresAt"])?;
            let life = number(&body, "expiresAt")? - number(&snapshot, "updatedAt")?;
            ensure(life > 0.0, || "expiresAt is not after updatedAt".to_owned())
        }),
        case("create", "gives every room its own code and token", |cx| {
            let (a, b) = (cx.open()?, cx.new_room()?);
            ensure(a.code != b.code && a.host != b.host, || "two rooms share a code or a token".to_owned())
        }),
        case("public", "shows the host and expiry of an open room, and no secret", |cx| {
            let room = cx.open()?;
            let response = cx.send(&HttpRequest::get(room.path("/public?unknown=1")))?;
            let body = response.expect_status(200)?.json()?;
            expect_eq("status", &body["status"], &json!("open"))?;
            expect_eq("hostUserName", &body["hostUserName"], &json!("Host_1"))?;
            number(&body, "expiresAt")?;
            let shown = body.to_string();
            ensure(!shown.contains(&room.host) && body.get("joinCode").is_none(), || {
                "the response contains a secret".to_owned()
            })
        }),
        case("public", "is 404 for an unknown room", |cx| {
            cx.send(&HttpRequest::get("/rooms/22222222/public"))?.expect_error(&[(404, "not_found")])
        }),
        case("public", "is 404 once the room has a guest", |cx| {
            let room = cx.joined()?;
            cx.send(&HttpRequest::get(room.path("/public")))?.expect_error(&[(404, "not_found")])
        }),
    ];
    cases.extend(rejects("create", bodies(), |_| Ok(HttpRequest::post("/rooms"))));
    cases
}

fn bodies() -> Vec<Bad> {
    let name = |value: serde_json::Value| json!({"hostUserName": value}).to_string();
    let mut bodies = non_objects(BAD);
    bodies.extend([
        bad("a null name", name(json!(null)), BAD),
        bad("a number as name", name(json!(7)), BAD),
        bad("an array as name", name(json!(["Ann"])), BAD),
        bad("an empty name", name(json!("")), BAD_NAME),
        bad("a name of 33 characters", name(json!("x".repeat(33))), BAD_NAME),
        bad("a name with a space", name(json!("two words")), BAD_NAME),
        bad("a name with a non-ASCII letter", name(json!("Zoë")), BAD_NAME),
        bad("a name with markup", name(json!("<b>")), BAD_NAME),
        bad("a name with a line break", name(json!("Ann\n")), BAD_NAME),
        too_large(),
    ]);
    bodies
}
