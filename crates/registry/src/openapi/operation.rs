//! One call as an operation object.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::TOKEN_SCHEME;
use super::calls::{About, Who, about, refusals};
use super::parameters::parameters;
use super::schemas::Schemas;
use crate::{Action, Refusal, Role, route};

/// The description of a call.
pub(super) fn operation(schemas: &mut Schemas, method: &str, action: Option<Action>) -> Value {
    let About { id, summary, who, takes, .. } = about(action);
    let mut operation = json!({
        "operationId": id,
        "summary": summary,
        "parameters": parameters(schemas, method, action),
        "responses": responses(schemas, method, action),
    });
    if who != Who::Anybody {
        operation["security"] = json!([{ TOKEN_SCHEME: [] }]);
    }
    if let Who::Only(role) = who {
        operation["description"] = format!("Only the {role} may do this.").into();
    }
    if let Some(body) = takes {
        operation["requestBody"] = json!({ "required": true, "content": content(body(schemas)) });
    }
    operation
}

fn content(schema: Value) -> Value {
    json!({ "application/json": { "schema": schema } })
}

fn responses(schemas: &mut Schemas, method: &str, action: Option<Action>) -> Map<String, Value> {
    let (status, body) = about(action).gives;
    let mut good = json!({ "description": about(action).summary, "headers": headers(status, action) });
    if let Some(body) = body {
        good["content"] = content(body(schemas));
    }
    let links = links(action);
    if !links.is_empty() {
        good["links"] = links.into();
    }
    let mut responses = Map::from_iter([(status.to_string(), good)]);
    if action == Some(Action::Snapshot) {
        let unchanged = "Nothing has changed since the answer with one of the tags in `If-None-Match`.";
        responses.insert("304".into(), json!({ "description": unchanged, "headers": headers(304, action) }));
    }
    let mut refused = BTreeMap::<u16, Vec<Refusal>>::new();
    for refusal in refusals(method, action) {
        refused.entry(refusal.status()).or_default().push(refusal);
    }
    responses
        .extend(refused.into_iter().map(|(status, why)| (status.to_string(), refusal(schemas, status, action, &why))));
    responses
}

/// The response to a request that is refused for one of these reasons, which share a status.
fn refusal(schemas: &mut Schemas, status: u16, action: Option<Action>, why: &[Refusal]) -> Value {
    let codes: BTreeSet<String> = why.iter().map(|refusal| refusal.code().as_str().to_owned()).collect();
    let reasons: Vec<String> =
        why.iter().map(|refusal| format!("- `{}`: {refusal}", refusal.code().as_str())).collect();
    json!({
        "description": reasons.join("\n"),
        "headers": headers(status, action),
        "content": content(schemas.error(&codes)),
    })
}

fn headers(status: u16, action: Option<Action>) -> Value {
    let mut headers = json!({ "Cache-Control": { "required": true, "schema": { "const": "no-store" } } });
    if matches!(status, 429 | 503) {
        headers["Retry-After"] = json!({
            "required": true,
            "description": "Seconds after which the same request may succeed; `retryAfterSec` says the same.",
            "schema": { "type": "integer", "minimum": 1 },
        });
    }
    if matches!(status, 200 | 304) && action == Some(Action::Snapshot) {
        headers["ETag"] =
            json!({ "description": "Names what is shown. Extended servers only.", "schema": { "type": "string" } });
    }
    headers
}

/// What can be done with the token that a call gave, and with the code that came with it.
fn links(action: Option<Action>) -> Map<String, Value> {
    let (role, code, token) = match action {
        None => (Role::Host, "$response.body#/code", "$response.body#/ownerToken"),
        Some(Action::Join) => (Role::Guest, "$request.path.code", "$response.body#/guestToken"),
        _ => return Map::new(),
    };
    let mut links = Map::new();
    for next in route::templates().filter_map(|(_, next)| next) {
        let About { id, who, .. } = about(Some(next));
        let mut link = json!({ "operationId": id, "parameters": { "path.code": code } });
        if who.admits(role) {
            link["parameters"][format!("header.{}", registry_protocol::TOKEN_HEADER)] = token.into();
        } else if (role, who) != (Role::Host, Who::Anybody) {
            continue;
        }
        if next == Action::Join {
            link["requestBody"] = json!({ "joinCode": "$response.body#/joinCode" });
        }
        links.insert(id.into(), link);
    }
    links
}
