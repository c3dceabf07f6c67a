use super::{Case, case};
use crate::Ask;

const NOT_FOUND: &[(u16, &str)] = &[(404, "not_found")];

/// What has no place to go.
const NOWHERE: &[(&str, &str)] = &[
    ("GET", "/rooms/short"),
    ("GET", "/rooms/abcdefgh"),
    ("GET", "/rooms/ABCD-234"),
    ("GET", "/rooms/ABCDEFGHJ"),
    ("GET", "/rooms/ACDEFGHJ/unknown"),
    ("POST", "/rooms/ACDEFGHJ/unknown"),
    ("GET", "/rooms/ACDEFGHJ/public/more"),
    ("POST", "/elsewhere"),
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = NOWHERE
        .iter()
        .map(|(method, path)| {
            case("routes", format!("{method} {path} leads nowhere"), move |cx| {
                let ask = if *method == "POST" { Ask::post(*path).raw("{}") } else { Ask::get(*path) };
                cx.send(&ask)?.refused(NOT_FOUND)
            })
        })
        .collect();
    cases.extend(["", "/join", "/offer", "/answer", "/candidate", "/close"].map(|tail| {
        let shown = if tail.is_empty() { String::new() } else { format!("/:code{tail}") };
        case("version", format!("POST /rooms{shown} needs the version header"), move |cx| {
            let room = cx.open()?;
            let ask = if tail.is_empty() { Ask::post("/rooms") } else { room.post(tail, &room.host) };
            cx.send(&ask.without("X-Registry-Version").raw("{}"))?.refused(&[(400, "missing_version")])
        })
    }));
    cases
}
