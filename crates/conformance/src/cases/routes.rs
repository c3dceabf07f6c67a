use super::{Case, case};
use crate::HttpRequest;

const NOT_FOUND: &[(u16, &str)] = &[(404, "not_found")];

/// Requests without a route.
const UNROUTED: &[(&str, &str)] = &[
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
    let mut cases: Vec<Case> = UNROUTED
        .iter()
        .map(|(method, path)| {
            case("routes", format!("{method} {path} is 404"), move |cx| {
                let request =
                    if *method == "POST" { HttpRequest::post(*path).raw("{}") } else { HttpRequest::get(*path) };
                cx.send(&request)?.expect_error(NOT_FOUND)
            })
        })
        .collect();
    cases.extend(["", "/join", "/offer", "/answer", "/candidate", "/close"].map(|tail| {
        let shown = if tail.is_empty() { String::new() } else { format!("/:code{tail}") };
        case("version", format!("POST /rooms{shown} requires the version header"), move |cx| {
            let room = cx.open()?;
            let request = if tail.is_empty() { HttpRequest::post("/rooms") } else { room.post(tail, &room.host) };
            cx.send(&request.without("X-Registry-Version").raw("{}"))?.expect_error(&[(400, "missing_version")])
        })
    }));
    cases
}
