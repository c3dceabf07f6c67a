//! What is known about a room from the requests and responses: far less than the room itself, and enough to tell what
//! it must never return.

use registry_core::Response;
use registry_protocol::limits::{MAX_CANDIDATES, TTL_CLOSED_MS, TTL_JOINED_MS, TTL_OPEN_MS, TTL_PAIRED_MS};
use registry_protocol::{CandidateItem, CandidateList, RoomCode, RoomSnapshot, RoomStatus};

use super::call::{Call, Side, Subject};
use crate::test_registry::text;

/// Part of every SDP and candidate.
pub(super) const CANARY: &str = "~!~";

/// The effect of a call on the pending polls.
#[derive(Clone, Copy, Debug)]
pub(super) enum Update {
    None,
    Room,
    CandidateOf(Side),
    Ended,
}

/// The part of a snapshot that is the same for both peers.
#[derive(Clone, Debug, PartialEq)]
struct View {
    status: RoomStatus,
    expires_at: u64,
    offer: Option<String>,
    answer: Option<String>,
}

/// What one peer has posted and seen.
#[derive(Clone, Debug, Default)]
struct Peer {
    token: String,
    posted: Vec<String>,
    keys: Vec<u8>,
    version: u64,
    last_seq: u64,
}

pub(super) struct Room {
    index: usize,
    code: RoomCode,
    join_code: String,
    /// The current view and the previous one, since a poll may have become due just before the last change.
    views: [View; 2],
    peers: [Peer; 2],
}

impl Room {
    pub(super) fn new(index: usize, now: u64, made: &Response) -> Self {
        let [code, join_code, token] = ["code", "joinCode", "ownerToken"].map(|field| text(made, field));
        let view = View { status: RoomStatus::Open, expires_at: now + TTL_OPEN_MS, offer: None, answer: None };
        Self {
            index,
            code: RoomCode::parse(code).expect("a room code"),
            join_code,
            views: [view.clone(), view],
            peers: [Peer { token, ..Peer::default() }, Peer::default()],
        }
    }

    pub(super) fn code(&self) -> RoomCode {
        self.code.clone()
    }

    pub(super) fn path(&self, tail: &str) -> String {
        format!("/rooms/{}{tail}", self.code)
    }

    pub(super) fn join_code(&self, right: bool) -> &str {
        match self.join_code.as_str() {
            code if right => code,
            "111111" => "222222",
            _ => "111111",
        }
    }

    /// The token of a peer; empty if there is no guest yet.
    pub(super) fn token(&self, side: Side) -> &str {
        &self.peers[side as usize].token
    }

    pub(super) fn expires_at(&self) -> u64 {
        self.views[0].expires_at
    }

    pub(super) fn sdp(&self, side: Side, n: u8) -> String {
        format!("v=0\r\no={CANARY}{} {side:?} {n}\r\ns=-\r\nt=0 0\r\nm=x\r\n", self.index)
    }

    pub(super) fn candidate(&self, side: Option<Side>, n: u8) -> String {
        format!("{CANARY}{} {side:?} {n}", self.index)
    }

    /// The cursor up to which a peer has read.
    pub(super) fn cursor(&self, side: Side, subject: Subject) -> u64 {
        let peer = &self.peers[side as usize];
        if subject == Subject::Snapshot { peer.version } else { peer.last_seq }
    }

    /// The entity tag of the last snapshot that a peer has seen.
    pub(super) fn tag(&self, side: Side) -> String {
        format!("\"{}-{}\"", if side == Side::Host { "host" } else { "guest" }, self.peers[side as usize].version)
    }

    pub(super) fn check_secrets(&self, text: &str) {
        assert!(self.peers.iter().all(|peer| peer.token.is_empty() || !text.contains(&peer.token)), "a token");
        assert!(!text.contains(&format!("\"{}\"", self.join_code)), "a join code");
    }

    /// Checks the response to a call, updates what is known, and returns the effect on pending polls.
    pub(super) fn check_response(
        &mut self,
        now: u64,
        call: &Call,
        sender: Option<Side>,
        response: &Response,
        limited: bool,
    ) -> Update {
        let status = response.status;
        assert!(limited || status != 429);
        let open = matches!(call, Call::Public { .. } | Call::Join { .. });
        if self.has_ended(now) {
            assert!(status == 404 || (status == 429 && open), "{status} for an expired or closed room");
            return Update::None;
        }
        if !self.is_allowed(call, sender) {
            assert_eq!(status, 403, "{call:?} of {sender:?}");
            return Update::None;
        }
        let hidden = matches!(call, Call::Public { .. }) && self.views[0].status != RoomStatus::Open;
        assert!(status == 429 || (status == 404) == hidden, "{call:?} returned {status}");
        match (call, sender, status) {
            (Call::Read { .. }, Some(side), 200 | 304) => self.check_read(now, call, side, response),
            (Call::Join { right, .. }, _, 200) => {
                assert!(*right && self.views[0].status == RoomStatus::Open);
                self.peers[1].token = text(response, "guestToken");
                return self.enter(now, RoomStatus::Joined);
            }
            (Call::Offer(_, n), _, 204) => {
                let update = self.enter(now, self.views[0].status.clone());
                self.views[0].offer = Some(self.sdp(Side::Host, *n));
                return update;
            }
            (Call::Answer(_, n), _, 204) => {
                assert!(self.views[0].offer.is_some());
                let update = self.enter(now, RoomStatus::Paired);
                self.views[0].answer = Some(self.sdp(Side::Guest, *n));
                return update;
            }
            (Call::Candidate { n, key, .. }, Some(side), 204) => return self.posted(side, *n, *key),
            (Call::Close(_), _, 204) => {
                self.enter(now, RoomStatus::Closed);
                return Update::Ended;
            }
            _ => {}
        }
        Update::None
    }

