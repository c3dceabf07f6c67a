//! The parameters of each call: path, query and headers.

use registry_protocol::{RoomCode, VERSION, VERSION_HEADER};
use serde_json::{Value, json};

use super::schemas::Schemas;
use crate::Action;

/// The parameters of a call.
pub(super) fn parameters(schemas: &mut Schemas, method: &str, action: Option<Action>) -> Vec<Value> {
    let mut all = Vec::new();
    if action.is_some_and(|action| action != Action::Exchange) {
        all.push(required("path", "code", "The room code.", schemas.of::<RoomCode>()));
    }
    if method == "POST" {
        let why = "Forces a CORS preflight, as protection against cross-site request forgery.";
        all.push(required("header", VERSION_HEADER, why, json!({ "const": VERSION, "type": "string" })));
    }
    match action {
        Some(Action::Candidate) => all.push(idempotency_key()),
        Some(Action::Snapshot) => all.push(if_none_match()),
        Some(Action::Candidates) => all.push(since()),
        _ => {}
    }
    all
}

fn since() -> Value {
    let what = "The `lastSeq` of the last response: only what is newer is returned. Extended servers only.";
    optional("query", "since", what, json!({ "type": "integer", "format": "uint64", "minimum": 0 }))
}

fn if_none_match() -> Value {
    let what =
        "The `ETag` of the last response: if nothing has changed, the response is a `304`. Extended servers only.";
    optional("header", "If-None-Match", what, json!({ "type": "string" }))
}

fn idempotency_key() -> Value {
    let what = "Identifies retries of the same post, of which only the first has an effect. Extended servers only.";
    optional("header", "Idempotency-Key", what, json!({ "type": "string" }))
}

fn required(place: &str, name: &str, description: &str, schema: Value) -> Value {
    json!({ "in": place, "name": name, "required": true, "description": description, "schema": schema })
}

fn optional(place: &str, name: &str, description: &str, schema: Value) -> Value {
    json!({ "in": place, "name": name, "description": description, "schema": schema })
}
