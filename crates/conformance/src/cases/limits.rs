use std::time::Duration;

use registry_protocol::limits::{RATE_CREATE, RATE_JOIN, RATE_PUBLIC, RATE_SIGNAL, RATE_SNAPSHOT, Rate};
use serde_json::json;

use super::Case;
use crate::HttpRequest;
use crate::check::{Checked, ensure};
use crate::context::Context;
use crate::options::Needs;
use crate::room::{candidate, join};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("creating rooms is limited to 5 a minute", |cx| {
            limited(cx, RATE_CREATE, &[HttpRequest::post("/rooms").json(&json!({"hostUserName": "Host"}))], 201)
        }),
        case("public lookups are limited to 5 a minute", |cx| {
            limited(cx, RATE_PUBLIC, &[HttpRequest::get("/rooms/22222222/public")], 404)
        }),
        case("joins are limited to 10 a minute", |cx| limited(cx, RATE_JOIN, &[join("22222222", "123456")], 404)),
        case("snapshots are limited to 20 in 10 seconds for both peers together", |cx| {
            let room = cx.new_joined()?;
            limited(cx, RATE_SNAPSHOT, &[room.get("", &room.host), room.get("", &room.guest)], 200)
        }),
        case("offers, answers and candidates are limited to 40 a minute for both peers together", |cx| {
            let room = cx.new_joined()?;
            let body = json!({"candidate": candidate(1)});
            let post = |token| room.post("/candidate", token).json(&body);
            limited(cx, RATE_SIGNAL, &[room.offer(), post(&room.host), post(&room.guest)], 204)
        }),
    ]
}

fn case(name: &'static str, run: impl Fn(&mut Context<'_>) -> Checked + 'static) -> Case {
    Case { group: "limits", name: name.to_owned(), needs: Needs::RateLimits, run: Box::new(run) }
}

/// Checks that as many requests as `rate` permits get `status`, and that the limit applies before there are twice as
/// many: a server may count in fixed windows.
fn limited(cx: &mut Context<'_>, rate: Rate, requests: &[HttpRequest], status: u16) -> Checked {
    let window = Duration::from_millis(rate.window_ms + 1000);
    cx.advance(window, "for the rate limit to reset");
    let count = rate.count as usize;
    for (n, request) in requests.iter().cycle().take(2 * count + 1).enumerate() {
        let response = cx.send_at_once(request)?;
        if response.status == 429 {
            response.expect_error(&[(429, "rate_limited")])?;
            ensure(n >= count, || format!("request {} was rejected", n + 1))?;
            cx.advance(window, "for the rate limit to reset again");
            cx.send_at_once(&requests[0])?.expect_status(status)?;
            return Ok(());
        }
        response.expect_status(status)?;
    }
    Err(crate::Failure::new(format!("{} requests in a row were answered", 2 * count + 1)))
}
