//! The cases, one file for each part of the contract.

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

use crate::Ask;
use crate::check::{Checked, ensure};
use crate::cx::{Cx, Options};

/// Something that must hold.
pub(crate) struct Case {
    pub(crate) group: &'static str,
    pub(crate) name: String,
    pub(crate) needs: Needs,
    pub(crate) run: Box<dyn Fn(&mut Cx<'_>) -> Checked>,
}

/// What a case cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    /// A Registry.
    Nothing,
    /// An origin that the Registry lets in.
    Origin,
    /// A Registry with rate limits.
    RateLimits,
    /// Time.
    Lifetimes,
    /// A Registry that knows more than the base contract.
    Extended,
    /// The same, with rate limits.
    ExtendedLimits,
}

impl Needs {
    /// Why the case is not run, if it is not.
    pub(crate) fn missing(self, options: &Options) -> Option<&'static str> {
        match self {
            Self::Origin if options.origin.is_none() => Some("only with --origin"),
            Self::RateLimits | Self::ExtendedLimits if !options.rate_limits => Some("rate limits are off"),
            Self::Lifetimes if !options.lifetimes => Some("only with --slow"),
            _ => None,
        }
    }
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

/// A case that needs nothing.
fn case(group: &'static str, name: impl Into<String>, run: impl Fn(&mut Cx<'_>) -> Checked + 'static) -> Case {
    Case { group, name: name.into(), needs: Needs::Nothing, run: Box::new(run) }
}

/// A body that is refused: what is wrong with it, the body, and the answers that are right.
type Bad = (&'static str, Vec<u8>, &'static [(u16, &'static str)]);

/// A body that is refused.
fn bad(what: &'static str, body: impl Into<Vec<u8>>, expected: &'static [(u16, &'static str)]) -> Bad {
    (what, body.into(), expected)
}

/// What no call takes: no JSON, or no object. `expected` are the answers that are right.
fn no_objects(expected: &'static [(u16, &'static str)]) -> Vec<Bad> {
    vec![
        bad("an empty body", "", expected),
        bad("half an object", "{", expected),
        bad("text after the object", "{} x", expected),
        bad("an array", "[]", expected),
        bad("null", "null", expected),
        bad("a string", "\"{}\"", expected),
        bad("no UTF-8", b"{\"\xff\":1}".to_vec(), expected),
        bad("a deep nest", "[".repeat(20_000), expected),
        bad("an empty object", "{}", expected),
    ]
}

/// One case for each bad body, posted as `ask` has it.
fn refuses(
    group: &'static str,
    bodies: Vec<Bad>,
    ask: impl Fn(&mut Cx<'_>) -> Result<Ask, crate::Failure> + Clone + 'static,
) -> Vec<Case> {
    let one = |(what, body, expected): Bad| {
        let ask = ask.clone();
        case(group, format!("refuses {what}"), move |cx| {
            let ask = ask(cx)?.raw(body.clone());
            cx.send(&ask)?.refused(expected)
        })
    };
    bodies.into_iter().map(one).collect()
}

/// A body above the limit, and answers that are right.
fn too_large() -> Bad {
    let body = format!(r#"{{"x":"{}"}}"#, "y".repeat(registry_protocol::limits::MAX_BODY_BYTES));
    bad("a body above 64 KiB", body, &[(413, "body_too_large")])
}

/// Fails unless `text` has `len` characters, all of `alphabet`.
fn made_of(what: &str, text: &str, len: usize, alphabet: &[u8]) -> Checked {
    let holds = text.len() == len && text.bytes().all(|byte| alphabet.contains(&byte));
    ensure(holds, || format!("{what} is not {len} characters of its alphabet"))
}
