use std::time::Duration;

use serde_json::json;

use crate::check::{Failure, number, text};
use crate::context::Context;
use crate::{HttpRequest, HttpResponse};

/// A room used by a case.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    /// The room code.
    pub(crate) code: String,
    /// The join code, which may have been redeemed.
    pub(crate) join_code: String,
    /// The host's token.
    pub(crate) host: String,
    /// The guest's token; empty if nobody has joined.
    pub(crate) guest: String,
    /// When it was created or joined, by the transport's clock.
    pub(crate) since: Duration,
}

impl Room {
    /// The path of a call on this room.
    pub(crate) fn path(&self, tail: &str) -> String {
        format!("/rooms/{}{tail}", self.code)
    }

    pub(crate) fn get(&self, tail: &str, token: &str) -> HttpRequest {
        HttpRequest::get(self.path(tail)).token(token)
    }

    pub(crate) fn post(&self, tail: &str, token: &str) -> HttpRequest {
        HttpRequest::post(self.path(tail)).token(token)
    }

    pub(crate) fn offer(&self) -> HttpRequest {
        self.post("/offer", &self.host).json(&json!({"type": "offer", "sdp": sdp(200)}))
    }

    pub(crate) fn answer(&self) -> HttpRequest {
        self.post("/answer", &self.guest).json(&json!({"type": "answer", "sdp": sdp(200)}))
    }

    pub(crate) fn candidate(&self, token: &str, n: usize) -> HttpRequest {
        self.post("/candidate", token).json(&json!({"candidate": candidate(n), "sdpMid": "0", "sdpMLineIndex": 0}))
    }

    pub(crate) fn join(&self) -> HttpRequest {
        join(&self.code, &self.join_code)
    }
}

/// A request to join a room.
pub(crate) fn join(code: &str, join_code: &str) -> HttpRequest {
    HttpRequest::post(format!("/rooms/{code}/join")).json(&json!({"joinCode": join_code, "guestUserName": "Guest-1"}))
}

/// Part of every SDP and candidate, to detect error messages that repeat one.
pub(crate) const CANARY: &str = "conformance-mark";

/// A well-formed SDP of `size` bytes.
pub(crate) fn sdp(size: usize) -> String {
    let text =
        format!("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=application 9 UDP/DTLS/SCTP x\r\na={CANARY}");
    format!("{text:x<size$}")
}

/// The `n`-th candidate line.
pub(crate) fn candidate(n: usize) -> String {
    format!("candidate:{n} 1 udp 2122260223 192.0.2.1 {} typ host {CANARY}", 50_000 + n)
}

/// The maximum age of a shared room.
const SHARED_AGE: Duration = Duration::from_secs(100);

/// Rooms shared by cases that do not change them, so that fewer need to be created.
#[derive(Default)]
pub(crate) struct Shared {
    open: Option<Room>,
    joined: Option<Room>,
}

impl Context<'_> {
    /// Creates an open room for this case alone.
    pub(crate) fn new_room(&mut self) -> Result<Room, Failure> {
        let response = self.send(&HttpRequest::post("/rooms").json(&json!({"hostUserName": "Host_1"})))?;
        self.created_room(response.expect_status(201)?)
    }

    /// The room described by the response to a creation request.
    pub(crate) fn created_room(&mut self, response: &HttpResponse) -> Result<Room, Failure> {
        let body = response.json()?;
        number(&body, "expiresAt")?;
        let (join_code, host) = (text(&body, "joinCode")?, text(&body, "ownerToken")?);
        self.secrets.extend([join_code.clone(), host.clone()]);
        let since = self.transport.now();
        Ok(Room { code: text(&body, "code")?, join_code, host, guest: String::new(), since })
    }

    /// Creates a joined room for this case alone.
    pub(crate) fn new_joined(&mut self) -> Result<Room, Failure> {
        let mut room = self.new_room()?;
        self.join(&mut room)?;
        Ok(room)
    }

    /// Joins a room as the guest.
    pub(crate) fn join(&mut self, room: &mut Room) -> Result<(), Failure> {
        let body = self.send(&room.join())?.expect_status(200)?.json()?;
        number(&body, "expiresAt")?;
        room.guest = text(&body, "guestToken")?;
        room.since = self.transport.now();
        self.secrets.push(room.guest.clone());
        Ok(())
    }

    /// Creates a paired room for this case alone.
    pub(crate) fn new_paired(&mut self) -> Result<Room, Failure> {
        let room = self.new_joined()?;
        self.send(&room.offer())?.expect_status(204)?;
        self.send(&room.answer())?.expect_status(204)?;
        Ok(room)
    }

    /// A shared open room, which must not be changed.
    pub(crate) fn open(&mut self) -> Result<Room, Failure> {
        if let Some(room) = self.fresh(self.shared.open.clone()) {
            return Ok(room);
        }
        let room = self.new_room()?;
        self.shared.open = Some(room.clone());
        Ok(room)
    }

    /// A shared joined room without an offer, which must not be changed.
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
