use registry_protocol::read::{Malformed, Node, Read, member};
use registry_protocol::{EpochMs, IceCandidate, JoinCode, RoomCode, SdpType, SessionDescription};

use crate::describe::{Describe, Member, Members, members};
use crate::json::{self, Json};

/// What a durable peer says on the control channel, as JSON text. What is not understood is left out, so that newer
/// peers may say more.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ControlMessage {
    /// The first word on a new connection.
    Hello(Hello),
    /// So many messages of yours have been delivered.
    Ack(u64),
    /// Are you there? And so many messages of yours have been delivered.
    Ping(u64),
    /// I am. And so many messages of yours have been delivered.
    Pong(u64),
    /// Host to guest: join this room, to meet there when the connection is lost.
    Standby { room: RoomCode, join_code: JoinCode },
    /// Guest to host: I am in that room; it expires then.
    StandbyReady { room: RoomCode, expires_at: EpochMs },
    /// Guest to host: I could not join that room.
    StandbyRefused { room: RoomCode },
    /// Guest to host: let us restart ICE.
    Restart,
    /// An offer that restarts ICE; answer and candidates carry the same number.
    Offer { attempt: u32, description: SessionDescription },
    /// The answer to that offer.
    Answer { attempt: u32, description: SessionDescription },
    /// A candidate that belongs to that offer or its answer.
    Candidate { attempt: u32, candidate: IceCandidate },
    /// I leave for good: do not look for me.
    Goodbye,
}

/// Who is there, and what it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hello {
    /// Of this language: 1.
    pub(crate) version: u32,
    /// The speaker's session, made at random.
    pub(crate) session: String,
    /// The listener's session, if the speaker knows it.
    pub(crate) peer: Option<String>,
    /// How many of the listener's messages the speaker has delivered.
    pub(crate) received: u64,
}

impl ControlMessage {
    /// The text that goes over the channel.
    pub(crate) fn to_text(&self) -> Json {
        match self {
            Self::Restart => Json::string("restart"),
            Self::Goodbye => Json::string("goodbye"),
            said => Json::of(said),
        }
    }

    /// What a text means, if it is understood.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        json::read(text).ok()
    }
}

members!(Hello { version: "version", session: "session", peer: "peer", received: "received" });

impl Read for ControlMessage {
    fn read(node: &impl Node, name: &'static str) -> Result<Self, Malformed> {
        if let Some(word) = node.text() {
            return match word.as_str() {
                "restart" => Ok(Self::Restart),
                "goodbye" => Ok(Self::Goodbye),
                _ => Err(Malformed(name)),
            };
        }
        // One word, and what belongs to it.
        if node.member_count() != Some(1) {
            return Err(Malformed(name));
        }
        let of = |word: &str| node.member(word);
        if let Some(hello) = of("hello") {
            return Hello::read(&hello, "hello").map(Self::Hello);
        }
        for (word, make) in [("ack", Self::Ack as fn(u64) -> Self), ("ping", Self::Ping), ("pong", Self::Pong)] {
            if let Some(number) = of(word) {
                return u64::read(&number, word).map(make);
            }
        }
        if let Some(of) = of("standby") {
            return Ok(Self::Standby { room: member(&of, "room")?, join_code: member(&of, "join_code")? });
        }
        if let Some(of) = of("standbyReady") {
            return Ok(Self::StandbyReady { room: member(&of, "room")?, expires_at: member(&of, "expires_at")? });
        }
        if let Some(of) = of("standbyRefused") {
            return Ok(Self::StandbyRefused { room: member(&of, "room")? });
        }
        if let Some(of) = of("offer") {
            let description = description(&of, &SdpType::Offer)?;
            return Ok(Self::Offer { attempt: member(&of, "attempt")?, description });
        }
        if let Some(of) = of("answer") {
            let description = description(&of, &SdpType::Answer)?;
            return Ok(Self::Answer { attempt: member(&of, "attempt")?, description });
        }
        let of = of("candidate").ok_or(Malformed(name))?;
        Ok(Self::Candidate { attempt: member(&of, "attempt")?, candidate: member(&of, "candidate")? })
    }
}

fn description(of: &impl Node, kind: &SdpType) -> Result<SessionDescription, Malformed> {
    member::<SessionDescription>(of, "description")?.of_kind(kind)
}

impl Describe for ControlMessage {
    fn describe(&self, to: &mut dyn Members) {
        match self {
            Self::Hello(hello) => to.say("hello", Member::Thing(hello)),
            Self::Ack(received) => to.count("ack", *received),
            Self::Ping(received) => to.count("ping", *received),
            Self::Pong(received) => to.count("pong", *received),
            Self::Standby { room, join_code } => {
                to.say("standby", Member::Thing(&Meeting { room, join_code: Some(join_code), expires_at: None }));
            }
            Self::StandbyReady { room, expires_at } => {
                let meeting = Meeting { room, join_code: None, expires_at: Some(*expires_at) };
                to.say("standbyReady", Member::Thing(&meeting));
            }
            Self::StandbyRefused { room } => {
                to.say("standbyRefused", Member::Thing(&Meeting { room, join_code: None, expires_at: None }));
            }
            Self::Offer { attempt, description } => {
                to.say("offer", Member::Thing(&Numbered { attempt: *attempt, name: "description", of: description }));
            }
            Self::Answer { attempt, description } => {
                to.say("answer", Member::Thing(&Numbered { attempt: *attempt, name: "description", of: description }));
            }
            Self::Candidate { attempt, candidate } => {
                to.say("candidate", Member::Thing(&Numbered { attempt: *attempt, name: "candidate", of: candidate }));
            }
            Self::Restart | Self::Goodbye => {}
        }
    }
}

/// What is said about a standby room.
struct Meeting<'a> {
    room: &'a RoomCode,
    join_code: Option<&'a JoinCode>,
    expires_at: Option<EpochMs>,
}

impl Describe for Meeting<'_> {
    fn describe(&self, to: &mut dyn Members) {
        to.text("room", Some(self.room.as_str()));
        to.known("join_code", self.join_code.map(JoinCode::as_str));
        if let Some(at) = self.expires_at {
            to.count("expires_at", at.0);
        }
    }
}

/// Something that belongs to a restart of ICE.
struct Numbered<'a> {
    attempt: u32,
    name: &'static str,
    of: &'a dyn Describe,
}

impl Describe for Numbered<'_> {
    fn describe(&self, to: &mut dyn Members) {
        to.count("attempt", u64::from(self.attempt));
        to.say(self.name, Member::Thing(self.of));
    }
}

/// What durable peers tell each other through a standby room, where a Registry has no call for it: as a candidate, which
/// is opaque to a Registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// Guest to host: I cannot restart; make a fresh offer. The number makes each request another.
    Fresh(u32),
    /// Host to guest: after this room, meet me there.
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
    use super::*;

    #[test]
    fn what_is_said_is_understood_and_what_is_unknown_is_left_out() {
        let hello = Hello { version: 1, session: "a".into(), peer: None, received: 3 };
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
