use std::time::Duration;

use registry_protocol::limits::{RATE_CREATE, RATE_JOIN, RATE_PUBLIC, RATE_SIGNAL, RATE_SNAPSHOT, Rate};
use serde_json::json;

use super::{Case, Needs};
use crate::Ask;
use crate::check::{Checked, ensure};
use crate::cx::Cx;
use crate::rooms::{candidate, join};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("5 rooms a minute are made, and no more", |cx| {
            limited(cx, RATE_CREATE, &[Ask::post("/rooms").json(&json!({"hostUserName": "Host"}))], 201)
        }),
        case("5 look-ups a minute are answered, and no more", |cx| {
            limited(cx, RATE_PUBLIC, &[Ask::get("/rooms/22222222/public")], 404)
        }),
        case("10 joins a minute are tried, and no more", |cx| {
            limited(cx, RATE_JOIN, &[join("22222222", "123456")], 404)
        }),
        case("20 snapshots in 10 seconds are shown to both peers together, and no more", |cx| {
            let room = cx.new_joined()?;
            limited(cx, RATE_SNAPSHOT, &[room.get("", &room.host), room.get("", &room.guest)], 200)
        }),
        case("40 offers, answers and candidates a minute are taken of both peers together, and no more", |cx| {
            let room = cx.new_joined()?;
            let body = json!({"candidate": candidate(1)});
            let post = |token| room.post("/candidate", token).json(&body);
            limited(cx, RATE_SIGNAL, &[room.offer(), post(&room.host), post(&room.guest)], 204)
        }),
    ]
}

fn case(name: &'static str, run: impl Fn(&mut Cx<'_>) -> Checked + 'static) -> Case {
    Case { group: "limits", name: name.to_owned(), needs: Needs::RateLimits, run: Box::new(run) }
}

/// As many as `rate` says are answered with `status`, and the limit then shows before there are twice as many: a server
/// may count in windows that begin at fixed times.
fn limited(cx: &mut Cx<'_>, rate: Rate, asks: &[Ask], status: u16) -> Checked {
    let window = Duration::from_millis(rate.window_ms + 1000);
    cx.pass(window, "for the limit to be unused");
    let count = rate.count as usize;
    for (n, ask) in asks.iter().cycle().take(2 * count + 1).enumerate() {
        let answer = cx.send_at_once(ask)?;
        if answer.status == 429 {
            answer.refused(&[(429, "rate_limited")])?;
            ensure(n >= count, || format!("request {} is refused", n + 1))?;
            cx.pass(window, "for the limit to be unused again");
            cx.send_at_once(&asks[0])?.status(status)?;
            return Ok(());
        }
        answer.status(status)?;
    }
    Err(crate::Failure::new(format!("{} requests are answered at once", 2 * count + 1)))
}
