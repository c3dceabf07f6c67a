use serde_json::json;

use super::{Case, case};
use crate::check::Checked;
use crate::cx::Cx;
use crate::rooms::{Room, candidate, sdp};
use crate::{Ask, Failure};

const FORBIDDEN: &[(u16, &str)] = &[(403, "forbidden")];

/// The calls that need a token: method, what follows the room's code.
const CALLS: [(&str, &str); 6] = [
    ("GET", ""),
    ("GET", "/candidates"),
    ("POST", "/offer"),
    ("POST", "/answer"),
    ("POST", "/candidate"),
    ("POST", "/close"),
];

/// Picks the token to ask a room with, if any.
type Pick = fn(&mut Cx<'_>, &Room) -> Result<Option<String>, Failure>;

/// Tokens that open nothing.
const WRONG: [(&str, Pick); 6] = [
    ("no token", |_, _| Ok(None)),
    ("an empty token", |_, _| Ok(Some(String::new()))),
    ("a token of the right form", |_, _| Ok(Some("A".repeat(43)))),
    ("a token that is cut short", |_, room| Ok(Some(room.host.chars().skip(1).collect()))),
    ("a very long token", |_, _| Ok(Some("A".repeat(4000)))),
    ("a token of another room", |cx, _| Ok(Some(cx.open()?.host))),
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (method, tail) in CALLS {
        for (what, token) in WRONG {
            cases.push(case("tokens", format!("{method} /rooms/:code{tail} refuses {what}"), move |cx| {
                let room = cx.joined()?;
                let ask = call(method, tail, &room);
                let token = token(cx, &room)?;
                let ask = token.iter().fold(ask, |ask, token| ask.token(token));
                cx.send(&ask)?.refused(FORBIDDEN)
            }));
        }
        cases.push(case("tokens", format!("{method} /rooms/:code{tail} knows no room that is none"), move |cx| {
            let mut room = cx.joined()?;
            room.code = "22222222".to_owned();
            let ask = call(method, tail, &room).token(&room.host);
            cx.send(&ask)?.refused(&[(404, "not_found")])
        }));
    }
    for (what, tail, token) in [
        ("the guest's offer", "/offer", guest as fn(&Room) -> &str),
        ("the host's answer", "/answer", host),
        ("the guest's close", "/close", guest),
    ] {
        cases.push(case("roles", format!("refuses {what}"), move |cx| wrong_role(cx, tail, token)));
    }
    cases
}

fn host(room: &Room) -> &str {
    &room.host
}

fn guest(room: &Room) -> &str {
    &room.guest
}

fn wrong_role(cx: &mut Cx<'_>, tail: &str, token: fn(&Room) -> &str) -> Checked {
    let room = cx.joined()?;
    let ask = call("POST", tail, &room).token(token(&room));
    cx.send(&ask)?.refused(FORBIDDEN)
}

/// A call with a good body and without a token.
fn call(method: &str, tail: &str, room: &Room) -> Ask {
    let path = room.path(tail);
    match (method, tail) {
        ("GET", _) => Ask::get(path),
        (_, "/offer") => Ask::post(path).json(&json!({"type": "offer", "sdp": sdp(200)})),
        (_, "/answer") => Ask::post(path).json(&json!({"type": "answer", "sdp": sdp(200)})),
        (_, "/candidate") => Ask::post(path).json(&json!({"candidate": candidate(0)})),
        _ => Ask::post(path),
    }
}
