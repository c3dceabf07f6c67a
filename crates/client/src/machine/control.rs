use registry_protocol::tolerant::whole;
use registry_protocol::{EpochMs, IceCandidate, JoinCode, RoomCode, SdpType, SessionDescription, UserName};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::json::{self, Json};

/// A message on the control channel between durable peers, as JSON text. What is not understood is ignored, so that later
/// versions may add to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ControlMessage {
    /// The first message on a new connection.
    Hello(Hello),
    /// Acknowledges this many of the peer's messages.
    Ack(#[serde(deserialize_with = "whole")] u64),
    /// Asks whether the peer is there; acknowledges as [`Ack`](Self::Ack) does.
    Ping(#[serde(deserialize_with = "whole")] u64),
    /// Answers a ping; acknowledges as [`Ack`](Self::Ack) does.
    Pong(#[serde(deserialize_with = "whole")] u64),
    /// Host to guest: join this room, to meet in it if the connection is lost.
    Standby {
        room: RoomCode,
        #[serde(serialize_with = "JoinCode::expose")]
        join_code: JoinCode,
    },
    /// Guest to host: I have joined that room, which expires then.
    StandbyReady { room: RoomCode, expires_at: EpochMs },
    /// Guest to host: I could not join that room.
    StandbyRefused { room: RoomCode },
    /// Guest to host: start an ICE restart.
    Restart,
    /// An offer that restarts ICE; its answer and candidates carry the same number.
    Offer {
        #[serde(deserialize_with = "whole")]
        attempt: u32,
        #[serde(deserialize_with = "offer")]
        description: SessionDescription,
    },
    /// The answer to that offer.
    Answer {
        #[serde(deserialize_with = "whole")]
        attempt: u32,
        #[serde(deserialize_with = "answer")]
        description: SessionDescription,
    },
    /// A candidate that belongs to that offer or its answer.
    Candidate {
        #[serde(deserialize_with = "whole")]
        attempt: u32,
        candidate: IceCandidate,
    },
    /// I am leaving for good: do not try to reconnect.
    Goodbye,
}

/// The version of this protocol.
pub(crate) const CONTROL_VERSION: u32 = 1;

/// Introduces a peer and says what it has received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hello {
    /// The version that the sender speaks, of [`CONTROL_VERSION`]'s.
    #[serde(deserialize_with = "whole")]
    pub(crate) version: u32,
    /// The sender's session, a random identifier.
    pub(crate) session: String,
    /// The receiver's session, if the sender knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) peer: Option<String>,
    /// How many of the receiver's messages the sender has delivered.
    #[serde(deserialize_with = "whole")]
    pub(crate) received: u64,
    /// The sender's user name, which a Registry tells nobody but the guest.
    #[serde(default, deserialize_with = "name", skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<UserName>,
}

/// A name that is none is no reason not to greet.
fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<UserName>, D::Error> {
    Ok(Json::deserialize(deserializer)?.read().ok())
}

fn offer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SessionDescription, D::Error> {
    SessionDescription::deserialize(deserializer)?.of_kind(&SdpType::Offer).map_err(D::Error::custom)
}

fn answer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SessionDescription, D::Error> {
    SessionDescription::deserialize(deserializer)?.of_kind(&SdpType::Answer).map_err(D::Error::custom)
}

impl ControlMessage {
    /// The text to send.
    pub(crate) fn to_text(&self) -> Json {
        Json::of(self)
    }

    /// Reads a text, if it is understood.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        json::read(text).ok()
    }
}

/// A message between durable peers through a fallback room, for which a Registry has no call. It travels as a candidate,
/// which is opaque to a Registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// Guest to host: I cannot restart; make a fresh offer. The number makes each request distinct.
    Fresh(u32),
    /// Host to guest: the fallback room to use after this one.
    Next(RoomCode, JoinCode),
}

const NOTE_PREFIX: &str = "registry-harness ";

impl Note {
    /// The candidate that carries the note.
    pub(crate) fn to_candidate(&self) -> IceCandidate {
        let text = match self {
            Self::Fresh(number) => format!("{NOTE_PREFIX}fresh {number}"),
            Self::Next(room, join_code) => format!("{NOTE_PREFIX}next {} {}", room.as_str(), join_code.as_str()),
        };
        IceCandidate { candidate: text, sdp_mid: None, sdp_m_line_index: None }
    }

    /// Whether a candidate is none, but carries a note, perhaps one that is not understood.
    pub(crate) fn is_carried_by(candidate: &IceCandidate) -> bool {
        candidate.candidate.starts_with(NOTE_PREFIX)
    }

