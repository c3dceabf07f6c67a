//! What the page and the page around it tell each other: `docs/EMBEDDING.md` has it in words.
//!
//! Every message is an object with `source`, `version` and `type`. What has another source or version, or is malformed,
//! is none. A room's message carries the join code, since the parent has to hand it on; nothing carries a token.

use registry_client::ConnectionState;
use serde_json::{Map, Value};

use crate::state::{Problem, RoomView};

const SOURCE: &str = "registry-harness";
const VERSION: u64 = 1;

/// What a parent can ask for.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// To make a room, under this name or the one in the settings.
    Create(Option<String>),
    /// To join a room, under this name or the one in the settings.
    Join {
        /// The room code.
        room: String,
        /// The join code.
        join: String,
        /// The guest's name.
        name: Option<String>,
    },
    /// To start the connection.
    Start,
    /// To send this.
    Send(Value),
    /// To close the room.
    Close,
}

impl Command {
    /// Reads what came from the parent; `None` where it is no command.
    pub fn read(message: &Value) -> Option<Self> {
        let text = |key: &str| message.get(key).and_then(Value::as_str).map(str::to_owned);
        if message.get("source")?.as_str()? != SOURCE || message.get("version")?.as_u64()? != VERSION {
            return None;
        }
        Some(match message.get("type")?.as_str()? {
            "create" => Self::Create(text("name")),
            "join" => Self::Join { room: text("room")?, join: text("join")?, name: text("name") },
            "start" => Self::Start,
            "send" => Self::Send(message.get("data")?.clone()),
            "close" => Self::Close,
            _ => return None,
        })
    }
}

/// The page is there and takes commands.
pub fn ready() -> Value {
    message("ready", [])
}

/// The client's state changed.
pub fn state(state: ConnectionState) -> Value {
    message("state", [("state", state.as_str().into())])
}

/// There is a room, or what is known of it changed. `link` invites to it; only a host has one.
pub fn room(room: &RoomView, link: Option<String>) -> Value {
    let fields = [
        ("room", Some(room.code.clone())),
        ("join", room.join_code.clone()),
        ("host", room.host_name.clone()),
        ("guest", room.guest_name.clone()),
        ("link", link),
    ];
    let known = fields.into_iter().filter_map(|(key, value)| Some((key, value?.into())));
    message("room", known.chain([("expiresAt", room.expires_at.into())]))
}

/// The peer sent this.
pub fn peer_message(data: &Value) -> Value {
    message("message", [("data", data.clone())])
}

/// Something went wrong.
pub fn error(problem: &Problem) -> Value {
    let kind = &problem.error.kind;
    refusal(kind.code(), &problem.message(), kind.retryable())
}

/// A command was not followed.
pub fn refusal(code: &str, text: &str, retryable: bool) -> Value {
    message("error", [("code", code.into()), ("message", text.into()), ("retryable", retryable.into())])
}

/// The content has this height, in pixels.
pub fn resize(height: i32) -> Value {
    message("resize", [("height", height.into())])
}

fn message(kind: &str, fields: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let head = [("source", SOURCE.into()), ("version", VERSION.into()), ("type", kind.into())];
    Value::Object(head.into_iter().chain(fields).map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(kind: &str, more: &Value) -> Option<Command> {
        let mut message = json!({ "source": "registry-harness", "version": 1, "type": kind });
        message.as_object_mut()?.extend(more.as_object()?.clone());
        Command::read(&message)
    }

    #[test]
    fn commands_are_read() {
        assert_eq!(read("create", &json!({})), Some(Command::Create(None)));
        assert_eq!(read("create", &json!({ "name": "Ann" })), Some(Command::Create(Some("Ann".into()))));
        let join = Command::Join { room: "ABCD2345".into(), join: "123456".into(), name: None };
        assert_eq!(read("join", &json!({ "room": "ABCD2345", "join": "123456" })), Some(join));
        assert_eq!(read("start", &json!({})), Some(Command::Start));
        assert_eq!(read("send", &json!({ "data": [1] })), Some(Command::Send(json!([1]))));
        assert_eq!(read("close", &json!({ "later": 1 })), Some(Command::Close));
    }

    #[test]
    fn what_is_no_command_is_none() {
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
            assert_eq!(Command::read(&other), None, "{other}");
        }
    }

    #[test]
    fn a_room_is_told_with_what_its_parent_hands_on() {
        let room_view = RoomView {
            code: "ABCD2345".into(),
            join_code: Some("123456".into()),
            host_name: Some("Ann".into()),
            guest_name: None,
            expires_at: 7,
        };
        assert_eq!(
            room(&room_view, None),
            json!({ "source": "registry-harness", "version": 1, "type": "room", "room": "ABCD2345", "join": "123456",
                    "host": "Ann", "expiresAt": 7 })
        );
    }
}
