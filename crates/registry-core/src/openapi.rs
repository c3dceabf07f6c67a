//! The OpenAPI description of the API, generated from the Registry's own parts: the table of calls, the wire types with
//! their limits, and the refusals. [`calls`] lists the request, response and errors of each call.

mod calls;
mod operation;
mod parameters;
mod schemas;

use serde_json::{Map, Value, json};

use crate::route;
use schemas::Schemas;

/// Name of the security scheme.
const TOKEN_SCHEME: &str = "accessToken";

const DESCRIPTION: &str = "\
Two peers meet in a room and exchange what they need to establish a WebRTC connection: descriptions and candidates.

Unknown fields and unknown query parameters are ignored, and so are `since` and `wait` if they are not integers. All \
times are in milliseconds since the epoch by the server's clock, and advisory.";

/// The API as an OpenAPI 3.1 document.
pub fn openapi() -> Value {
    let mut schemas = Schemas::new();
    let paths = paths(&mut schemas);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "WebRTC signalling Registry",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT", "identifier": "MIT" },
            "description": DESCRIPTION,
        },
        "paths": paths,
        "components": {
            "schemas": schemas.finish(),
            "securitySchemes": { TOKEN_SCHEME: {
                "type": "apiKey",
                "in": "header",
                "name": registry_protocol::TOKEN_HEADER,
                "description": "The access token of the host (`ownerToken`, returned by creating the room) or of the guest (`guestToken`, returned by joining it).",
            } },
        },
    })
}

fn paths(schemas: &mut Schemas) -> Map<String, Value> {
    let mut paths = Map::new();
    for (template, action) in route::templates() {
        let (method, path) = template.split_once(' ').unwrap_or_default();
        let item = paths.entry(path.replace(":code", "{code}")).or_insert_with(|| json!({}));
        item[method.to_ascii_lowercase()] = operation::operation(schemas, method, action);
    }
    paths
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use strum::IntoEnumIterator;

    use super::*;
    use crate::Refusal;

    /// Collects every object in `value`, including itself.
    fn objects<'a>(value: &'a Value, found: &mut Vec<&'a Map<String, Value>>) {
        match value {
            Value::Object(object) => {
                found.push(object);
                object.values().for_each(|value| objects(value, found));
            }
            Value::Array(values) => values.iter().for_each(|value| objects(value, found)),
            _ => {}
        }
    }

    #[test]
    fn every_call_is_described() {
        let document = openapi();
        for (template, _) in route::templates() {
            let (method, path) = template.split_once(' ').unwrap();
            let operation = &document["paths"][path.replace(":code", "{code}")][method.to_ascii_lowercase()];
            assert!(operation["summary"].is_string() && operation["responses"]["500"].is_object(), "{template}");
        }
        assert_eq!(document["paths"].as_object().unwrap().len(), 11);
    }

    #[test]
    fn every_refusal_is_described() {
        let text = openapi()["paths"].to_string();
        // What is not a call refuses by itself.
        for refusal in Refusal::iter().filter(|refusal| *refusal != Refusal::ReadOnly) {
            let stated =
                calls::every_refusal().any(|known| std::mem::discriminant(&known) == std::mem::discriminant(&refusal));
            assert!(stated && text.contains(refusal.code().as_str()), "{refusal:?}");
        }
    }

    #[test]
    fn every_reference_resolves_and_every_operation_id_is_unique() {
        let document = openapi();
        let mut all = Vec::new();
        objects(&document, &mut all);
        let references: Vec<&str> = all.iter().filter_map(|object| object.get("$ref")?.as_str()).collect();
        assert!(references.len() > 20);
        for reference in references {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
        let of_operations = all.iter().filter(|object| object.contains_key("responses"));
        let names: Vec<&Value> = of_operations.map(|object| &object["operationId"]).collect();
        assert_eq!(names.iter().map(|name| name.as_str().unwrap()).collect::<BTreeSet<_>>().len(), names.len());
    }
}
