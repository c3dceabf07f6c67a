use registry_protocol::limits::{MAX_CANDIDATE_BYTES, MAX_CANDIDATES};
use serde_json::{Value, json};

use super::{Bad, Case, bad, case, no_objects, refuses, too_large};
use crate::Failure;
use crate::check::{Checked, ensure, same};
use crate::cx::Cx;
use crate::rooms::{Room, candidate};

const BAD: &[(u16, &str)] = &[(400, "bad_candidate"), (400, "bad_json")];
const BAD_CANDIDATE: &[(u16, &str)] = &[(400, "bad_candidate")];
const LARGE: &[(u16, &str)] = &[(413, "bad_candidate"), (400, "bad_candidate")];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("candidate", "is shown to the other side only, oldest first", each_side),
        case("candidate", "is stored once, however often it is posted", repeats),
        case("candidate", "differs from another by sdpMid or sdpMLineIndex", differences),
        case("candidate", "may have 1 KiB, and fields that nobody knows", |cx| {
            let room = cx.new_joined()?;
            let longest = format!("{:x<MAX_CANDIDATE_BYTES$}", candidate(0));
            let body = json!({"candidate": longest, "usernameFragment": null, "unknown": 1});
            cx.send(&room.post("/candidate", &room.host).json(&body))?.status(204)?;
            same("candidate", &items(cx, &room, &room.guest)?[0]["candidate"], &body["candidate"])
        }),
        case("candidate", "is still accepted once the room is paired", |cx| {
            let room = cx.new_paired()?;
            cx.send(&room.candidate(&room.guest, 1))?.status(204)?;
            ensure(items(cx, &room, &room.host)?.len() == 1, || "it is not shown".to_owned())
        }),
        case("candidate", "is accepted 40 times a peer, and a known one again after that", fill),
    ];
    cases.extend(refuses("candidate", bodies(), |cx| {
        let room = cx.joined()?;
        Ok(room.post("/candidate", &room.guest))
    }));
    cases
}

/// What the holder of `token` is shown.
fn items(cx: &mut Cx<'_>, room: &Room, token: &str) -> Result<Vec<Value>, Failure> {
    let body = cx.send(&room.get("/candidates?unknown=1", token))?.status(200)?.json()?;
    same("mode", &body["mode"], &json!("full"))?;
    ensure(body.get("lastSeq").is_some(), || "there is no lastSeq".to_owned())?;
    body["items"].as_array().cloned().ok_or_else(|| Failure::new("items is no array"))
}

fn each_side(cx: &mut Cx<'_>) -> Checked {
    let room = cx.new_joined()?;
    for n in [2, 1] {
        cx.send(&room.candidate(&room.host, n))?.status(204)?;
    }
    cx.send(&room.candidate(&room.guest, 3))?.status(204)?;
    for (token, expected) in [(&room.guest, [2, 1].as_slice()), (&room.host, &[3])] {
        let items = items(cx, &room, token)?;
        let shown: Vec<_> = items.iter().map(|item| item["candidate"].clone()).collect();
        let expected: Vec<_> = expected.iter().map(|n| json!(candidate(*n))).collect();
        same("the list", &json!(shown), &json!(expected))?;
        same("sdpMid", &items[0]["sdpMid"], &json!("0"))?;
        same("sdpMLineIndex", &items[0]["sdpMLineIndex"], &json!(0))?;
    }
    Ok(())
}

fn repeats(cx: &mut Cx<'_>) -> Checked {
    let room = cx.new_joined()?;
    for _ in 0..3 {
        cx.send(&room.candidate(&room.host, 1))?.status(204)?;
    }
    cx.send(&room.candidate(&room.guest, 1))?.status(204)?;
    for token in [&room.host, &room.guest] {
        let count = items(cx, &room, token)?.len();
        ensure(count == 1, || format!("{count} are shown"))?;
    }
    Ok(())
}

fn differences(cx: &mut Cx<'_>) -> Checked {
    let room = cx.new_joined()?;
    let bodies = [
        json!({"candidate": candidate(1)}),
        json!({"candidate": candidate(1), "sdpMid": "0"}),
        json!({"candidate": candidate(1), "sdpMid": "1"}),
        json!({"candidate": candidate(1), "sdpMLineIndex": 0}),
        json!({"candidate": candidate(1), "sdpMid": "0", "sdpMLineIndex": 1}),
    ];
    for body in &bodies {
        cx.send(&room.post("/candidate", &room.host).json(body))?.status(204)?;
    }
    let count = items(cx, &room, &room.guest)?.len();
    ensure(count == bodies.len(), || format!("{count} are shown of {}", bodies.len()))
}

fn fill(cx: &mut Cx<'_>) -> Checked {
    let room = cx.new_joined()?;
    for n in 0..MAX_CANDIDATES {
        cx.send(&room.candidate(&room.host, n))?.status(204)?;
    }
    cx.send(&room.candidate(&room.host, MAX_CANDIDATES))?.refused(&[(409, "too_many_candidates")])?;
    cx.send(&room.candidate(&room.host, 7))?.status(204)?;
    cx.send(&room.candidate(&room.guest, 7))?.status(204)?;
    let count = items(cx, &room, &room.guest)?.len();
    ensure(count == MAX_CANDIDATES, || format!("{count} are shown"))
}

fn bodies() -> Vec<Bad> {
    let with = |field: &str, value: Value| json!({"candidate": candidate(0), field: value}).to_string();
    let mut bodies = no_objects(BAD);
    bodies.extend([
        bad("a candidate that is null", json!({"candidate": null}).to_string(), BAD),
        bad("a candidate that is an object", json!({"candidate": {}}).to_string(), BAD),
        bad("an empty candidate", json!({"candidate": "", "sdpMid": "0"}).to_string(), BAD),
        bad(
            "a candidate of a byte above 1 KiB",
            json!({"candidate": "x".repeat(MAX_CANDIDATE_BYTES + 1)}).to_string(),
            LARGE,
        ),
        bad("an sdpMid that is null", with("sdpMid", json!(null)), BAD_CANDIDATE),
        bad("an sdpMid that is a number", with("sdpMid", json!(0)), BAD),
        bad("an sdpMid that is an object", with("sdpMid", json!({})), BAD),
        bad("an sdpMLineIndex that is null", with("sdpMLineIndex", json!(null)), BAD_CANDIDATE),
        bad("an sdpMLineIndex that is a string", with("sdpMLineIndex", json!("0")), BAD),
        bad("an sdpMLineIndex that is a boolean", with("sdpMLineIndex", json!(true)), BAD),
        too_large(),
    ]);
    bodies
}
