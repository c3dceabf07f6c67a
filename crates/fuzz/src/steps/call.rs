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
    Read { sender: Sender, subject: Subject, since: Since, wait: Option<u8>, tagged: bool },
    Close(Sender),
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

/// The cursor that a read sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Arbitrary)]
pub(super) enum Since {
    Nothing,
    /// The last one seen, in the version header.
    Seen,
    /// The last one seen, in the query.
    SeenInQuery,
    Any(u64),
}

impl Call {
    pub(super) fn reads(&self) -> bool {
        matches!(self, Self::Read { .. })
    }

    /// When the read times out, if it is a long poll.
    pub(super) fn until(&self, now: u64) -> Option<u64> {
        let Self::Read { wait: Some(seconds), .. } = self else { return None };
        Some(now + u64::from(*seconds).min(25) * 1000)
    }

    /// Whether it continues from the last state that its sender has seen, and must therefore be answered on any update.
    pub(super) fn expects_update(&self) -> bool {
        matches!(self, Self::Read { since: Since::Seen | Since::SeenInQuery, .. })
    }
}
