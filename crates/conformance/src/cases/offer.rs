use registry_protocol::limits::MAX_SDP_BYTES;
use serde_json::json;

use super::{Bad, Case, bad, case, non_objects, rejects, too_large};
use crate::check::expect_eq;
use crate::room::sdp;

const BAD: &[(u16, &str)] = &[(400, "bad_sdp"), (400, "bad_json")];
const BAD_SDP: &[(u16, &str)] = &[(400, "bad_sdp")];
const LARGE: &[(u16, &str)] = &[(413, "bad_sdp"), (400, "bad_sdp")];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("offer", "is visible to both peers exactly as posted", |cx| {
            let room = cx.new_joined()?;
            let offer = json!({"type": "offer", "sdp": sdp(300)});
            cx.send(&room.post("/offer", &room.host).json(&offer))?.expect_status(204)?;
            for token in [&room.host, &room.guest] {
                let body = cx.send(&room.get("", token))?.expect_status(200)?.json()?;
                expect_eq("offer", &body["offer"], &offer)?;
                expect_eq("answer", &body["answer"], &json!(null))?;
            }
            Ok(())
        }),
        case("offer", "can be posted before there is a guest, and replaced", |cx| {
            let room = cx.new_room()?;
            cx.send(&room.offer())?.expect_status(204)?;
            let second = json!({"type": "offer", "sdp": sdp(400)});
            cx.send(&room.post("/offer", &room.host).json(&second))?.expect_status(204)?;
            let body = cx.send(&room.get("", &room.host))?.expect_status(200)?.json()?;
            expect_eq("offer", &body["offer"], &second)?;
            expect_eq("status", &body["status"], &json!("open"))
        }),
        case("offer", "can be 20 KiB long and have unknown fields", |cx| {
            let room = cx.new_room()?;
            let offer = json!({"type": "offer", "sdp": sdp(MAX_SDP_BYTES), "unknown": {"a": null}});
            cx.send(&room.post("/offer", &room.host).json(&offer))?.expect_status(204)?;
            let body = cx.send(&room.get("", &room.host))?.expect_status(200)?.json()?;
            expect_eq("sdp", &body["offer"]["sdp"], &offer["sdp"])
        }),
        case("offer", "is final once the room is paired", |cx| {
            let room = cx.new_paired()?;
            cx.send(&room.offer())?.expect_error(&[(409, "already_paired")])?;
            cx.send(&room.answer())?.expect_error(&[(409, "already_paired")])?;
            let body = cx.send(&room.get("", &room.host))?.expect_status(200)?.json()?;
            expect_eq("status", &body["status"], &json!("paired"))
        }),
    ];
    cases.extend(rejects("offer", bodies("offer", "answer"), |cx| {
        let room = cx.open()?;
        Ok(room.post("/offer", &room.host))
    }));
    cases
}

/// Bodies that are not a valid description of type `kind`.
pub(super) fn bodies(kind: &'static str, other: &'static str) -> Vec<Bad> {
    let of = |kind: serde_json::Value, sdp: serde_json::Value| json!({"type": kind, "sdp": sdp}).to_string();
    let mut bodies = non_objects(BAD);
    bodies.extend([
        bad("the wrong type", of(json!(other), json!(sdp(200))), BAD),
        bad("an unknown type", of(json!("pranswer"), json!(sdp(200))), BAD),
        bad("a null type", of(json!(null), json!(sdp(200))), BAD),
        bad("a missing type", json!({"sdp": sdp(200)}).to_string(), BAD),
        bad("a missing SDP", json!({"type": kind}).to_string(), BAD),
        bad("a null SDP", of(json!(kind), json!(null)), BAD),
        bad("an array as SDP", of(json!(kind), json!([sdp(200)])), BAD),
        bad("an empty SDP", of(json!(kind), json!("")), BAD_SDP),
        bad("an SDP one byte over 20 KiB", of(json!(kind), json!(sdp(MAX_SDP_BYTES + 1))), LARGE),
        bad(
            "an SDP over 20 KiB in fewer characters",
            of(json!(kind), json!(sdp(200) + &"é".repeat(MAX_SDP_BYTES / 2))),
            LARGE,
        ),
        too_large(),
    ]);
    bodies.extend(
        [
            ("v=", "an SDP without v="),
            ("o=", "an SDP without o="),
            ("s=", "an SDP without s="),
            ("t=", "an SDP without t="),
            ("m=", "an SDP without m="),
        ]
        .map(|(prefix, what)| bad(what, of(json!(kind), json!(sdp(200).replace(prefix, "x="))), BAD_SDP)),
    );
    bodies
}
