//! The messages between the page and the page that embeds it; see `docs/EMBEDDING.md`.
//!
//! Every message is an object with `source`, `version` and `type`. Messages with another source or version, and malformed
//! ones, are ignored. A room message carries the join code, which the parent passes on; no message carries a token.

use registry_client::ConnectionState;
use registry_client::json::Json;
use serde::{Deserialize, Deserializer, Serialize};

use crate::foreign::visible;
use crate::state::{Problem, RoomView};

const SOURCE: &str = "registry-harness";
const VERSION: u32 = 1;

/// A command of the parent page. Anything else is ignored.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Envelope")]
pub enum ParentCommand {
    /// Create a room, with this user name or the one in the settings.
    Create(Option<String>),
    /// Join a room, with this user name or the one in the settings.
    Join {
        /// The room code.
        room: String,
        /// The join code.
        join: String,
        /// The user name.
        name: Option<String>,
    },
    /// Start the connection.
    Start,
    /// Send this value.
    Send(Json),
    /// Close the room.
    Close,
}

/// A command as it arrives, with the fields of all of them.
#[derive(Deserialize)]
struct Envelope {
    source: String,
    version: f64,
    #[serde(rename = "type")]
    kind: Kind,
    name: Option<Json>,
    room: Option<Json>,
    join: Option<Json>,
    /// `null` is a value, too.
    #[serde(default, deserialize_with = "some")]
    data: Option<Json>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Create,
    Join,
    Start,
    Send,
    Close,
}

fn some<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

impl TryFrom<Envelope> for ParentCommand {
    type Error = &'static str;

    fn try_from(envelope: Envelope) -> Result<Self, Self::Error> {
        let Envelope { source, version, kind, name, room, join, data } = envelope;
        if source != SOURCE || version != f64::from(VERSION) {
            return Err("another protocol");
        }
        // Anything but a string counts as missing.
        let [name, room, join] = [name, room, join].map(|field| field.and_then(|field| field.read().ok()));
        Ok(match kind {
            Kind::Create => Self::Create(name),
            Kind::Join => Self::Join { room: room.ok_or("no room")?, join: join.ok_or("no join code")?, name },
            Kind::Start => Self::Start,
            Kind::Send => Self::Send(data.ok_or("no data")?),
            Kind::Close => Self::Close,
        })
    }
}

/// A notification to the parent page.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum ParentMessage {
    /// The page is loaded and accepts commands.
    Ready,
    /// The client's state changed.
    State {
        /// The new state.
        state: ConnectionState,
    },
    /// A room was created or joined, or what is known about it changed.
    Room {
        /// The room.
        #[serde(flatten)]
        room: RoomView,
        /// The invitation link; only a host has one.
        #[serde(skip_serializing_if = "Option::is_none")]
        link: Option<String>,
    },
    /// The peer sent a message.
    #[serde(rename = "message")]
    Peer {
        /// The message.
        data: Json,
    },
    /// Something went wrong, or a command was rejected.
    Error {
        /// For programs.
        code: String,
        /// For people.
        message: String,
        /// Whether a retry may succeed.
        retryable: bool,
    },
    /// The content has this height.
    Resize {
        /// The height in CSS pixels.
        height: i32,
    },
}

impl ParentMessage {
    /// The message for an error.
    pub fn problem(problem: &Problem) -> Self {
        let kind = &problem.error.kind;
        Self::Error {
            code: kind.code().to_owned(),
            message: visible(&problem.message()).into_owned(),
            retryable: kind.retryable(),
        }
    }

    /// The message for a refused command.
    pub fn refusal(code: &str, message: &str) -> Self {
        Self::Error { code: code.to_owned(), message: message.to_owned(), retryable: false }
    }

    /// The message as JSON, with the `source` and `version` of the protocol.
    pub fn to_json(&self) -> Json {
        #[derive(Serialize)]
        struct Envelope<'a> {
            source: &'static str,
            version: u32,
            #[serde(flatten)]
            message: &'a ParentMessage,
        }
        Json::of(&Envelope { source: SOURCE, version: VERSION, message: self })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(kind: &str, more: &Value) -> Option<ParentCommand> {
        let mut message = json!({ "source": "registry-harness", "version": 1, "type": kind });
        message.as_object_mut()?.extend(more.as_object()?.clone());
        Json::from(message).read().ok()
    }

    #[test]
    fn commands_are_read() {
        assert_eq!(read("create", &json!({})), Some(ParentCommand::Create(None)));
        assert_eq!(read("create", &json!({ "name": "Ann" })), Some(ParentCommand::Create(Some("Ann".into()))));
        let join = ParentCommand::Join { room: "ABCD2345".into(), join: "123456".into(), name: None };
        assert_eq!(read("join", &json!({ "room": "ABCD2345", "join": "123456" })), Some(join));
        assert_eq!(read("start", &json!({})), Some(ParentCommand::Start));
        assert_eq!(read("send", &json!({ "data": [1] })), Some(ParentCommand::Send(json!([1]).into())));
        assert_eq!(read("send", &json!({ "data": null })), Some(ParentCommand::Send(json!(null).into())));
        assert_eq!(read("close", &json!({ "later": 1 })), Some(ParentCommand::Close));
    }

    #[test]
    fn anything_else_is_not_a_command() {
        for (kind, more) in [
            ("open", json!({})),
            ("join", json!({ "room": "ABCD2345" })),
            ("join", json!({ "room": 7, "join": "123456" })),
            ("send", json!({})),
            ("create", json!({ "version": 2 })),
            ("create", json!({ "source": "somebody" })),
        ] {
            assert_eq!(read(kind, &more), None, "{kind} {more}");
        }
        for other in [json!(null), json!("create"), json!([]), json!({ "type": "create" })] {
            assert!(Json::from(&other).read::<ParentCommand>().is_err(), "{other}");
        }
    }

    #[test]
    fn every_other_message_keeps_its_json() {
        let text = "{\"z\":1.50,\"a\":9007199254740993}";
        let with = |kind: &str, more: Value| {
            let mut message = json!({ "source": "registry-harness", "version": 1, "type": kind });
            message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            message
        };
        let (code, message) = ("closed".to_owned(), "no".to_owned());
        for (message, json) in [
            (ParentMessage::Ready, with("ready", json!({}))),
            (ParentMessage::State { state: ConnectionState::Idle }, with("state", json!({ "state": "idle" }))),
            (ParentMessage::Peer { data: Json::from_text("[1]") }, with("message", json!({ "data": [1] }))),
            (
                ParentMessage::Error { code, message, retryable: true },
                with("error", json!({ "code": "closed", "message": "no", "retryable": true })),
            ),
            (ParentMessage::Resize { height: 7 }, with("resize", json!({ "height": 7 }))),
        ] {
            assert_eq!(message.to_json().value(), json);
        }
        assert!(
            ParentMessage::Peer { data: Json::from_text(text) }.to_json().as_str().contains(text),
            "as it was sent"
        );
        assert_eq!(read("create", &json!({ "name": 7 })), Some(ParentCommand::Create(None)));
    }

    #[test]
    fn a_room_message_carries_what_the_parent_needs() {
        let room = RoomView {
            code: "ABCD2345".into(),
            join_code: Some("123456".into()),
            host_name: Some("Ann".into()),
            guest_name: None,
            expires_at: 7,
            extended: false,
        };
        assert_eq!(
            ParentMessage::Room { room, link: None }.to_json().value(),
            json!({ "source": "registry-harness", "version": 1, "type": "room", "room": "ABCD2345", "join": "123456",
                    "host": "Ann", "expiresAt": 7 })
        );
    }
}
