use serde_json::json;

use super::{Case, case, offer, rejects};
use crate::check::expect_eq;
use crate::room::sdp;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("answer", "is rejected while there is no offer", |cx| {
            let room = cx.joined()?;
            cx.send(&room.answer())?.expect_error(&[(409, "no_offer")])
        }),
        case("answer", "pairs the room and is visible to both peers", |cx| {
            let room = cx.new_joined()?;
            cx.send(&room.offer())?.expect_status(204)?;
            let response = json!({"type": "answer", "sdp": sdp(300)});
            cx.send(&room.post("/answer", &room.guest).json(&response))?.expect_status(204)?;
            for token in [&room.host, &room.guest] {
                let body = cx.send(&room.get("", token))?.expect_status(200)?.json()?;
                expect_eq("answer", &body["answer"], &response)?;
                expect_eq("status", &body["status"], &json!("paired"))?;
            }
            Ok(())
        }),
    ];
    cases.extend(rejects("answer", offer::bodies("answer", "offer"), |cx| {
        let room = cx.joined()?;
        Ok(room.post("/answer", &room.guest))
    }));
    cases
}
