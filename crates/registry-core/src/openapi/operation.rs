//! Generates the operation object of a call.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::TOKEN_SCHEME;
use super::calls::{Access, CallSpec, call_spec, refusals};
use super::parameters::parameters;
use super::schemas::Schemas;
use crate::{Action, Refusal, Role, route};

/// The operation object of a call.
pub(super) fn operation(schemas: &mut Schemas, method: &str, action: Option<Action>) -> Value {
    let CallSpec { id, summary, access, request, .. } = call_spec(action);
    let mut operation = json!({
        "operationId": id,
        "summary": summary,
        "parameters": parameters(schemas, method, action),
        "responses": responses(schemas, method, action),
    });
    if access != Access::Anybody {
        operation["security"] = json!([{ TOKEN_SCHEME: [] }]);
    }
    if let Access::Only(role) = access {
        operation["description"] = format!("Only the {role} may do this.").into();
    }
    if let Some(body) = request {
        operation["requestBody"] = json!({ "required": true, "content": content(body(schemas)) });
    }
    operation
}

fn content(schema: Value) -> Value {
    json!({ "application/json": { "schema": schema } })
}

fn responses(schemas: &mut Schemas, method: &str, action: Option<Action>) -> Map<String, Value> {
    let (status, body) = call_spec(action).success;
    let mut good = json!({ "description": call_spec(action).summary, "headers": headers(status, action) });
    if let Some(body) = body {
        good["content"] = content(body(schemas));
    }
    let links = links(action);
    if !links.is_empty() {
        good["links"] = links.into();
    }
    let mut responses = Map::from_iter([(status.to_string(), good)]);
    if action == Some(Action::Snapshot) {
        let unchanged = "Nothing has changed since the response with one of the entity tags in `If-None-Match`.";
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

/// The response for these refusals, which share a status.
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
            "description": "Seconds after which the same request may succeed, as in `retryAfterSec`.",
            "schema": { "type": "integer", "minimum": 1 },
        });
    }
    if matches!(status, 200 | 304) && action == Some(Action::Snapshot) {
        headers["ETag"] = json!({ "description": "Identifies this version of the room. Extended servers only.", "schema": { "type": "string" } });
    }
    headers
}

/// Links to the calls that can be made with the token and code that a call returned.
fn links(action: Option<Action>) -> Map<String, Value> {
    let (role, code, token) = match action {
        None => (Role::Host, "$response.body#/code", "$response.body#/ownerToken"),
        Some(Action::Join) => (Role::Guest, "$request.path.code", "$response.body#/guestToken"),
        _ => return Map::new(),
    };
    let mut links = Map::new();
    for next in route::templates().filter_map(|(_, next)| next) {
        let CallSpec { id, access, .. } = call_spec(Some(next));
        let mut link = match next {
            Action::Exchange => json!({ "operationId": id, "parameters": {}, "requestBody": { "room": code } }),
            _ => json!({ "operationId": id, "parameters": { "path.code": code } }),
        };
        if access.admits(role) {
            link["parameters"][format!("header.{}", registry_protocol::TOKEN_HEADER)] = token.into();
        } else if (role, access) != (Role::Host, Access::Anybody) {
            continue;
        }
        if next == Action::Join {
            link["requestBody"] = json!({ "joinCode": "$response.body#/joinCode" });
        }
        links.insert(id.into(), link);
    }
    links
}
