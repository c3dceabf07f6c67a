use registry_protocol::{ErrorBody, ErrorCode, ErrorEnvelope, ParseIdError, Role};
use strum::IntoStaticStr;
use thiserror::Error;

/// Why a request is refused. The message is for people and never repeats any content of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[cfg_attr(test, derive(strum::EnumIter))]
pub enum Refusal {
    /// A `POST` without the version header, or with an unknown version.
    #[error("POST requests must have the header X-Registry-Version: 1")]
    MissingVersion,
    /// The body exceeds the limit.
    #[error("the request body exceeds 64 KiB")]
    BodyTooLarge,
    /// The body did not arrive in time. Reported by the server.
    #[error("the request body took too long to arrive")]
    SlowBody,
    /// The body is incomplete or its transfer encoding is invalid. Reported by the server.
    #[error("the request body is incomplete or badly encoded")]
    BrokenBody,
    /// The request names no host, or more than one. Reported by the server.
    #[error("the Host header is missing, invalid or repeated")]
    BadHost,
    /// What is at this path can only be read. Reported by the server.
    #[error("this can only be read: use GET")]
    ReadOnly,
    /// Unknown method or path.
    #[error("no such endpoint: check the method and path (a room code is 8 capital letters and digits)")]
    NoRoute,
    /// Unknown room.
    #[error("room not found: it may have expired or been closed; ask the host for a new one")]
    NoRoom,
    /// The room is no longer open, so its public information is gone.
    #[error("this room is not open: a guest may already have joined")]
    NotPublic,
    /// The token is missing or wrong.
    #[error("the X-Access-Token header is missing or not valid for this room")]
    WrongToken,
    /// The token is valid but belongs to the other role.
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
    #[error("joinCode must be a string of 6 digits")]
    MalformedJoinCode,
    /// The join code is wrong.
    #[error("wrong join code: check it with the host")]
    WrongJoinCode,
    /// The description is malformed.
    #[error("malformed description: {0}")]
    BadSdp(&'static str),
    /// The SDP lacks a mandatory line.
    #[error("malformed SDP: no line starts with {0}")]
    MissingSdpLine(&'static str),
    /// The SDP exceeds the limit.
    #[error("the SDP exceeds 20 KiB")]
    SdpTooLarge,
    /// The candidate is malformed.
    #[error("malformed candidate: {0}")]
    BadCandidate(&'static str),
    /// The candidate line or its `sdpMid` exceeds the limit.
    #[error("the candidate or its sdpMid exceeds 1 KiB")]
    CandidateTooLarge,
    /// The room already has a guest.
    #[error("this room already has a guest: a join code works only once")]
    NotOpen,
    /// An answer was posted before there is an offer.
    #[error("there is no offer to answer yet")]
    NoOffer,
    /// The descriptions are final.
    #[error("the offer and answer are final and cannot be replaced: create a new room")]
    AlreadyPaired,
    /// The peer has posted its maximum number of candidates.
    #[error("too many candidates: a peer can post at most 40")]
    TooManyCandidates,
    /// Too many requests.
    #[error("too many requests: wait before trying again")]
    RateLimited {
        /// How long to wait, in milliseconds.
        wait_ms: u64,
    },
    /// Too many wrong join codes.
    #[error("too many wrong join codes: wait before trying again, or ask the host for a new one")]
    JoinLocked {
        /// How long to wait, in milliseconds.
        wait_ms: u64,
    },
    /// The client has its maximum number of rooms.
    #[error("too many rooms were created from this address: close some, or wait until they expire")]
    TooManyRooms {
        /// When the next of them expires, in milliseconds from now.
        wait_ms: u64,
    },
    /// The Registry has reached its maximum number of rooms.
    #[error("the Registry is full: try again later")]
    Full {
        /// When the next room expires, in milliseconds from now.
        wait_ms: u64,
    },
    /// Too many requests are on their way. Reported by the server.
    #[error("the Registry is busy: try again later")]
    Busy,
    /// Internal error.
    #[error("internal error: try again")]
    Internal,
}

impl Refusal {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.kind().0
    }

    /// The error code in the envelope.
    pub fn code(&self) -> ErrorCode {
        self.kind().1
    }

    fn kind(&self) -> (u16, ErrorCode) {
        match self {
            Self::MissingVersion => (400, ErrorCode::MissingVersion),
            Self::NotJson | Self::BrokenBody | Self::BadHost => (400, ErrorCode::BadJson),
            Self::BadUserName { .. } => (400, ErrorCode::BadUsername),
            Self::MalformedJoinCode => (400, ErrorCode::BadJoinCode),
            Self::BadSdp(_) | Self::MissingSdpLine(_) => (400, ErrorCode::BadSdp),
            Self::BadCandidate(_) => (400, ErrorCode::BadCandidate),
            Self::WrongJoinCode => (403, ErrorCode::BadJoinCode),
            Self::WrongToken | Self::WrongRole(_) => (403, ErrorCode::Forbidden),
            Self::NoRoute | Self::NoRoom | Self::NotPublic => (404, ErrorCode::NotFound),
            Self::ReadOnly => (405, ErrorCode::NotFound),
            Self::SlowBody => (408, ErrorCode::Retry),
            Self::NotOpen => (409, ErrorCode::NotOpen),
            Self::NoOffer => (409, ErrorCode::NoOffer),
            Self::AlreadyPaired => (409, ErrorCode::AlreadyPaired),
            Self::TooManyCandidates => (409, ErrorCode::TooManyCandidates),
            Self::BodyTooLarge => (413, ErrorCode::BodyTooLarge),
            Self::SdpTooLarge => (413, ErrorCode::BadSdp),
            Self::CandidateTooLarge => (413, ErrorCode::BadCandidate),
            Self::RateLimited { .. } | Self::JoinLocked { .. } | Self::TooManyRooms { .. } => {
                (429, ErrorCode::RateLimited)
            }
            Self::Full { .. } | Self::Busy => (503, ErrorCode::Retry),
            Self::Internal => (500, ErrorCode::InternalError),
        }
    }

    /// Whole seconds (at least 1) after which the same request may succeed.
    pub fn retry_after_sec(&self) -> Option<u64> {
        match self {
            Self::RateLimited { wait_ms }
            | Self::JoinLocked { wait_ms }
            | Self::TooManyRooms { wait_ms }
            | Self::Full { wait_ms } => Some(wait_ms.div_ceil(1000).max(1)),
            Self::Busy => Some(1),
            _ => None,
        }
    }

    /// A name for logs and metrics, finer than the code.
    pub fn reason(&self) -> &'static str {
        self.into()
    }

    /// The error envelope, which is the body of the response.
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
    /// An identifier that we generated is malformed, which is a bug of ours.
    fn from(_: ParseIdError) -> Self {
        Self::Internal
    }
}
