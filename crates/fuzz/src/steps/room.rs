//! What is known about a room from the requests and responses: far less than the room itself, and enough to tell what
//! it must never return.

mod reads;
mod view;

use registry_core::Response;
use registry_protocol::limits::{TTL_OPEN_MS, TTL_ROOM_MS};
use registry_protocol::{RoomCode, RoomStatus};

use super::call::{Call, Posts, Side};
use crate::test_registry::text;
use view::{View, life_of};

/// Part of every SDP and candidate.
pub(super) const CANARY: &str = "~!~";

/// The effect of a call on the pending polls.
#[derive(Clone, Copy, Debug)]
pub(super) enum Update {
    None,
    /// It is news to the other peer.
    By(Side),
    Ended,
}

/// What one peer has posted and seen.
#[derive(Clone, Debug, Default)]
struct Peer {
    token: String,
    posted: Vec<String>,
    keys: Vec<u8>,
    /// The entity tag of the last snapshot, and what it showed.
    tagged: Option<(String, View)>,
    version: u64,
    last_seq: u64,
}

pub(super) struct Room {
    index: usize,
    code: RoomCode,
    join_code: String,
    /// Whether the peers can exchange.
    exchange: bool,
    /// When it expires even if it is renewed.
    ends_at: u64,
    /// The current view and the previous one, since a poll may have become due just before the last change.
    views: [View; 2],
    peers: [Peer; 2],
}

