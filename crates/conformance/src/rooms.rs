use std::time::Duration;

use serde_json::json;

use crate::check::{Failure, number, text};
use crate::cx::Cx;
use crate::{Answer, Ask};

/// A room that a case works with.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    /// The room code.
    pub(crate) code: String,
    /// The join code, perhaps used up.
    pub(crate) join_code: String,
    /// The host's token.
    pub(crate) host: String,
    /// The guest's token; empty before there is a guest.
    pub(crate) guest: String,
    /// When it was made or joined, by the transport's clock.
    pub(crate) since: Duration,
}

impl Room {
    /// The path of a call upon this room.
    pub(crate) fn path(&self, tail: &str) -> String {
        format!("/rooms/{}{tail}", self.code)
    }

    pub(crate) fn get(&self, tail: &str, token: &str) -> Ask {
        Ask::get(self.path(tail)).token(token)
    }

    pub(crate) fn post(&self, tail: &str, token: &str) -> Ask {
        Ask::post(self.path(tail)).token(token)
    }

    pub(crate) fn offer(&self) -> Ask {
        self.post("/offer", &self.host).json(&json!({"type": "offer", "sdp": sdp(200)}))
    }

    pub(crate) fn answer(&self) -> Ask {
        self.post("/answer", &self.guest).json(&json!({"type": "answer", "sdp": sdp(200)}))
    }

    pub(crate) fn candidate(&self, token: &str, n: usize) -> Ask {
        self.post("/candidate", token).json(&json!({"candidate": candidate(n), "sdpMid": "0", "sdpMLineIndex": 0}))
    }

    pub(crate) fn join(&self) -> Ask {
        join(&self.code, &self.join_code)
    }
}

/// A request to join a room.
pub(crate) fn join(code: &str, join_code: &str) -> Ask {
    Ask::post(format!("/rooms/{code}/join")).json(&json!({"joinCode": join_code, "guestUserName": "Guest-1"}))
}

/// What stands in every SDP and candidate, so that a text that repeats one is noticed.
pub(crate) const MARK: &str = "conformance-mark";

/// A well-formed SDP of `size` bytes.
pub(crate) fn sdp(size: usize) -> String {
    let text =
        format!("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=application 9 UDP/DTLS/SCTP x\r\na={MARK}");
    format!("{text:x<size$}")
}

/// The `n`-th candidate line.
pub(crate) fn candidate(n: usize) -> String {
    format!("candidate:{n} 1 udp 2122260223 192.0.2.1 {} typ host {MARK}", 50_000 + n)
}

/// A room that cases may look at without changing it is used again until it is this old.
const SHARED_AGE: Duration = Duration::from_secs(100);

/// Rooms that cases share, so that few need be made.
#[derive(Default)]
pub(crate) struct Shared {
    open: Option<Room>,
    joined: Option<Room>,
}

impl Cx<'_> {
    /// A room of this case's own, with nobody in it.
    pub(crate) fn new_room(&mut self) -> Result<Room, Failure> {
        let answer = self.send(&Ask::post("/rooms").json(&json!({"hostUserName": "Host_1"})))?;
        self.made(answer.status(201)?)
    }

    /// The room that an answer to a request for one tells of.
    pub(crate) fn made(&mut self, answer: &Answer) -> Result<Room, Failure> {
        let body = answer.json()?;
        number(&body, "expiresAt")?;
        let (join_code, host) = (text(&body, "joinCode")?, text(&body, "ownerToken")?);
        self.secrets.extend([join_code.clone(), host.clone()]);
        let since = self.transport.now();
        Ok(Room { code: text(&body, "code")?, join_code, host, guest: String::new(), since })
    }

    /// A room of this case's own, with a guest in it.
    pub(crate) fn new_joined(&mut self) -> Result<Room, Failure> {
        let mut room = self.new_room()?;
        self.join(&mut room)?;
        Ok(room)
    }

    /// Has a guest join a room.
    pub(crate) fn join(&mut self, room: &mut Room) -> Result<(), Failure> {
        let body = self.send(&room.join())?.status(200)?.json()?;
        number(&body, "expiresAt")?;
        room.guest = text(&body, "guestToken")?;
        room.since = self.transport.now();
        self.secrets.push(room.guest.clone());
        Ok(())
    }

    /// A room of this case's own, with a guest, an offer and an answer.
    pub(crate) fn new_paired(&mut self) -> Result<Room, Failure> {
        let room = self.new_joined()?;
        self.send(&room.offer())?.status(204)?;
        self.send(&room.answer())?.status(204)?;
        Ok(room)
    }

    /// An open room to look at without changing it.
    pub(crate) fn open(&mut self) -> Result<Room, Failure> {
        if let Some(room) = self.fresh(self.shared.open.clone()) {
            return Ok(room);
        }
        let room = self.new_room()?;
        self.shared.open = Some(room.clone());
        Ok(room)
    }

    /// A room with a guest, and no offer, to look at without changing it.
    pub(crate) fn joined(&mut self) -> Result<Room, Failure> {
        if let Some(room) = self.fresh(self.shared.joined.clone()) {
            return Ok(room);
        }
        let room = self.new_joined()?;
        self.shared.joined = Some(room.clone());
        Ok(room)
    }

    fn fresh(&self, room: Option<Room>) -> Option<Room> {
        room.filter(|room| self.transport.now() - room.since < SHARED_AGE)
    }
}
