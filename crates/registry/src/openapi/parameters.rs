//! What of a request is neither path nor body.

use registry_protocol::limits::MAX_WAIT_MS;
use registry_protocol::{RoomCode, VERSION, VERSION_HEADER};
use serde_json::{Value, json};

use super::schemas::Schemas;
use crate::Action;

/// The parameters of a call.
pub(super) fn parameters(schemas: &mut Schemas, method: &str, action: Option<Action>) -> Vec<Value> {
    let mut all = Vec::new();
    if action.is_some() {
        all.push(required("path", "code", "The room's code.", schemas.of::<RoomCode>()));
    }
    if method == "POST" {
        let why = "Makes browsers ask before they send: the guard against cross-site request forgery.";
        all.push(required("header", VERSION_HEADER, why, json!({ "const": VERSION, "type": "string" })));
    }
    match action {
        Some(Action::Candidate) => all.push(idempotency_key()),
        Some(Action::Snapshot) => {
            all.extend(waiting("The `version` of the last answer."));
            all.push(if_none_match());
        }
        Some(Action::Candidates) => all.extend(waiting("The `lastSeq` of the last answer.")),
        _ => {}
    }
    all
}

/// What makes a reading request wait for news. A base server ignores it.
fn waiting(since: &str) -> [Value; 3] {
    let number = json!({ "type": "integer", "format": "uint64", "minimum": 0 });
    let longest = MAX_WAIT_MS / 1000;
    [
        optional("query", "since", &format!("{since} Only what is newer counts as news."), number.clone()),
        optional(
            "query",
            "wait",
            &format!("How long to wait for news, in seconds; {longest} at most, more is cut. Extended servers only."),
            number,
        ),
        optional(
            "header",
            VERSION_HEADER,
            "Another place for `since`, which leaves the address as it is: a browser then asks a foreign server only once \
             whether it may.",
            json!({ "type": "string", "pattern": format!("^{VERSION}(;since=[0-9]+)?$"), "examples": ["1;since=7"] }),
        ),
    ]
}

fn if_none_match() -> Value {
    let what = "The `ETag` of the last answer, for a `304` when nothing has changed. Extended servers only.";
    optional("header", "If-None-Match", what, json!({ "type": "string" }))
}

fn idempotency_key() -> Value {
    let what = "Marks the repeats of one post, of which only the first counts. Extended servers only.";
    optional("header", "Idempotency-Key", what, json!({ "type": "string" }))
}

fn required(place: &str, name: &str, description: &str, schema: Value) -> Value {
    json!({ "in": place, "name": name, "required": true, "description": description, "schema": schema })
}

fn optional(place: &str, name: &str, description: &str, schema: Value) -> Value {
    json!({ "in": place, "name": name, "description": description, "schema": schema })
}