    /// The note that a candidate carries.
    pub(crate) fn from_candidate(candidate: &IceCandidate) -> Option<Self> {
        let mut words = candidate.candidate.strip_prefix(NOTE_PREFIX)?.split_ascii_whitespace();
        match (words.next()?, words.next()?, words.next()) {
            ("fresh", number, None) => number.parse().ok().map(Self::Fresh),
            ("next", room, Some(join_code)) => {
                Some(Self::Next(RoomCode::parse(room).ok()?, JoinCode::parse(join_code).ok()?))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_said_is_understood_and_what_is_unknown_is_left_out() {
        let hello = Hello { version: 1, session: "a".into(), peer: None, received: 3, name: None };
        for message in [ControlMessage::Hello(hello), ControlMessage::Ack(7), ControlMessage::Goodbye] {
            assert_eq!(ControlMessage::from_text(message.to_text().as_str()), Some(message));
        }
        for rubbish in ["", "{", "\"dance\"", "{\"ack\":-1}", "{\"ack\":1,\"ping\":2}"] {
            assert_eq!(ControlMessage::from_text(rubbish), None, "{rubbish}");
        }
    }

    #[test]
    fn a_description_of_another_type_than_its_word_is_not_understood() {
        let said = |word: &str, kind: &str| {
            let text = format!(r#"{{"{word}":{{"attempt":1,"description":{{"type":"{kind}","sdp":"v=0"}}}}}}"#);
            ControlMessage::from_text(&text).is_some()
        };
        assert!(said("offer", "offer") && said("answer", "answer"));
        assert!(!said("offer", "answer") && !said("answer", "offer") && !said("offer", "rollback"));
    }

    #[test]
    fn every_message_keeps_its_json() {
        let (room, expires_at) = (RoomCode::parse("ABCD2345").unwrap(), EpochMs(7));
        let join_code = JoinCode::parse("123456").unwrap();
        let candidate = IceCandidate { candidate: "c".into(), sdp_mid: Some("0".into()), sdp_m_line_index: None };
        let hello =
            |peer| ControlMessage::Hello(Hello { version: 1, session: "a".into(), peer, received: 3, name: None });
        let greeting = Hello { version: 1, session: "a".into(), peer: None, received: 3, name: None };
        let (offer, answer) = (SessionDescription::offer("o"), SessionDescription::answer("a"));
        for (message, json) in [
            (hello(None), json!({ "hello": { "version": 1, "session": "a", "received": 3 } })),
            (hello(Some("b".into())), json!({ "hello": { "version": 1, "session": "a", "peer": "b", "received": 3 } })),
            (
                ControlMessage::Hello(Hello { name: UserName::parse("Bob").ok(), ..greeting }),
                json!({ "hello": { "version": 1, "session": "a", "received": 3, "name": "Bob" } }),
            ),
            (ControlMessage::Ack(7), json!({ "ack": 7 })),
            (ControlMessage::Ping(8), json!({ "ping": 8 })),
            (ControlMessage::Pong(9), json!({ "pong": 9 })),
            (
                ControlMessage::Standby { room: room.clone(), join_code },
                json!({ "standby": { "room": "ABCD2345", "join_code": "123456" } }),
            ),
            (
                ControlMessage::StandbyReady { room: room.clone(), expires_at },
                json!({ "standbyReady": { "room": "ABCD2345", "expires_at": 7 } }),
            ),
            (ControlMessage::StandbyRefused { room }, json!({ "standbyRefused": { "room": "ABCD2345" } })),
            (ControlMessage::Restart, json!("restart")),
            (
                ControlMessage::Offer { attempt: 1, description: offer },
                json!({ "offer": { "attempt": 1, "description": { "type": "offer", "sdp": "o" } } }),
            ),
            (
                ControlMessage::Answer { attempt: 2, description: answer },
                json!({ "answer": { "attempt": 2, "description": { "type": "answer", "sdp": "a" } } }),
            ),
            (
                ControlMessage::Candidate { attempt: 3, candidate },
                json!({ "candidate": { "attempt": 3, "candidate": { "candidate": "c", "sdpMid": "0" } } }),
            ),
            (ControlMessage::Goodbye, json!("goodbye")),
        ] {
            assert_eq!(message.to_text().value(), json);
            assert_eq!(ControlMessage::from_text(&json.to_string()), Some(message));
        }
    }

    #[test]
    fn numbers_may_be_written_as_fractions_and_more_may_be_said() {
        assert_eq!(ControlMessage::from_text(r#"{"ack":7.0}"#), Some(ControlMessage::Ack(7)));
        assert_eq!(ControlMessage::from_text(r#"{"ack":7.5}"#), None);
        let more =
            r#"{"hello":{"version":1.0,"session":"a","peer":null,"received":3.0,"name":["no name"],"later":[]}}"#;
        let hello = Hello { version: 1, session: "a".into(), peer: None, received: 3, name: None };
        assert_eq!(ControlMessage::from_text(more), Some(ControlMessage::Hello(hello)));
    }

    #[test]
    fn a_note_travels_as_a_candidate_and_a_candidate_is_no_note() {
        let next = Note::Next(RoomCode::parse("ABCD2345").unwrap(), JoinCode::parse("123456").unwrap());
        for note in [Note::Fresh(3), next] {
            let candidate = note.to_candidate();
            assert!(candidate.check().is_ok() && Note::is_carried_by(&candidate));
            assert_eq!(Note::from_candidate(&candidate), Some(note));
        }
        let text = "candidate:1 1 udp 1 192.0.2.1 9 typ host";
        let candidate = IceCandidate { candidate: text.into(), sdp_mid: None, sdp_m_line_index: None };
        assert!(!Note::is_carried_by(&candidate) && Note::from_candidate(&candidate).is_none());
    }
}
