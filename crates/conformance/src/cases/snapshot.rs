use serde_json::json;

use super::{Case, case};
use crate::check::{number, same};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("snapshot", "shows a new room to its host", |cx| {
            let room = cx.open()?;
            let body = cx.send(&room.get("?unknown=1&unknown", &room.host))?.status(200)?.json()?;
            same("status", &body["status"], &json!("open"))?;
            for field in ["offer", "answer"] {
                same(field, body.get(field).unwrap_or(&json!("missing")), &json!(null))?;
            }
            number(&body, "updatedAt")?;
            number(&body, "expiresAt").map(drop)
        }),
        case("snapshot", "holds no secret", |cx| {
            let room = cx.joined()?;
            let body = cx.send(&room.get("", &room.guest))?.status(200)?.json()?.to_string();
            let secrets = [&room.host, &room.guest, &room.join_code];
            crate::check::ensure(!secrets.iter().any(|secret| body.contains(&format!("\"{secret}\""))), || {
                "a token or the join code is shown".to_owned()
            })
        }),
        case("snapshot", "lists no candidates where there are none", |cx| {
            let room = cx.joined()?;
            let body = cx.send(&room.get("/candidates", &room.guest))?.status(200)?.json()?;
            same("items", &body["items"], &json!([]))?;
            same("mode", &body["mode"], &json!("full"))
        }),
    ]
}
