//! What may happen, and the requests that it takes.

use arbitrary::Arbitrary;
use registry::Request;
use serde_json::json;

use super::room::{Room, Side};
use crate::place::post;

#[derive(Clone, Debug, Arbitrary)]
pub(super) enum Step {
    Create {
        client: u8,
    },
    Errand {
        room: u8,
        errand: Errand,
    },
    /// Many candidates in a row.
    Burst {
        room: u8,
        who: Who,
        from: u8,
        count: u8,
    },
    Pass(Time),
    /// Time passes until so many seconds before a room is over.
    PassToEnd {
        room: u8,
        before: u8,
    },
    Tick,
    Cancel(u8),
    AnswerAll,
}

/// Time that passes.
#[derive(Clone, Copy, Debug, Arbitrary)]
pub(super) enum Time {
    Ms(u8),
    Seconds(u8),
    Minutes(u8),
}

/// Something that somebody asks of a room.
#[derive(Clone, Copy, Debug, Arbitrary)]
pub(super) enum Errand {
    Public { client: u8 },
    Join { right: bool, client: u8 },
    Offer(Who, u8),
    Answer(Who, u8),
    Candidate { who: Who, n: u8, key: Option<u8> },
    Read { who: Who, subject: Subject, since: Since, wait: Option<u8>, tagged: bool },
    Close(Who),
}

/// Whose token a request carries.
#[derive(Clone, Copy, Debug, Arbitrary)]
pub(super) enum Who {
    Host,
    Guest,
    HostOf(u8),
    GuestOf(u8),
    Nobody,
    Bad(u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Arbitrary)]
pub(super) enum Subject {
    Snapshot,
    Candidates,
}

/// Where a peer says that it stopped reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Arbitrary)]
pub(super) enum Since {
    Nothing,
    /// What it was shown last, said in the version header.
    Shown,
    /// The same, said in the address.
    ShownInAddress,
    Any(u64),
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

/// A request for a room.
pub(super) fn create(client: u8) -> Request {
    post("/rooms", &json!({"hostUserName": "Ann"})).client(client.to_string())
}

impl Errand {
    /// The request, and whose it is if its sender is a peer of the room.
    pub(super) fn request(&self, rooms: &[Room], index: usize) -> (Request, Option<Side>) {
        let room = &rooms[index];
        match *self {
            Self::Public { client } => (Request::new("GET", room.path("/public")).client(client.to_string()), None),
            Self::Join { right, client } => {
                let body = json!({"joinCode": room.join_code(right), "guestUserName": "Bob"});
                (post(room.path("/join"), &body).client(client.to_string()), None)
            }
            Self::Offer(who, n) => {
                let body = json!({"type": "offer", "sdp": room.sdp(Side::Host, n)});
                who.signed(post(room.path("/offer"), &body), rooms, index)
            }
            Self::Answer(who, n) => {
                let body = json!({"type": "answer", "sdp": room.sdp(Side::Guest, n)});
                who.signed(post(room.path("/answer"), &body), rooms, index)
            }
            Self::Candidate { who, n, key } => {
                let (request, side) = who.signed(post(room.path("/candidate"), &json!({})), rooms, index);
                let request = match key {
                    Some(key) => request.header("Idempotency-Key", key.to_string()),
                    None => request,
                };
                (request.body(json!({"candidate": room.candidate(side, n)}).to_string()), side)
            }
            Self::Close(who) => who.signed(post(room.path("/close"), &json!({})), rooms, index),
            Self::Read { who, subject, since, wait, tagged } => {
                let (_, side) = who.signed(Request::default(), rooms, index);
                let shown = side.map_or(0, |side| room.cursor(side, subject));
                let mut query = wait.map_or(String::new(), |wait| format!("wait={wait}&"));
                match since {
                    Since::ShownInAddress => query += &format!("since={shown}"),
                    Since::Any(any) => query += &format!("since={any}"),
                    Since::Shown | Since::Nothing => {}
                }
                let tail = if subject == Subject::Snapshot { "?" } else { "/candidates?" };
                let mut request = Request::new("GET", room.path(tail) + &query);
                if since == Since::Shown {
                    request = request.header("X-Registry-Version", format!("1;since={shown}"));
                }
                if tagged && let Some(side) = side {
                    request = request.header("If-None-Match", room.tag(side));
                }
                who.signed(request, rooms, index)
            }
        }
    }

    pub(super) fn reads(&self) -> bool {
        matches!(self, Self::Read { .. })
    }

    /// When it has waited for long enough, if it waits at all.
    pub(super) fn until(&self, now: u64) -> Option<u64> {
        let Self::Read { wait: Some(seconds), .. } = self else { return None };
        Some(now + u64::from(*seconds).min(25) * 1000)
    }

    /// Whether it goes on from where its sender was told that it is, and so must be told whatever happens then.
    pub(super) fn is_honest(&self) -> bool {
        matches!(self, Self::Read { since: Since::Shown | Since::ShownInAddress, .. })
    }
}

impl Who {
    /// The request with the token, and whose token of the room it is.
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
