use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::client::{ApiRequest, Connection};

/// The number of candidates per peer.
pub const CANDIDATES: usize = 8;

/// The calls of a handshake, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Create,
    Public,
    Join,
    Offer,
    /// The guest reads the offer.
    ReadOffer,
    Answer,
    Candidate(usize),
    /// The host reads the answer and the guest's candidates.
    ReadAnswer,
    /// The guest reads the host's candidates.
    ReadCandidates,
    Close,
}

impl Step {
    /// The name under which the results are listed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Public => "public",
            Self::Join => "join",
            Self::Offer => "offer",
            Self::Answer => "answer",
            Self::Candidate(_) => "candidate",
            Self::ReadOffer | Self::ReadAnswer | Self::ReadCandidates => "exchange",
            Self::Close => "close",
        }
    }

    /// Whether it is the host's call, and not the guest's.
    pub fn is_of_host(self) -> bool {
        match self {
            Self::Create | Self::Offer | Self::ReadAnswer | Self::Close => true,
            Self::Candidate(n) => n % 2 == 0,
            Self::Public | Self::Join | Self::ReadOffer | Self::Answer | Self::ReadCandidates => false,
        }
    }

    fn next(self) -> Option<Self> {
        Some(match self {
            Self::Create => Self::Public,
            Self::Public => Self::Join,
            Self::Join => Self::Offer,
            Self::Offer => Self::ReadOffer,
            Self::ReadOffer => Self::Answer,
            Self::Answer => Self::Candidate(0),
            Self::Candidate(n) if n + 1 < 2 * CANDIDATES => Self::Candidate(n + 1),
            Self::Candidate(_) => Self::ReadAnswer,
            Self::ReadAnswer => Self::ReadCandidates,
            Self::ReadCandidates => Self::Close,
            Self::Close => return None,
        })
    }
}

/// A pair of peers and their room.
#[derive(Clone, Debug)]
pub struct Handshake {
    pub step: Step,
    pub code: String,
    pub join_code: String,
    pub host: String,
    pub guest: String,
}

impl Default for Handshake {
    fn default() -> Self {
        let empty = String::new;
        Self { step: Step::Create, code: empty(), join_code: empty(), host: empty(), guest: empty() }
    }
}

impl Handshake {
    /// Makes the next call. Returns whether the handshake is complete.
    pub async fn advance(&mut self, connection: &mut Connection) -> Result<bool> {
        let answer = connection.json(&self.request()).await?;
        self.record_answer(&answer)
    }

    /// Takes the answer to the next call. Returns whether the handshake is complete.
    pub fn record_answer(&mut self, answer: &Value) -> Result<bool> {
        self.record(answer)?;
        match self.step.next() {
            Some(step) => self.step = step,
            None => return Ok(true),
        }
        Ok(false)
    }

    /// Advances until `step` is next.
    pub async fn advance_to(&mut self, step: Step, connection: &mut Connection) -> Result<()> {
        while self.step != step {
            self.advance(connection).await?;
        }
        Ok(())
    }

    /// The request for the next call.
    pub fn request(&self) -> ApiRequest {
        let path = |tail: &str| format!("/rooms/{}{tail}", self.code);
        let post = |tail: &str, token: &str, body: Value| ApiRequest {
            method: "POST",
            path: path(tail),
            token: token.to_owned(),
            body: body.to_string(),
        };
        let get = |tail: &str, token: &str| ApiRequest {
            method: "GET",
            path: path(tail),
            token: token.to_owned(),
            ..ApiRequest::default()
        };
        match self.step {
            Step::Create => ApiRequest { path: "/rooms".into(), ..post("", "", json!({"hostUserName": "Host"})) },
            Step::Public => get("/public", ""),
            Step::Join => post("/join", "", json!({"joinCode": self.join_code, "guestUserName": "Guest"})),
            Step::Offer => post("/offer", &self.host, json!({"type": "offer", "sdp": sdp()})),
            Step::Answer => post("/answer", &self.guest, json!({"type": "answer", "sdp": sdp()})),
            Step::Candidate(n) => post(
                "/candidate",
                if n % 2 == 0 { &self.host } else { &self.guest },
                json!({"candidate": candidate(n), "sdpMid": "0", "sdpMLineIndex": 0}),
            ),
            Step::ReadOffer | Step::ReadCandidates => self.exchange(&self.guest, None),
            Step::ReadAnswer => self.exchange(&self.host, None),
            Step::Close => post("/close", &self.host, json!({})),
        }
    }

    /// An exchange that posts nothing: it reads the room at once, or waits for what is newer than a version.
    pub fn exchange(&self, token: &str, since: Option<u64>) -> ApiRequest {
        ApiRequest {
            method: "POST",
            path: "/exchange".into(),
            token: token.to_owned(),
            body: json!({"room": self.code, "since": since, "wait": 20}).to_string(),
        }
    }

    fn record(&mut self, answer: &Value) -> Result<()> {
        let text = |field: &str| answer[field].as_str().map(str::to_owned).context("a field is missing");
        match self.step {
            Step::Create => {
                (self.code, self.join_code, self.host) = (text("code")?, text("joinCode")?, text("ownerToken")?);
            }
            Step::Join => self.guest = text("guestToken")?,
            _ => {}
        }
        Ok(())
    }
}

/// A description like that of a browser for a data channel only.
pub fn sdp() -> String {
    let fingerprint = ["AB"; 32].join(":");
    format!(
        "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=extmap-allow-mixed\r\n\
         a=msid-semantic: WMS\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:4ZcD\r\n\
         a=ice-pwd:2/1muCWoOi3uLifh0NuRHlla\r\na=ice-options:trickle\r\na=fingerprint:sha-256 {fingerprint}\r\n\
         a=setup:actpass\r\na=mid:0\r\na=sctp-port:5000\r\na=max-message-size:262144\r\n"
    )
}

/// A candidate like that of a browser.
pub fn candidate(n: usize) -> String {
    let port = 50_000 + n;
    format!("candidate:{n} 1 udp 2122260223 192.0.2.{n} {port} typ host generation 0 ufrag 4ZcD network-id 1")
}
