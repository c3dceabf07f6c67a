use registry_protocol::{ErrorBody, ErrorCode, ErrorEnvelope, ParseIdError};
use thiserror::Error;

/// Which of the two a peer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(Default))]
pub enum Role {
    /// Who made the room.
    #[cfg_attr(test, default)]
    Host,
    /// Who joined it.
    Guest,
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Host => "host",
            Self::Guest => "guest",
        })
    }
}

/// Why a request is refused. The text is for people and never repeats what the request held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[cfg_attr(test, derive(strum::EnumIter))]
pub enum Refusal {
    /// A `POST` without the version header, or with another version.
    #[error("every POST needs the header X-Registry-Version: 1")]
    MissingVersion,
    /// The body is above the limit.
    #[error("the body is larger than 64 KiB")]
    BodyTooLarge,
    /// The body did not come to its end in time. A host says so.
    #[error("the body took too long to arrive")]
    SlowBody,
    /// The body broke off, or its encoding is broken. A host says so.
    #[error("the body did not arrive whole")]
    BrokenBody,
    /// No such call.
    #[error("this Registry has no such call: check method and path (a room code is 8 capital letters and digits)")]
    NoRoute,
    /// No such room.
    #[error("there is no such room: it may have expired or been closed; ask the host for a new one")]
    NoRoom,
    /// Somebody has joined, so there is nothing to show in public any more.
    #[error("this room is not open: it may have a guest already")]
    NotPublic,
    /// The token is missing or wrong.
    #[error("the header X-Access-Token is missing, or is not a token of this room")]
    WrongToken,
    /// The token is good, but of the other role.
    #[error("only the {0} may do this")]
    WrongRole(Role),
    /// The body is not a JSON object.
    #[error("the body must be a JSON object")]
    NotJson,
    /// The user name is missing or malformed.
    #[error("{field} must be 1 to 32 letters, digits, _ or -")]
    BadUserName {
        /// The field's name.
        field: &'static str,
    },
    /// The join code is missing or malformed.
    #[error("joinCode must be 6 digits, as a string")]
    MalformedJoinCode,
    /// The join code is not this room's.
    #[error("this is not the room's join code: check it with the host")]
    WrongJoinCode,
    /// The description is malformed.
    #[error("the description is malformed: {0}")]
    BadSdp(&'static str),
    /// The SDP lacks a line that every SDP has.
    #[error("the SDP is malformed: it has no line that begins with {0}")]
    MissingSdpLine(&'static str),
    /// The SDP is above the limit.
    #[error("the SDP is larger than 20 KiB")]
    SdpTooLarge,
    /// The candidate is malformed.
    #[error("the candidate is malformed: {0}")]
    BadCandidate(&'static str),
    /// The candidate line, or its media section's name, is above the limit.
    #[error("the candidate, or its sdpMid, is larger than 1 KiB")]
    CandidateTooLarge,
    /// Somebody has joined.
    #[error("this room has a guest already: its join code works once")]
    NotOpen,
    /// An answer before there is an offer.
    #[error("there is no offer to answer yet")]
    NoOffer,
    /// The descriptions are settled.
    #[error("offer and answer are settled and cannot be replaced: make a new room")]
    AlreadyPaired,
    /// The peer has used up its candidates.
    #[error("this peer has posted as many candidates as it may (40)")]
    TooManyCandidates,
    /// Too many requests.
    #[error("too many requests of this kind: wait before the next")]
    RateLimited {
        /// How long, in milliseconds.
        wait_ms: u64,
    },
    /// There is no place for another room.
    #[error("this Registry holds as many rooms as it may: try again")]
    Full {
        /// When a place may be free, in milliseconds from now.
        wait_ms: u64,
    },
    /// The Registry failed.
    #[error("the Registry failed: try again")]
    Internal,
}

impl Refusal {
    /// The status of the response.
    pub fn status(&self) -> u16 {
        self.kind().0
    }

    /// The code in the envelope.
    pub fn code(&self) -> ErrorCode {
        self.kind().1
    }

    fn kind(&self) -> (u16, ErrorCode) {
        match self {
            Self::MissingVersion => (400, ErrorCode::MissingVersion),
            Self::NotJson | Self::BrokenBody => (400, ErrorCode::BadJson),
            Self::BadUserName { .. } => (400, ErrorCode::BadUsername),
            Self::MalformedJoinCode => (400, ErrorCode::BadJoinCode),
            Self::BadSdp(_) | Self::MissingSdpLine(_) => (400, ErrorCode::BadSdp),
            Self::BadCandidate(_) => (400, ErrorCode::BadCandidate),
            Self::WrongJoinCode => (403, ErrorCode::BadJoinCode),
            Self::WrongToken | Self::WrongRole(_) => (403, ErrorCode::Forbidden),
            Self::NoRoute | Self::NoRoom | Self::NotPublic => (404, ErrorCode::NotFound),
            Self::SlowBody => (408, ErrorCode::Retry),
            Self::NotOpen => (409, ErrorCode::NotOpen),
            Self::NoOffer => (409, ErrorCode::NoOffer),
            Self::AlreadyPaired => (409, ErrorCode::AlreadyPaired),
            Self::TooManyCandidates => (409, ErrorCode::TooManyCandidates),
            Self::BodyTooLarge => (413, ErrorCode::BodyTooLarge),
            Self::SdpTooLarge => (413, ErrorCode::BadSdp),
            Self::CandidateTooLarge => (413, ErrorCode::BadCandidate),
            Self::RateLimited { .. } => (429, ErrorCode::RateLimited),
            Self::Full { .. } => (503, ErrorCode::Retry),
            Self::Internal => (500, ErrorCode::InternalError),
        }
    }

    /// Whole seconds after which the same request may succeed, at least one.
    pub fn retry_after_sec(&self) -> Option<u64> {
        match self {
            Self::RateLimited { wait_ms } | Self::Full { wait_ms } => Some(wait_ms.div_ceil(1000).max(1)),
            _ => None,
        }
    }

    /// The body of the response.
    pub fn envelope(&self) -> ErrorEnvelope {
        ErrorEnvelope {
            error: ErrorBody {
                code: self.code(),
                message: self.to_string(),
                retryable: matches!(self.status(), 408 | 429 | 500 | 503),
                retry_after_sec: self.retry_after_sec().map(|s| s as f64),
            },
        }
    }
}

impl From<ParseIdError> for Refusal {
    /// An identifier of our own making that is malformed: our fault.
    fn from(_: ParseIdError) -> Self {
        Self::Internal
    }
}
