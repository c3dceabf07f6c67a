//! The JSON Schemas of the wire types, as the Registry serializes them. It accepts the same form.

use std::collections::BTreeSet;

use registry_protocol::{ErrorEnvelope, RoomSnapshot, SessionDescription};
use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

/// Collects the schemas that the document refers to.
pub(super) struct Schemas(SchemaGenerator);

impl Schemas {
    pub(super) fn new() -> Self {
        let mut settings = SchemaSettings::draft2020_12().for_serialize();
        settings.definitions_path = "/components/schemas".into();
        Self(settings.with_transform(RecursiveTransform(finish)).into_generator())
    }

    /// A reference to the schema of `T`.
    pub(super) fn of<T: JsonSchema>(&mut self) -> Value {
        self.0.subschema_for::<T>().to_value()
    }

    /// A session description restricted to the type `offer` or `answer`.
    pub(super) fn description(&mut self, kind: &str) -> Value {
        json!({ "allOf": [self.of::<SessionDescription>(), { "properties": { "type": { "const": kind } } }] })
    }

    /// A snapshot as an exchange returns it.
    pub(super) fn news(&mut self) -> Value {
        json!({ "allOf": [self.of::<RoomSnapshot>(), { "required": ["version", "candidates"] }] })
    }

    /// An error envelope restricted to these codes.
    pub(super) fn error(&mut self, codes: &BTreeSet<String>) -> Value {
        let code = json!({ "properties": { "code": { "enum": codes } } });
        json!({ "allOf": [self.of::<ErrorEnvelope>(), { "properties": { "error": code } }] })
    }

    /// All schemas that have been referred to.
    pub(super) fn finish(mut self) -> Map<String, Value> {
        self.0.take_definitions(true)
    }
}

/// Adapts a derived schema to the conventions of the API, where an optional field is omitted and never null and a missing
/// field has no default, and removes rustdoc link syntax from the descriptions.
fn finish(schema: &mut Schema) {
    schema.remove("default");
    if let Some(Value::String(description)) = schema.get_mut("description") {
        *description = description.replace("[`", "`").replace("`]", "`");
    }
    let required: Vec<Value> = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let Some(Value::Object(properties)) = schema.get_mut("properties") else { return };
    let optional = properties.iter_mut().filter(|(name, _)| !required.iter().any(|known| known == name.as_str()));
    optional.for_each(|(_, property)| remove_null(property));
}

fn remove_null(property: &mut Value) {
    if let Some(types) = property.get_mut("type").filter(|types| types.is_array()) {
        *types = types[0].take();
    }
    if let Some(any) = property.get_mut("anyOf") {
        let one = any[0].take();
        if let (Some(property), Value::Object(one)) = (property.as_object_mut(), one) {
            property.remove("anyOf");
            property.extend(one);
        }
    }
}