impl Room {
    pub(super) fn new(index: usize, now: u64, made: &Response) -> Self {
        let [code, join_code, token] = ["code", "joinCode", "ownerToken"].map(|field| text(made, field));
        let view =
            View { status: RoomStatus::Open, expires_at: now + TTL_OPEN_MS, attempt: 0, offer: None, answer: None };
        Self {
            index,
            code: RoomCode::parse(code).expect("a room code"),
            join_code,
            exchange: can_exchange(made),
            ends_at: now + TTL_ROOM_MS,
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

    /// The last version that a peer has seen.
    pub(super) fn version(&self, side: Side) -> u64 {
        self.peers[side as usize].version
    }

    /// The sequence number of the last candidate that a peer has seen.
    pub(super) fn last_seq(&self, side: Side) -> u64 {
        self.peers[side as usize].last_seq
    }

    /// The entity tag of the last snapshot that a peer has seen.
    pub(super) fn tag(&self, side: Side) -> Option<&str> {
        self.peers[side as usize].tagged.as_ref().map(|(tag, _)| tag.as_str())
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
        let joins = matches!(call, Call::Join { .. });
        assert!(limited || status != 429 || joins, "only wrong join codes are limited always");
        if matches!(call, Call::Exchange { .. } | Call::ReplaceJoinCode(_)) && !self.exchange {
            assert_eq!(status, 404, "at a base Registry");
            return Update::None;
        }
        if self.has_ended(now) {
            let open = joins || matches!(call, Call::Public { .. });
            assert!(
                status == 429 || status == 404 || (status == 403 && !open),
                "{status} for an expired or closed room"
            );
            return Update::None;
        }
        if !self.is_allowed(call, sender) {
            assert!(status == 403 || status == 429, "{call:?} of {sender:?} returned {status}");
            return Update::None;
        }
        let hidden = matches!(call, Call::Public { .. }) && self.views[0].status != RoomStatus::Open;
        assert!(status == 429 || (status == 404) == hidden, "{call:?} returned {status}");
        match (call, sender, status) {
            (Call::Read { .. }, Some(side), 200 | 304) => self.check_read(now, call, side, response),
            (Call::Exchange { posts, .. }, Some(side), 200) => {
                let update = self.exchanged(now, side, *posts);
                self.check_read(now, call, side, response);
                return update;
            }
            (Call::Exchange { posts, .. }, ..) => assert!(!posts.bad || status == 400, "{status}"),
            (Call::Join { right, .. }, _, 200) => {
                assert!(*right && self.views[0].status == RoomStatus::Open);
                assert_eq!(can_exchange(response), self.exchange);
                self.peers[1].token = text(response, "guestToken");
                self.enter(now, RoomStatus::Joined);
                return Update::By(Side::Guest);
            }
            (Call::Offer(_, n), _, 204) => return self.described(now, Side::Host, *n),
            (Call::Answer(_, n), _, 204) => return self.described(now, Side::Guest, *n),
            (Call::Candidate { n, key, .. }, Some(side), 204) => return self.posted(side, *n, *key),
            (Call::ReplaceJoinCode(_), _, status) => {
                assert_eq!(status == 200, self.views[0].status == RoomStatus::Open && status != 429, "{status}");
                if status == 200 {
                    self.join_code = text(response, "joinCode");
                }
            }
            (Call::Close(_), _, 204) => {
                self.enter(now, RoomStatus::Closed);
                return Update::Ended;
            }
            _ => {}
        }
        Update::None
    }

    /// Whether it belongs to an older attempt, so that nothing of it is posted.
    pub(super) fn is_late(&self, posts: Posts) -> bool {
        posts.any() && posts.attempt() < self.views[0].attempt
    }

    /// Updates what is known by an exchange that was accepted, and returns its effect on pending polls.
    pub(super) fn exchanged(&mut self, now: u64, side: Side, posts: Posts) -> Update {
        assert!(!posts.bad && self.exchange);
        let mut update = Update::None;
        if self.is_late(posts) {
            self.renew(now);
            return update;
        }
        if posts.any() && posts.attempt() != self.views[0].attempt {
            assert!(side == Side::Host && posts.description.is_some(), "an attempt without an offer");
            self.begin(posts.attempt());
        }
        if let Some(n) = posts.description {
            let View { offer, answer, .. } = &self.views[0];
            let known = if side == Side::Host { offer } else { answer };
            if *known != Some(self.sdp(side, n)) {
                update = self.described(now, side, n);
            }
        }
        for n in posts.candidates() {
            if let Update::By(_) = self.posted(side, n, None) {
                update = Update::By(side);
            }
        }
        self.renew(now);
        update
    }

    /// Forgets the descriptions of the last attempt.
    fn begin(&mut self, attempt: u64) {
        let status = match self.views[0].status {
            RoomStatus::Paired => RoomStatus::Joined,
            ref other => other.clone(),
        };
        self.views[0] = View { status, attempt, offer: None, answer: None, ..self.views[0].clone() };
    }

    /// A room whose peers have met is kept alive by whoever asks.
    fn renew(&mut self, now: u64) {
        let View { status, expires_at, attempt, .. } = &self.views[0];
        let life = life_of(status);
        if (*attempt > 0 || *status == RoomStatus::Paired) && expires_at - now < life / 2 {
            self.views[1] = self.views[0].clone();
            self.views[0].expires_at = (now + life).min(self.ends_at);
        }
    }

    fn described(&mut self, now: u64, side: Side, n: u8) -> Update {
        assert_ne!(self.views[0].status, RoomStatus::Paired);
        let sdp = Some(self.sdp(side, n));
        if side == Side::Host {
            self.enter(now, self.views[0].status.clone());
            self.views[0].offer = sdp;
        } else {
            assert!(self.views[0].offer.is_some());
            self.enter(now, RoomStatus::Paired);
            self.views[0].answer = sdp;
        }
        Update::By(side)
    }

    fn is_allowed(&self, call: &Call, sender: Option<Side>) -> bool {
        match call {
            Call::Public { .. } | Call::Join { .. } => true,
            Call::Offer(..) | Call::ReplaceJoinCode(_) | Call::Close(_) => sender == Some(Side::Host),
            Call::Answer(..) => sender == Some(Side::Guest),
            Call::Candidate { .. } | Call::Read { .. } | Call::Exchange { .. } => sender.is_some(),
        }
    }

    fn has_ended(&self, now: u64) -> bool {
        self.views[0].has_ended(now)
    }

    fn enter(&mut self, now: u64, status: RoomStatus) {
        self.views[1] = self.views[0].clone();
        self.views[0].expires_at = (now + life_of(&status)).min(self.ends_at);
        self.views[0].status = status;
    }

    /// Whether the candidate is news is known only if neither it nor its key was posted before.
    fn posted(&mut self, side: Side, n: u8, key: Option<u8>) -> Update {
        let text = self.candidate(Some(side), n);
        let Peer { posted, keys, .. } = &mut self.peers[side as usize];
        let fresh = !posted.contains(&text) && key.is_none_or(|key| !keys.contains(&key));
        posted.push(text);
        keys.extend(key);
        if fresh { Update::By(side) } else { Update::None }
    }
}

fn can_exchange(response: &Response) -> bool {
    let body: serde_json::Value = serde_json::from_slice(&response.body).expect("a JSON body");
    body["exchange"] == true
}
