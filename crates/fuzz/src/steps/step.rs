//! The possible steps, and the requests that they send.

use std::net::Ipv6Addr;

use arbitrary::Arbitrary;
use registry_core::{Client, Request};
use serde_json::json;

use super::call::{Call, Sender, Side, Subject};
use super::room::Room;
use crate::test_registry::post;

#[derive(Clone, Debug, Arbitrary)]
pub(super) enum Step {
    Create {
        client: u8,
    },
    Call {
        room: u8,
        call: Call,
    },
    /// Many candidates in a row.
    Burst {
        room: u8,
        sender: Sender,
        from: u8,
        count: u8,
    },
    Advance(Time),
    /// Advances time until this many seconds before a room expires.
    AdvanceToExpiry {
        room: u8,
        before: u8,
    },
    Tick,
    Cancel(u8),
    AnswerAll,
}

/// A period of time.
#[derive(Clone, Copy, Debug, Arbitrary)]
pub(super) enum Time {
    Ms(u8),
    Seconds(u8),
    Minutes(u8),
}

impl Time {
    pub(super) fn ms(self) -> u64 {
        match self {
            Self::Ms(ms) => ms.into(),
            Self::Seconds(seconds) => u64::from(seconds) * 1000,
            Self::Minutes(minutes) => u64::from(minutes % 16) * 60_000,
        }
    }
}

/// One of several clients of a network, so that none is evicted for another.
fn numbered(client: u8) -> Client {
    Client::of(Ipv6Addr::new(0x2001, 0xdb8, 1, client.into(), 0, 0, 0, 1).into())
}

/// A request to create a room.
pub(super) fn create(client: u8) -> Request {
    post("/rooms", &json!({"hostUserName": "Ann"})).client(numbered(client))
}

impl Call {
    /// The request, and the sender's role if it is a peer of the room.
    pub(super) fn request(&self, rooms: &[Room], index: usize) -> (Request, Option<Side>) {
        let room = &rooms[index];
        match *self {
            Self::Public { client } => (Request::new("GET", room.path("/public")).client(numbered(client)), None),
            Self::Join { right, client } => {
                let body = json!({"joinCode": room.join_code(right), "guestUserName": "Bob"});
                (post(room.path("/join"), &body).client(numbered(client)), None)
            }
            Self::Offer(sender, n) => {
                let body = json!({"type": "offer", "sdp": room.sdp(Side::Host, n)});
                sender.signed(post(room.path("/offer"), &body), rooms, index)
            }
            Self::Answer(sender, n) => {
                let body = json!({"type": "answer", "sdp": room.sdp(Side::Guest, n)});
                sender.signed(post(room.path("/answer"), &body), rooms, index)
            }
            Self::Candidate { sender, n, key } => {
                let (request, side) = sender.signed(post(room.path("/candidate"), &json!({})), rooms, index);
                let request = match key {
                    Some(key) => request.header("Idempotency-Key", key.to_string()),
                    None => request,
                };
                (request.body(json!({"candidate": room.candidate(side, n)}).to_string()), side)
            }
            Self::ReplaceJoinCode(sender) => sender.signed(post(room.path("/join-code"), &json!({})), rooms, index),
            Self::Close(sender) => sender.signed(post(room.path("/close"), &json!({})), rooms, index),
            Self::Read { sender, subject, since, tagged } => {
                let (_, side) = sender.signed(Request::default(), rooms, index);
                let since = since.number(side.map_or(0, |side| room.last_seq(side)));
                let query = since.map_or(String::new(), |since| format!("?since={since}"));
                let tail = if subject == Subject::Snapshot { "" } else { "/candidates" };
                let mut request = Request::new("GET", room.path(tail) + &query);
                if tagged && let Some(tag) = side.and_then(|side| room.tag(side)) {
                    request = request.header("If-None-Match", tag);
                }
                sender.signed(request, rooms, index)
            }
            Self::Exchange { sender, posts, since, wait } => {
                let (_, side) = sender.signed(Request::default(), rooms, index);
                let mut body = json!({"room": room.code(), "attempt": posts.attempt(), "wait": wait});
                body["since"] = json!(since.number(side.map_or(0, |side| room.version(side))));
                let mut candidates: Vec<_> =
                    posts.candidates().map(|n| json!({"candidate": room.candidate(side, n)})).collect();
                candidates.extend(posts.bad.then(|| json!({"candidate": null})));
                body["candidates"] = candidates.into();
                if let Some(n) = posts.description {
                    let side = side.unwrap_or(Side::Host);
                    let kind = if side == Side::Host { "offer" } else { "answer" };
                    body["description"] = json!({"type": kind, "sdp": room.sdp(side, n)});
                }
                sender.signed(post("/exchange", &body), rooms, index)
            }
        }
    }
}

impl Sender {
    /// Adds the token to a request, and returns the sender's role if it is a peer of the room.
    fn signed(self, request: Request, rooms: &[Room], index: usize) -> (Request, Option<Side>) {
        let (token, side) = match self {
            Self::Nobody => return (request, None),
            Self::Bad(bad) => (bad.to_string(), None),
            Self::Host => (rooms[index].token(Side::Host).to_owned(), Some(Side::Host)),
            Self::Guest => (rooms[index].token(Side::Guest).to_owned(), Some(Side::Guest)),
            Self::HostOf(other) => of(rooms, index, other, Side::Host),
            Self::GuestOf(other) => of(rooms, index, other, Side::Guest),
        };
        let side = side.filter(|_| !token.is_empty());
        (request.header("X-Access-Token", token), side)
    }
}

fn of(rooms: &[Room], index: usize, other: u8, side: Side) -> (String, Option<Side>) {
    let other = usize::from(other) % rooms.len();
    (rooms[other].token(side).to_owned(), (other == index).then_some(side))
}
