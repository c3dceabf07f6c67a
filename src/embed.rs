//! The messages between the page and the page that embeds it; see `docs/EMBEDDING.md`.
//!
//! Every message is an object with `source`, `version` and `type`. Messages with another source or version, and malformed
//! ones, are ignored. A command may have an `id`; then its outcome is reported with that. A room message carries the join code, which the parent passes on; no message carries a token.

use registry_client::json::Json;
use registry_client::{ConnectionState, Error};
use serde::{Deserialize, Deserializer, Serialize};

use crate::foreign::visible;
use crate::link::Colour;
use crate::state::{Problem, RoomView};

const SOURCE: &str = "registry-harness";
const VERSION: u32 = 1;

/// A command as the parent page gives it. Anything else is ignored.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Envelope")]
pub struct Order {
    /// What the parent wants its outcome reported with.
    pub id: Option<Json>,
    /// The command, or what is missing in it.
    pub command: Result<ParentCommand, &'static str>,
}

/// A command of the parent page.
#[derive(Clone, Debug, PartialEq)]
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
    /// Look like this: the theme and the accent colour, or those of the page.
    Look(Option<&'static str>, Option<Colour>),
}

/// A command as it arrives, with the fields of all of them.
#[derive(Deserialize)]
struct Envelope {
    source: String,
    version: f64,
    #[serde(rename = "type")]
    kind: Kind,
    id: Option<Json>,
    theme: Option<Json>,
    accent: Option<Json>,
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
    Look,
}

fn some<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

impl TryFrom<Envelope> for Order {
    type Error = &'static str;

    fn try_from(envelope: Envelope) -> Result<Self, Self::Error> {
        let Envelope { source, version, kind, id, theme, accent, name, room, join, data } = envelope;
        if source != SOURCE || version != f64::from(VERSION) {
            return Err("another protocol");
        }
        // Anything but a string counts as missing.
        let [name, room, join, theme, accent] =
            [name, room, join, theme, accent].map(|field| field.and_then(|field| field.read::<String>().ok()));
        let command = match kind {
            Kind::Create => Ok(ParentCommand::Create(name)),
            Kind::Join => match (room, join) {
                (Some(room), Some(join)) => Ok(ParentCommand::Join { room, join, name }),
                _ => Err("A join command needs a room code and a join code."),
            },
            Kind::Start => Ok(ParentCommand::Start),
            Kind::Send => data.map(ParentCommand::Send).ok_or("A send command needs data."),
            Kind::Close => Ok(ParentCommand::Close),
            Kind::Look => {
                let theme = theme.as_deref().and_then(crate::link::theme);
                Ok(ParentCommand::Look(theme, accent.as_deref().and_then(Colour::parse)))
            }
        };
        Ok(Self { id, command })
    }
}

/// A notification to the parent page.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum ParentMessage {
    /// The page is loaded and accepts commands.
    Ready {
        /// The client's state: it may be resuming a connection.
        state: ConnectionState,
    },
    /// The client's state changed.
    State {
        /// The new state.
        state: ConnectionState,
    },
    /// A room was created or joined, or what is known about it changed.
    Room(Invitation),
    /// The peer sent a message.
    #[serde(rename = "message")]
    Peer {
        /// The message.
        data: Json,
    },
    /// Something went wrong, or a command was rejected.
    Error(Failure),
    /// What has come of a command that had an id.
    Result {
        /// The command's.
        id: Json,
        /// The room that a `create` has made.
        #[serde(skip_serializing_if = "Option::is_none")]
        room: Option<Invitation>,
        /// Why it was rejected.
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<Failure>,
    },
    /// The content has this height.
    Resize {
        /// The height in CSS pixels.
        height: i32,
    },
}

/// A room, and how to get into it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Invitation {
    /// The room.
    #[serde(flatten)]
    pub room: RoomView,
    /// The invitation link; only a host has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// Why something failed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Failure {
    /// For programs.
    pub code: String,
    /// For people.
    pub message: String,
    /// Whether a retry may succeed.
    pub retryable: bool,
}

impl Failure {
    /// What the embedding page did wrong.
    pub fn refusal(code: &str, message: &str) -> Self {
        Self { code: code.to_owned(), message: message.to_owned(), retryable: false }
    }

    /// An error of the client.
    pub fn of(error: &Error) -> Self {
        Self::with_message(error, &error.kind.to_string())
    }

    fn with_message(error: &Error, message: &str) -> Self {
        let kind = &error.kind;
        Self { code: kind.code().to_owned(), message: visible(message).into_owned(), retryable: kind.retryable() }
    }
}

impl From<&Problem> for Failure {
    fn from(problem: &Problem) -> Self {
        Self::with_message(&problem.error, &problem.message())
    }
}

impl ParentMessage {
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
mod tests;
