use serde_json::json;

use super::{Case, case};
use crate::check::Checked;
use crate::context::Context;
use crate::room::{Room, candidate, sdp};
use crate::{Failure, HttpRequest};

const FORBIDDEN: &[(u16, &str)] = &[(403, "forbidden")];

/// The calls that need a token: method and path after the room code.
const CALLS: [(&str, &str); 6] = [
    ("GET", ""),
    ("GET", "/candidates"),
    ("POST", "/offer"),
    ("POST", "/answer"),
    ("POST", "/candidate"),
    ("POST", "/close"),
];

/// Picks the token to use, if any.
type Pick = fn(&mut Context<'_>, &Room) -> Result<Option<String>, Failure>;

/// Tokens that must be rejected.
const WRONG: [(&str, Pick); 6] = [
    ("a missing token", |_, _| Ok(None)),
    ("an empty token", |_, _| Ok(Some(String::new()))),
    ("an unknown token in the right format", |_, _| Ok(Some("A".repeat(43)))),
    ("a truncated token", |_, room| Ok(Some(room.host.chars().skip(1).collect()))),
    ("a very long token", |_, _| Ok(Some("A".repeat(4000)))),
    ("a token of another room", |cx, _| Ok(Some(cx.open()?.host))),
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (method, tail) in CALLS {
        for (what, token) in WRONG {
            cases.push(case("tokens", format!("{method} /rooms/:code{tail} rejects {what}"), move |cx| {
                let room = cx.joined()?;
                let request = call(method, tail, &room);
                let token = token(cx, &room)?;
                let request = token.iter().fold(request, |request, token| request.token(token));
                cx.send(&request)?.expect_error(FORBIDDEN)
            }));
        }
        cases.push(case("tokens", format!("{method} /rooms/:code{tail} is 404 for an unknown room"), move |cx| {
            let mut room = cx.joined()?;
            room.code = "22222222".to_owned();
            let request = call(method, tail, &room).token(&room.host);
            cx.send(&request)?.expect_error(&[(404, "not_found")])
        }));
    }
    for (what, tail, token) in [
        ("the guest's offer", "/offer", guest as fn(&Room) -> &str),
        ("the host's answer", "/answer", host),
        ("the guest's close", "/close", guest),
    ] {
        cases.push(case("roles", format!("rejects {what}"), move |cx| wrong_role(cx, tail, token)));
    }
    cases
}

fn host(room: &Room) -> &str {
    &room.host
}

fn guest(room: &Room) -> &str {
    &room.guest
}

fn wrong_role(cx: &mut Context<'_>, tail: &str, token: fn(&Room) -> &str) -> Checked {
    let room = cx.joined()?;
    let request = call("POST", tail, &room).token(token(&room));
    cx.send(&request)?.expect_error(FORBIDDEN)
}

/// A call with a valid body and without a token.
fn call(method: &str, tail: &str, room: &Room) -> HttpRequest {
    let path = room.path(tail);
    match (method, tail) {
        ("GET", _) => HttpRequest::get(path),
        (_, "/offer") => HttpRequest::post(path).json(&json!({"type": "offer", "sdp": sdp(200)})),
        (_, "/answer") => HttpRequest::post(path).json(&json!({"type": "answer", "sdp": sdp(200)})),
        (_, "/candidate") => HttpRequest::post(path).json(&json!({"candidate": candidate(0)})),
        _ => HttpRequest::post(path),
    }
}
