//! An event as JSON: its name and its details, in traces and for JavaScript.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Event, TraceEvent};
use crate::json::Json;

/// Names of events of which the specification has several, with the tag of their variant and the member that tells them
/// apart, which is not among their details.
const ALIASES: [(&str, &str, &str); 18] = [
    ("room:polling:started", "room:polling:started", r#""kind":"room""#),
    ("ice:polling:started", "room:polling:started", r#""kind":"candidates""#),
    ("room:polling:stopped", "room:polling:stopped", r#""kind":"room""#),
    ("ice:polling:stopped", "room:polling:stopped", r#""kind":"candidates""#),
    ("offer:created", "offer:created", r#""step":"created""#),
    ("offer:set", "offer:created", r#""step":"set""#),
    ("offer:posted", "offer:created", r#""step":"posted""#),
    ("offer:received", "offer:created", r#""step":"received""#),
    ("offer:applied", "offer:created", r#""step":"applied""#),
    ("answer:created", "answer:created", r#""step":"created""#),
    ("answer:set", "answer:created", r#""step":"set""#),
    ("answer:posted", "answer:created", r#""step":"posted""#),
    ("answer:received", "answer:created", r#""step":"received""#),
    ("answer:processed", "answer:created", r#""step":"applied""#),
    ("peer:durable", "peer:plain", r#""durable":true"#),
    ("peer:plain", "peer:plain", r#""durable":false"#),
    ("datachannel:open", "datachannel:state", ""),
    ("datachannel:close", "datachannel:state", ""),
];

/// Names whose details are complete, but whose variant has another tag.
const RENAMED: [(&str, &str); 4] = [
    ("message:buffer:overflow", "message:undelivered"),
    ("message:buffer:expired", "message:undelivered"),
    ("connection:timeout", "timer"),
    ("ice:gathering:timeout", "timer"),
];

impl Event {
    /// The event's fields as JSON text, without any secret.
    pub fn details_json(&self) -> Json {
        // serde writes an enum as `{"tag":details}`.
        let (tagged, tag): (Json, &str) = (Json::of(self), self.into());
        let text = tagged.as_str();
        text.get(tag.len() + 4..text.len() - 1).map_or(tagged.clone(), Json::from_text)
    }

    /// The event that has this name and these details.
    ///
    /// # Errors
    /// serde's message, if there is no such event or its details do not fit.
    pub fn read(name: &str, details: &Json) -> Result<Self, String> {
        let (tag, member) = tag_of(name);
        let details = details.as_str().trim();
        let rest = details.strip_prefix('{').filter(|_| !member.is_empty());
        let written = match rest {
            Some(rest) if rest.trim_start() == "}" => format!(r#"{{"{tag}":{{{member}}}}}"#),
            Some(rest) => format!(r#"{{"{tag}":{{{member},{rest}}}"#),
            None => format!(r#"{{"{tag}":{details}}}"#),
        };
        serde_json::from_str(&written).map_err(|error| error.to_string())
    }
}

fn tag_of(name: &str) -> (&str, &'static str) {
    if let Some((_, tag, member)) = ALIASES.iter().find(|(alias, ..)| *alias == name) {
        return (tag, member);
    }
    (RENAMED.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, tag)| tag), "")
}

/// `seq`, `atMs`, `epochMs`, `name` and `details`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written<Name> {
    seq: u64,
    at_ms: f64,
    epoch_ms: f64,
    name: Name,
    details: Json,
}

impl Serialize for TraceEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { seq, at_ms, epoch_ms, event } = self;
        let (seq, at_ms, epoch_ms) = (*seq, *at_ms, *epoch_ms);
        Written { seq, at_ms, epoch_ms, name: event.name(), details: event.details_json() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for TraceEvent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Written { seq, at_ms, epoch_ms, name, details } = Written::<String>::deserialize(deserializer)?;
        let event = Event::read(&name, &details)
            .map_err(|reason| D::Error::custom(format_args!("event {seq} ({name}): {reason}")))?;
        Ok(Self { seq, at_ms, epoch_ms, event })
    }
}
