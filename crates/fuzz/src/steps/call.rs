//! The calls on a room.

use arbitrary::Arbitrary;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Host,
    Guest,
}

/// A call on a room.
#[derive(Clone, Copy, Debug, Arbitrary)]
pub(super) enum Call {
    Public { client: u8 },
    Join { right: bool, client: u8 },
    Offer(Sender, u8),
    Answer(Sender, u8),
    Candidate { sender: Sender, n: u8, key: Option<u8> },
    Read { sender: Sender, subject: Subject, since: Since, tagged: bool },
    Exchange { sender: Sender, posts: Posts, since: Since, wait: Option<u8> },
    ReplaceJoinCode(Sender),
    Close(Sender),
}

/// What an exchange posts.
#[derive(Clone, Copy, Debug, Arbitrary)]
pub(super) struct Posts {
    attempt: u8,
    pub(super) description: Option<u8>,
    from: u8,
    count: u8,
    /// Whether one more candidate is malformed.
    pub(super) bad: bool,
}

impl Posts {
    /// The number of the attempt: a small one, so that there are older ones and the same.
    pub(super) fn attempt(self) -> u64 {
        u64::from(self.attempt % 4)
    }

    /// Whether it posts anything.
    pub(super) fn any(self) -> bool {
        self.description.is_some() || self.candidates().next().is_some()
    }

    pub(super) fn candidates(self) -> impl Iterator<Item = u8> {
        (0..self.count % 16).map(move |n| self.from.wrapping_add(n))
    }
}

/// Whose token a request has.
#[derive(Clone, Copy, Debug, Arbitrary)]
pub(super) enum Sender {
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

/// The cursor that a request sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Arbitrary)]
pub(super) enum Since {
    Nothing,
    /// The last one seen.
    Seen,
    Any(u64),
}

impl Since {
    pub(super) fn number(self, seen: u64) -> Option<u64> {
        match self {
            Self::Nothing => None,
            Self::Seen => Some(seen),
            Self::Any(any) => Some(any),
        }
    }
}

impl Call {
    pub(super) fn reads(&self) -> bool {
        matches!(self, Self::Read { .. } | Self::Exchange { .. })
    }

    /// When it times out, if it is a long poll.
    pub(super) fn until(&self, now: u64) -> Option<u64> {
        let Self::Exchange { wait: Some(seconds), .. } = self else { return None };
        Some(now + u64::from(*seconds).min(25) * 1000)
    }

    /// Whether it continues from the last version that its sender has seen, and must therefore be answered on any news.
    pub(super) fn expects_news(&self) -> bool {
        matches!(self, Self::Exchange { since: Since::Seen, .. })
    }
}
