use serde_json::json;

use super::{Case, case, offer, refuses};
use crate::check::same;
use crate::rooms::sdp;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case("answer", "is refused while there is no offer", |cx| {
            let room = cx.joined()?;
            cx.send(&room.answer())?.refused(&[(409, "no_offer")])
        }),
        case("answer", "pairs the room and is shown to both peers", |cx| {
            let room = cx.new_joined()?;
            cx.send(&room.offer())?.status(204)?;
            let answer = json!({"type": "answer", "sdp": sdp(300)});
            cx.send(&room.post("/answer", &room.guest).json(&answer))?.status(204)?;
            for token in [&room.host, &room.guest] {
                let body = cx.send(&room.get("", token))?.status(200)?.json()?;
                same("answer", &body["answer"], &answer)?;
                same("status", &body["status"], &json!("paired"))?;
            }
            Ok(())
        }),
    ];
    cases.extend(refuses("answer", offer::bodies("answer", "offer"), |cx| {
        let room = cx.joined()?;
        Ok(room.post("/answer", &room.guest))
    }));
    cases
}
