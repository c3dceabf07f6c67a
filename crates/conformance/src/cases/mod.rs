//! The cases, one file per part of the contract.

mod answer;
mod candidate;
mod close;
mod cors;
mod create;
mod extended;
mod join;
mod lifetimes;
mod limits;
mod offer;
mod routes;
mod snapshot;
mod tokens;

use crate::HttpRequest;
use crate::check::{Checked, ensure};
use crate::context::Context;
use crate::options::Needs;

/// A single requirement of the contract.
pub(crate) struct Case {
    pub(crate) group: &'static str,
    pub(crate) name: String,
    pub(crate) needs: Needs,
    pub(crate) run: Box<dyn Fn(&mut Context<'_>) -> Checked>,
}

/// Every case, in an order that lets them share rooms.
pub(crate) fn all() -> Vec<Case> {
    [
        routes::cases(),
        create::cases(),
        join::cases(),
        tokens::cases(),
        offer::cases(),
        answer::cases(),
        candidate::cases(),
        snapshot::cases(),
        close::cases(),
        cors::cases(),
        limits::cases(),
        lifetimes::cases(),
        extended::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A case without needs.
fn case(group: &'static str, name: impl Into<String>, run: impl Fn(&mut Context<'_>) -> Checked + 'static) -> Case {
    Case { group, name: name.into(), needs: Needs::Nothing, run: Box::new(run) }
}

/// An invalid body: what is wrong with it, the body, and the acceptable errors.
type Bad = (&'static str, Vec<u8>, &'static [(u16, &'static str)]);

/// An invalid body.
fn bad(what: &'static str, body: impl Into<Vec<u8>>, expected: &'static [(u16, &'static str)]) -> Bad {
    (what, body.into(), expected)
}

/// Bodies that are invalid for every call: not JSON, or not an object. `expected` lists the acceptable errors.
fn non_objects(expected: &'static [(u16, &'static str)]) -> Vec<Bad> {
    vec![
        bad("an empty body", "", expected),
        bad("an incomplete object", "{", expected),
        bad("trailing text after the object", "{} x", expected),
        bad("an array", "[]", expected),
        bad("null", "null", expected),
        bad("a string", "\"{}\"", expected),
        bad("invalid UTF-8", b"{\"\xff\":1}".to_vec(), expected),
        bad("deeply nested arrays", "[".repeat(20_000), expected),
        bad("an empty object", "{}", expected),
    ]
}

/// One case per invalid body, each sent with the request that `request` returns.
fn rejects(
    group: &'static str,
    bodies: Vec<Bad>,
    request: impl Fn(&mut Context<'_>) -> Result<HttpRequest, crate::Failure> + Clone + 'static,
) -> Vec<Case> {
    let one = |(what, body, expected): Bad| {
        let request = request.clone();
        case(group, format!("rejects {what}"), move |cx| {
            let request = request(cx)?.raw(body.clone());
            cx.send(&request)?.expect_error(expected)
        })
    };
    bodies.into_iter().map(one).collect()
}

/// A body over the size limit.
fn too_large() -> Bad {
    let body = format!(r#"{{"x":"{}"}}"#, "y".repeat(registry_protocol::limits::MAX_BODY_BYTES));
    bad("a body over 64 KiB", body, &[(413, "body_too_large")])
}

/// Fails unless `text` has `len` characters, all from `alphabet`.
fn check_alphabet(what: &str, text: &str, len: usize, alphabet: &[u8]) -> Checked {
    let holds = text.len() == len && text.bytes().all(|byte| alphabet.contains(&byte));
    ensure(holds, || format!("{what} is not {len} characters of the right alphabet"))
}