    fn is_allowed(&self, call: &Call, sender: Option<Side>) -> bool {
        match call {
            Call::Public { .. } | Call::Join { .. } => true,
            Call::Offer(..) | Call::Close(_) => sender == Some(Side::Host),
            Call::Answer(..) => sender == Some(Side::Guest),
            Call::Candidate { .. } | Call::Read { .. } => sender.is_some(),
        }
    }

    fn has_ended(&self, now: u64) -> bool {
        self.views[0].has_ended(now)
    }

    fn enter(&mut self, now: u64, status: RoomStatus) -> Update {
        let life = match status {
            RoomStatus::Open => TTL_OPEN_MS,
            RoomStatus::Joined => TTL_JOINED_MS,
            RoomStatus::Paired => TTL_PAIRED_MS,
            _ => TTL_CLOSED_MS,
        };
        self.views[1] = self.views[0].clone();
        self.views[0].expires_at = now + life;
        self.views[0].status = status;
        Update::Room
    }

    /// Whether the candidate is an update is known only if neither it nor its key was posted before.
    fn posted(&mut self, side: Side, n: u8, key: Option<u8>) -> Update {
        let text = self.candidate(Some(side), n);
        let Peer { posted, keys, .. } = &mut self.peers[side as usize];
        let fresh = !posted.contains(&text) && key.is_none_or(|key| !keys.contains(&key));
        posted.push(text);
        keys.extend(key);
        if fresh { Update::CandidateOf(side) } else { Update::None }
    }

    /// Checks the response to a read.
    pub(super) fn check_read(&mut self, now: u64, call: &Call, side: Side, response: &Response) {
        let Call::Read { subject, .. } = call else { unreachable!("only reads return data") };
        match response.status {
            404 => assert!(self.has_ended(now)),
            304 => assert_eq!(response.header("ETag"), Some(self.tag(side).as_str())),
            200 if *subject == Subject::Snapshot => self.snapshot(now, side, response),
            200 => self.candidates(side, serde_json::from_slice(&response.body).expect("a list")),
            status => panic!("a read returned {status}"),
        }
    }

    fn snapshot(&mut self, now: u64, side: Side, response: &Response) {
        let shown: RoomSnapshot = serde_json::from_slice(&response.body).expect("a snapshot");
        let [offer, answer] = [shown.offer, shown.answer].map(|description| description.map(|shown| shown.sdp));
        let view = View { status: shown.status, expires_at: shown.expires_at.0, offer, answer };
        assert!(self.views.contains(&view) && !view.has_ended(now), "{view:?}");
        let peer = &mut self.peers[side as usize];
        if let Some(version) = shown.version {
            assert!(version >= peer.version, "the version decreased");
            peer.version = version;
        }
        if let Some(list) = shown.candidates {
            self.candidates(side, list);
        }
    }

    fn candidates(&mut self, side: Side, list: CandidateList) {
        let other = 1 - side as usize;
        let mut items: Vec<String> = list.items.into_iter().map(line).collect();
        assert!(items.len() <= MAX_CANDIDATES);
        assert!(
            items.iter().all(|item| self.peers[other].posted.contains(item)),
            "a candidate that the other peer did not post"
        );
        let count = items.len();
        items.sort_unstable();
        items.dedup();
        assert_eq!(items.len(), count, "a candidate twice");
        let last_seq = list.last_seq.expect("a sequence number");
        assert!(last_seq >= self.peers[side as usize].last_seq);
        self.peers[side as usize].last_seq = last_seq;
    }
}

impl View {
    fn has_ended(&self, now: u64) -> bool {
        now >= self.expires_at || self.status == RoomStatus::Closed
    }
}

fn line(item: CandidateItem) -> String {
    match item {
        CandidateItem::Candidate(candidate) => candidate.candidate,
        CandidateItem::Malformed => panic!("a malformed candidate"),
    }
}
