use serde_json::json;

use super::{Case, case};
use crate::check::{expect_eq, number};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("snapshot", "shows a new room to its host", |cx| {
            let room = cx.open()?;
            let body = cx.send(&room.get("?unknown=1&unknown", &room.host))?.expect_status(200)?.json()?;
            expect_eq("status", &body["status"], &json!("open"))?;
            for field in ["offer", "answer"] {
                expect_eq(field, body.get(field).unwrap_or(&json!("missing")), &json!(null))?;
            }
            number(&body, "updatedAt")?;
            number(&body, "expiresAt").map(drop)
        }),
        case("snapshot", "contains no secret", |cx| {
            let room = cx.joined()?;
            let body = cx.send(&room.get("", &room.guest))?.expect_status(200)?.json()?.to_string();
            let secrets = [&room.host, &room.guest, &room.join_code];
            crate::check::ensure(!secrets.iter().any(|secret| body.contains(&format!("\"{secret}\""))), || {
                "it contains a token or the join code".to_owned()
            })
        }),
        case("snapshot", "has an empty candidate list at first", |cx| {
            let room = cx.joined()?;
            let body = cx.send(&room.get("/candidates", &room.guest))?.expect_status(200)?.json()?;
            expect_eq("items", &body["items"], &json!([]))?;
            expect_eq("mode", &body["mode"], &json!("full"))
        }),
    ]
}
