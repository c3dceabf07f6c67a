use std::time::Duration;

use serde_json::{Value, json};

use crate::HttpRequest;

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

    /// An exchange of `content`, which is added to the room code.
    pub(crate) fn exchange(&self, token: &str, content: Value) -> HttpRequest {
        let mut body = json!({"room": self.code});
        if let (Some(body), Value::Object(content)) = (body.as_object_mut(), content) {
            body.extend(content);
        }
        HttpRequest::post("/exchange").token(token).json(&body)
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

/// Rooms shared by cases that do not change them, so that fewer need to be created.
#[derive(Default)]
pub(crate) struct Shared {
    pub(crate) open: Option<Room>,
    pub(crate) joined: Option<Room>,
}
