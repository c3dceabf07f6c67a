use registry_protocol::limits::MAX_SDP_BYTES;
use serde_json::json;

use super::{Bad, Case, bad, case, no_objects, refuses, too_large};
use crate::check::same;
use crate::rooms::sdp;

const BAD: &[(u16, &str)] = &[(400, "bad_sdp"), (400, "bad_json")];
const BAD_SDP: &[(u16, &str)] = &[(400, "bad_sdp")];
const LARGE: &[(u16, &str)] = &[(413, "bad_sdp"), (400, "bad_sdp")];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("offer", "is shown to both peers as it was posted", |cx| {
            let room = cx.new_joined()?;
            let offer = json!({"type": "offer", "sdp": sdp(300)});
            cx.send(&room.post("/offer", &room.host).json(&offer))?.status(204)?;
            for token in [&room.host, &room.guest] {
                let body = cx.send(&room.get("", token))?.status(200)?.json()?;
                same("offer", &body["offer"], &offer)?;
                same("answer", &body["answer"], &json!(null))?;
            }
            Ok(())
        }),
        case("offer", "may be posted before there is a guest, and replaced", |cx| {
            let room = cx.new_room()?;
            cx.send(&room.offer())?.status(204)?;
            let second = json!({"type": "offer", "sdp": sdp(400)});
            cx.send(&room.post("/offer", &room.host).json(&second))?.status(204)?;
            let body = cx.send(&room.get("", &room.host))?.status(200)?.json()?;
            same("offer", &body["offer"], &second)?;
            same("status", &body["status"], &json!("open"))
        }),
        case("offer", "may have 20 KiB, and fields that nobody knows", |cx| {
            let room = cx.new_room()?;
            let offer = json!({"type": "offer", "sdp": sdp(MAX_SDP_BYTES), "unknown": {"a": null}});
            cx.send(&room.post("/offer", &room.host).json(&offer))?.status(204)?;
            let body = cx.send(&room.get("", &room.host))?.status(200)?.json()?;
            same("sdp", &body["offer"]["sdp"], &offer["sdp"])
        }),
        case("offer", "is settled once the room is paired", |cx| {
            let room = cx.new_paired()?;
            cx.send(&room.offer())?.refused(&[(409, "already_paired")])?;
            cx.send(&room.answer())?.refused(&[(409, "already_paired")])?;
            let body = cx.send(&room.get("", &room.host))?.status(200)?.json()?;
            same("status", &body["status"], &json!("paired"))
        }),
    ];
    cases.extend(refuses("offer", bodies("offer", "answer"), |cx| {
        let room = cx.open()?;
        Ok(room.post("/offer", &room.host))
    }));
    cases
}

/// Bodies that are no description of `kind`.
pub(super) fn bodies(kind: &'static str, other: &'static str) -> Vec<Bad> {
    let of = |kind: serde_json::Value, sdp: serde_json::Value| json!({"type": kind, "sdp": sdp}).to_string();
    let mut bodies = no_objects(BAD);
    bodies.extend([
        bad("the other type", of(json!(other), json!(sdp(200))), BAD),
        bad("an unknown type", of(json!("pranswer"), json!(sdp(200))), BAD),
        bad("a type that is null", of(json!(null), json!(sdp(200))), BAD),
        bad("no type", json!({"sdp": sdp(200)}).to_string(), BAD),
        bad("no SDP", json!({"type": kind}).to_string(), BAD),
        bad("an SDP that is null", of(json!(kind), json!(null)), BAD),
        bad("an SDP that is an array", of(json!(kind), json!([sdp(200)])), BAD),
        bad("an empty SDP", of(json!(kind), json!("")), BAD_SDP),
        bad("an SDP of a byte above 20 KiB", of(json!(kind), json!(sdp(MAX_SDP_BYTES + 1))), LARGE),
        bad(
            "an SDP above 20 KiB in fewer characters",
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
