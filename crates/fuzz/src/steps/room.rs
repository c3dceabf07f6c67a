//! What we know of a room from what we asked and were answered: far less than the room itself, and enough to say what it
//! must never show.

use registry::Response;
use registry_protocol::limits::{MAX_CANDIDATES, TTL_CLOSED_MS, TTL_JOINED_MS, TTL_OPEN_MS, TTL_PAIRED_MS};
use registry_protocol::{CandidateItem, CandidateList, RoomCode, RoomSnapshot, RoomStatus};

use super::step::{Errand, Subject};
use crate::place::text;

/// A part of every SDP and candidate.
pub(super) const MARK: &str = "~!~";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Host,
    Guest,
}

/// What an answer tells those who wait.
#[derive(Clone, Copy, Debug)]
pub(super) enum News {
    None,
    Room,
    CandidateOf(Side),
    Over,
}

/// What both peers are shown alike.
#[derive(Clone, Debug, PartialEq)]
struct View {
    status: RoomStatus,
    ends: u64,
    offer: Option<String>,
    answer: Option<String>,
}

/// What one peer did, and was shown.
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
    /// As it is, and as it was before: an answer may have become due just before the last change.
    views: [View; 2],
    peers: [Peer; 2],
}

impl Room {
    pub(super) fn new(index: usize, now: u64, made: &Response) -> Self {
        let [code, join_code, token] = ["code", "joinCode", "ownerToken"].map(|field| text(made, field));
        let view = View { status: RoomStatus::Open, ends: now + TTL_OPEN_MS, offer: None, answer: None };
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

    /// The token of a peer; empty as long as there is no guest.
    pub(super) fn token(&self, side: Side) -> &str {
        &self.peers[side as usize].token
    }

    pub(super) fn ends(&self) -> u64 {
        self.views[0].ends
    }

    pub(super) fn sdp(&self, side: Side, n: u8) -> String {
        format!("v=0\r\no={MARK}{} {side:?} {n}\r\ns=-\r\nt=0 0\r\nm=x\r\n", self.index)
    }

    pub(super) fn candidate(&self, side: Option<Side>, n: u8) -> String {
        format!("{MARK}{} {side:?} {n}", self.index)
    }

    /// Where a peer stopped reading.
    pub(super) fn cursor(&self, side: Side, subject: Subject) -> u64 {
        let peer = &self.peers[side as usize];
        if subject == Subject::Snapshot { peer.version } else { peer.last_seq }
    }

    /// The tag of what a peer was shown last.
    pub(super) fn tag(&self, side: Side) -> String {
        format!("\"{}-{}\"", if side == Side::Host { "host" } else { "guest" }, self.peers[side as usize].version)
    }

    pub(super) fn check_secrets(&self, said: &str) {
        assert!(self.peers.iter().all(|peer| peer.token.is_empty() || !said.contains(&peer.token)), "a token");
        assert!(!said.contains(&format!("\"{}\"", self.join_code)), "a join code");
    }

    /// Checks the answer to an errand, learns from it, and says what is new to others.
    pub(super) fn answered(
        &mut self,
        now: u64,
        errand: &Errand,
        sender: Option<Side>,
        response: &Response,
        limited: bool,
    ) -> News {
        let status = response.status;
        assert!(limited || status != 429);
        let open = matches!(errand, Errand::Public { .. } | Errand::Join { .. });
        if self.is_over(now) {
            assert!(status == 404 || (status == 429 && open), "{status} of a room that is over");
            return News::None;
        }
        if !self.may(errand, sender) {
            assert_eq!(status, 403, "{errand:?} of {sender:?}");
            return News::None;
        }
        let hidden = matches!(errand, Errand::Public { .. }) && self.views[0].status != RoomStatus::Open;
        assert!(status == 429 || (status == 404) == hidden, "{errand:?} answered with {status}");
        match (errand, sender, status) {
            (Errand::Read { .. }, Some(side), 200 | 304) => self.shown(now, errand, side, response),
            (Errand::Join { right, .. }, _, 200) => {
                assert!(*right && self.views[0].status == RoomStatus::Open);
                self.peers[1].token = text(response, "guestToken");
                return self.enter(now, RoomStatus::Joined);
            }
            (Errand::Offer(_, n), _, 204) => {
                let news = self.enter(now, self.views[0].status.clone());
                self.views[0].offer = Some(self.sdp(Side::Host, *n));
                return news;
            }
            (Errand::Answer(_, n), _, 204) => {
                assert!(self.views[0].offer.is_some());
                let news = self.enter(now, RoomStatus::Paired);
                self.views[0].answer = Some(self.sdp(Side::Guest, *n));
                return news;
            }
            (Errand::Candidate { n, key, .. }, Some(side), 204) => return self.posted(side, *n, *key),
            (Errand::Close(_), _, 204) => {
                self.enter(now, RoomStatus::Closed);
                return News::Over;
            }
            _ => {}
        }
        News::None
    }

    fn may(&self, errand: &Errand, sender: Option<Side>) -> bool {
        match errand {
            Errand::Public { .. } | Errand::Join { .. } => true,
            Errand::Offer(..) | Errand::Close(_) => sender == Some(Side::Host),
            Errand::Answer(..) => sender == Some(Side::Guest),
            Errand::Candidate { .. } | Errand::Read { .. } => sender.is_some(),
        }
    }

    fn is_over(&self, now: u64) -> bool {
        self.views[0].over(now)
    }

    fn enter(&mut self, now: u64, status: RoomStatus) -> News {
        let life = match status {
            RoomStatus::Open => TTL_OPEN_MS,
            RoomStatus::Joined => TTL_JOINED_MS,
            RoomStatus::Paired => TTL_PAIRED_MS,
            _ => TTL_CLOSED_MS,
        };
        self.views[1] = self.views[0].clone();
        self.views[0].ends = now + life;
        self.views[0].status = status;
        News::Room
    }

    /// Whether the candidate is news we only know if neither it nor its key was there before.
    fn posted(&mut self, side: Side, n: u8, key: Option<u8>) -> News {
        let text = self.candidate(Some(side), n);
        let Peer { posted, keys, .. } = &mut self.peers[side as usize];
        let fresh = !posted.contains(&text) && key.is_none_or(|key| !keys.contains(&key));
        posted.push(text);
        keys.extend(key);
        if fresh { News::CandidateOf(side) } else { News::None }
    }

    /// Checks what a peer is shown.
    pub(super) fn shown(&mut self, now: u64, errand: &Errand, side: Side, response: &Response) {
        let Errand::Read { subject, .. } = errand else { unreachable!("only readings are shown something") };
        match response.status {
            404 => assert!(self.is_over(now)),
            304 => assert_eq!(response.header("ETag"), Some(self.tag(side).as_str())),
            200 if *subject == Subject::Snapshot => self.snapshot(now, side, response),
            200 => self.candidates(side, serde_json::from_slice(&response.body).expect("a list")),
            status => panic!("a reading answered with {status}"),
        }
    }

    fn snapshot(&mut self, now: u64, side: Side, response: &Response) {
        let shown: RoomSnapshot = serde_json::from_slice(&response.body).expect("a snapshot");
        let [offer, answer] = [shown.offer, shown.answer].map(|description| description.map(|shown| shown.sdp));
        let view = View { status: shown.status, ends: shown.expires_at.0, offer, answer };
        assert!(self.views.contains(&view) && !view.over(now), "{view:?}");
        let peer = &mut self.peers[side as usize];
        if let Some(version) = shown.version {
            assert!(version >= peer.version, "the version went down");
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
        assert!(items.iter().all(|item| self.peers[other].posted.contains(item)), "of another");
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
    fn over(&self, now: u64) -> bool {
        now >= self.ends || self.status == RoomStatus::Closed
    }
}

fn line(item: CandidateItem) -> String {
    match item {
        CandidateItem::Candidate(candidate) => candidate.candidate,
        CandidateItem::Malformed => panic!("no candidate"),
    }
}
