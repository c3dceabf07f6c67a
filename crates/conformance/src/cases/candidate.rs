use registry_protocol::limits::{MAX_CANDIDATE_BYTES, MAX_CANDIDATES};
use serde_json::{Value, json};

use super::{Bad, Case, bad, case, non_objects, rejects, too_large};
use crate::Failure;
use crate::check::{Checked, ensure, expect_eq};
use crate::context::Context;
use crate::room::{Room, candidate};

const BAD: &[(u16, &str)] = &[(400, "bad_candidate"), (400, "bad_json")];
const BAD_CANDIDATE: &[(u16, &str)] = &[(400, "bad_candidate")];
const LARGE: &[(u16, &str)] = &[(413, "bad_candidate"), (400, "bad_candidate")];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("candidate", "is visible only to the other peer, oldest first", each_side),
        case("candidate", "is stored once, however often it is posted", repeats),
        case("candidate", "is distinguished by sdpMid and sdpMLineIndex", differences),
        case("candidate", "can be 1 KiB long and have unknown fields", |cx| {
            let room = cx.new_joined()?;
            let longest = format!("{:x<MAX_CANDIDATE_BYTES$}", candidate(0));
            let body = json!({"candidate": longest, "usernameFragment": null, "unknown": 1});
            cx.send(&room.post("/candidate", &room.host).json(&body))?.expect_status(204)?;
            expect_eq("candidate", &items(cx, &room, &room.guest)?[0]["candidate"], &body["candidate"])
        }),
        case("candidate", "is still accepted once the room is paired", |cx| {
            let room = cx.new_paired()?;
            cx.send(&room.candidate(&room.guest, 1))?.expect_status(204)?;
            ensure(items(cx, &room, &room.host)?.len() == 1, || "it is not listed".to_owned())
        }),
        case("candidate", "is accepted up to 40 times per peer, and duplicates even after that", fill),
    ];
    cases.extend(rejects("candidate", bodies(), |cx| {
        let room = cx.joined()?;
        Ok(room.post("/candidate", &room.guest))
    }));
    cases
}

/// The candidate list that the holder of `token` sees.
fn items(cx: &mut Context<'_>, room: &Room, token: &str) -> Result<Vec<Value>, Failure> {
    let body = cx.send(&room.get("/candidates?unknown=1", token))?.expect_status(200)?.json()?;
    expect_eq("mode", &body["mode"], &json!("full"))?;
    ensure(body.get("lastSeq").is_some(), || "lastSeq is missing".to_owned())?;
    body["items"].as_array().cloned().ok_or_else(|| Failure::new("items is not an array"))
}

fn each_side(cx: &mut Context<'_>) -> Checked {
    let room = cx.new_joined()?;
    for n in [2, 1] {
        cx.send(&room.candidate(&room.host, n))?.expect_status(204)?;
    }
    cx.send(&room.candidate(&room.guest, 3))?.expect_status(204)?;
    for (token, expected) in [(&room.guest, [2, 1].as_slice()), (&room.host, &[3])] {
        let items = items(cx, &room, token)?;
        let shown: Vec<_> = items.iter().map(|item| item["candidate"].clone()).collect();
        let expected: Vec<_> = expected.iter().map(|n| json!(candidate(*n))).collect();
        expect_eq("the list", &json!(shown), &json!(expected))?;
        expect_eq("sdpMid", &items[0]["sdpMid"], &json!("0"))?;
        expect_eq("sdpMLineIndex", &items[0]["sdpMLineIndex"], &json!(0))?;
    }
    Ok(())
}

fn repeats(cx: &mut Context<'_>) -> Checked {
    let room = cx.new_joined()?;
    for _ in 0..3 {
        cx.send(&room.candidate(&room.host, 1))?.expect_status(204)?;
    }
    cx.send(&room.candidate(&room.guest, 1))?.expect_status(204)?;
    for token in [&room.host, &room.guest] {
        let count = items(cx, &room, token)?.len();
        ensure(count == 1, || format!("{count} are listed"))?;
    }
    Ok(())
}

fn differences(cx: &mut Context<'_>) -> Checked {
    let room = cx.new_joined()?;
    let bodies = [
        json!({"candidate": candidate(1)}),
        json!({"candidate": candidate(1), "sdpMid": "0"}),
        json!({"candidate": candidate(1), "sdpMid": "1"}),
        json!({"candidate": candidate(1), "sdpMLineIndex": 0}),
        json!({"candidate": candidate(1), "sdpMid": "0", "sdpMLineIndex": 1}),
    ];
    for body in &bodies {
        cx.send(&room.post("/candidate", &room.host).json(body))?.expect_status(204)?;
    }
    let count = items(cx, &room, &room.guest)?.len();
    ensure(count == bodies.len(), || format!("{count} of {} are listed", bodies.len()))
}

fn fill(cx: &mut Context<'_>) -> Checked {
    let room = cx.new_joined()?;
    for n in 0..MAX_CANDIDATES {
        cx.send(&room.candidate(&room.host, n))?.expect_status(204)?;
    }
    cx.send(&room.candidate(&room.host, MAX_CANDIDATES))?.expect_error(&[(409, "too_many_candidates")])?;
    cx.send(&room.candidate(&room.host, 7))?.expect_status(204)?;
    cx.send(&room.candidate(&room.guest, 7))?.expect_status(204)?;
    let count = items(cx, &room, &room.guest)?.len();
    ensure(count == MAX_CANDIDATES, || format!("{count} are listed"))
}

fn bodies() -> Vec<Bad> {
    let with = |field: &str, value: Value| json!({"candidate": candidate(0), field: value}).to_string();
    let mut bodies = non_objects(BAD);
    bodies.extend([
        bad("a null candidate", json!({"candidate": null}).to_string(), BAD),
        bad("an object as candidate", json!({"candidate": {}}).to_string(), BAD),
        bad("an empty candidate", json!({"candidate": "", "sdpMid": "0"}).to_string(), BAD),
        bad(
            "a candidate one byte over 1 KiB",
            json!({"candidate": "x".repeat(MAX_CANDIDATE_BYTES + 1)}).to_string(),
            LARGE,
        ),
        bad("a null sdpMid", with("sdpMid", json!(null)), BAD_CANDIDATE),
        bad("a number as sdpMid", with("sdpMid", json!(0)), BAD),
        bad("an object as sdpMid", with("sdpMid", json!({})), BAD),
        bad("a null sdpMLineIndex", with("sdpMLineIndex", json!(null)), BAD_CANDIDATE),
        bad("a string as sdpMLineIndex", with("sdpMLineIndex", json!("0")), BAD),
        bad("a boolean as sdpMLineIndex", with("sdpMLineIndex", json!(true)), BAD),
        too_large(),
    ]);
    bodies
}
