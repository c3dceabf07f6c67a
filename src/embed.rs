//! The messages between the page and the page that embeds it; see `docs/EMBEDDING.md`.
//!
//! Every message is an object with `source`, `version` and `type`. What has another source or version, or is malformed,
//! is none. A room's message carries the join code, since the parent has to hand it on; nothing carries a token.

use registry_client::ConnectionState;
use registry_client::describe::{Describe, Member, Members};
use registry_client::json::Json;
use registry_client::protocol::read::{Malformed, Node, Read, member};

use crate::foreign::visible;
use crate::state::{Problem, RoomView};

const SOURCE: &str = "registry-harness";
const VERSION: u32 = 1;

/// A command of the parent.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
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

impl Read for Command {
    /// Reads a message from the parent; anything but a command is malformed.
    fn read(node: &impl Node, name: &'static str) -> Result<Self, Malformed> {
        let of_the_protocol = node.member("source").and_then(|source| source.text()).as_deref() == Some(SOURCE)
            && member::<u32>(node, "version") == Ok(VERSION);
        if !of_the_protocol {
            return Err(Malformed(name));
        }
        let user_name = member(node, "name").unwrap_or_default();
        Ok(match member::<String>(node, "type")?.as_str() {
            "create" => Self::Create(user_name),
            "join" => Self::Join { room: member(node, "room")?, join: member(node, "join")?, name: user_name },
            "start" => Self::Start,
            // `null` is a value, too.
            "send" => Self::Send(
                node.member("data").and_then(|data| data.json()).map(Json::from_text).ok_or(Malformed("data"))?,
            ),
            "close" => Self::Close,
            _ => return Err(Malformed("type")),
        })
    }
}

/// A message to the parent.
#[derive(Clone, Debug)]
pub enum Message {
    /// The page is ready for commands.
    Ready,
    /// The client's state changed.
    State(ConnectionState),
    /// There is a room, or something about it changed.
    Room {
        /// The room.
        room: RoomView,
        /// The invitation link; only a host has one.
        link: Option<String>,
    },
    /// The peer sent this value.
    Peer(Json),
    /// Something went wrong, or a command was refused.
    Error {
        /// For programs.
        code: String,
        /// For people.
        message: String,
        /// Whether a retry may succeed.
        retryable: bool,
    },
    /// The content has this height, in pixels.
    Resize(i32),
}

impl Message {
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

    fn kind(&self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::State(_) => "state",
            Self::Room { .. } => "room",
            Self::Peer(_) => "message",
            Self::Error { .. } => "error",
            Self::Resize(_) => "resize",
        }
    }
}

impl Describe for Message {
    fn describe(&self, to: &mut dyn Members) {
        to.text("source", Some(SOURCE));
        to.count("version", u64::from(VERSION));
        to.text("type", Some(self.kind()));
        match self {
            Self::Ready => {}
            Self::State(state) => to.text("state", Some(state.as_str())),
            Self::Room { room, link } => {
                to.text("room", Some(&room.code));
                let known =
                    [("join", &room.join_code), ("host", &room.host_name), ("guest", &room.guest_name), ("link", link)];
                for (name, text) in known {
                    if let Some(text) = text {
                        to.text(name, Some(text));
                    }
                }
                to.number("expiresAt", room.expires_at as f64);
            }
            Self::Peer(data) => to.say("data", Member::Json(data)),
            Self::Error { code, message, retryable } => {
                to.text("code", Some(code));
                to.text("message", Some(message));
                to.say("retryable", Member::Flag(*retryable));
            }
            Self::Resize(height) => to.number("height", f64::from(*height)),
        }
    }
}

#[cfg(test)]
mod tests {
    use registry_client::describe::to_value;
    use registry_client::protocol::read::body;
    use serde_json::{Value, json};

    use super::*;

    fn read(kind: &str, more: &Value) -> Option<Command> {
        let mut message = json!({ "source": "registry-harness", "version": 1, "type": kind });
        message.as_object_mut()?.extend(more.as_object()?.clone());
        body(&&message).ok()
    }

    #[test]
    fn commands_are_read() {
        assert_eq!(read("create", &json!({})), Some(Command::Create(None)));
        assert_eq!(read("create", &json!({ "name": "Ann" })), Some(Command::Create(Some("Ann".into()))));
        let join = Command::Join { room: "ABCD2345".into(), join: "123456".into(), name: None };
        assert_eq!(read("join", &json!({ "room": "ABCD2345", "join": "123456" })), Some(join));
        assert_eq!(read("start", &json!({})), Some(Command::Start));
        assert_eq!(read("send", &json!({ "data": [1] })), Some(Command::Send(json!([1]).into())));
        assert_eq!(read("send", &json!({ "data": null })), Some(Command::Send(json!(null).into())));
        assert_eq!(read("close", &json!({ "later": 1 })), Some(Command::Close));
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
            assert!(body::<Command>(&&other).is_err(), "{other}");
        }
    }

    #[test]
    fn a_room_message_carries_what_the_parent_needs() {
        let room = RoomView {
            code: "ABCD2345".into(),
            join_code: Some("123456".into()),
            host_name: Some("Ann".into()),
            guest_name: None,
            expires_at: 7,
        };
        assert_eq!(
            to_value(&Message::Room { room, link: None }),
            json!({ "source": "registry-harness", "version": 1, "type": "room", "room": "ABCD2345", "join": "123456",
                    "host": "Ann", "expiresAt": 7 })
        );
    }
}
