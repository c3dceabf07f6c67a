use serde::Serialize;
use thiserror::Error;

use crate::limits::{MAX_CANDIDATE_BYTES, MAX_SDP_BYTES};
use crate::read::Malformed;

/// Which half of the negotiation a description is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum SdpType {
    /// The host's.
    Offer,
    /// The guest's.
    Answer,
    /// Something that this version does not know.
    #[serde(untagged)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Other(String),
}

read_words!(SdpType, "offer" => Offer, "answer" => Answer);

impl SdpType {
    /// The word on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Offer => "offer",
            Self::Answer => "answer",
            Self::Other(other) => other,
        }
    }
}

/// A session description as `RTCSessionDescriptionInit` has it.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionDescription {
    /// Offer or answer.
    #[serde(rename = "type")]
    pub kind: SdpType,
    /// The SDP text: at most 20 KiB of UTF-8, with lines that begin `v=`, `o=`, `s=`, `t=` and `m=`.
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::sdp"))]
    pub sdp: String,
}

read_members!(SessionDescription { kind: "type", sdp: "sdp" });
deserialize_by_reading!(SessionDescription);

impl std::fmt::Debug for SessionDescription {
    /// The size only: an SDP holds addresses and ICE credentials.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SessionDescription({:?}, {} bytes)", self.kind, self.sdp.len())
    }
}

/// How the lines begin that every SDP has.
pub(crate) const SDP_LINES: [&str; 5] = ["v=", "o=", "s=", "t=", "m="];

/// Why an SDP text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SdpError {
    /// Above [`MAX_SDP_BYTES`].
    #[error("the SDP is larger than 20 KiB")]
    TooLarge,
    /// A line that every SDP has is missing.
    #[error("the SDP has no line that begins with {0}")]
    MissingLine(&'static str),
}

impl SessionDescription {
    /// An offer with this SDP text.
    pub fn offer(sdp: impl Into<String>) -> Self {
        Self { kind: SdpType::Offer, sdp: sdp.into() }
    }

    /// An answer with this SDP text.
    pub fn answer(sdp: impl Into<String>) -> Self {
        Self { kind: SdpType::Answer, sdp: sdp.into() }
    }

    /// The description itself, where it is of the type that belongs there: a browser takes an answer in the place of an
    /// offer for something else, and blames whoever gave it.
    ///
    /// # Errors
    /// [`Malformed`] when it is of another type than `kind`.
    pub fn of_kind(self, kind: &SdpType) -> Result<Self, Malformed> {
        if self.kind == *kind {
            return Ok(self);
        }
        Err(Malformed(match kind {
            SdpType::Offer => "the type of the offer",
            SdpType::Answer => "the type of the answer",
            SdpType::Other(_) => "the type of the description",
        }))
    }

    /// Checks size and shape of the SDP text, as a Registry does.
    ///
    /// # Errors
    /// [`SdpError::TooLarge`], or the first line that is missing.
    pub fn check(&self) -> Result<(), SdpError> {
        if self.sdp.len() > MAX_SDP_BYTES {
            return Err(SdpError::TooLarge);
        }
        let missing = SDP_LINES.into_iter().find(|prefix| !self.sdp.lines().any(|line| line.starts_with(prefix)));
        missing.map_or(Ok(()), |prefix| Err(SdpError::MissingLine(prefix)))
    }
}

/// A candidate as `RTCIceCandidateInit` has it. Two are the same when `candidate`, `sdpMid` and `sdpMLineIndex` agree.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IceCandidate {
    /// The candidate line, without `a=`: at most 1 KiB of UTF-8.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = MAX_CANDIDATE_BYTES)))]
    pub candidate: String,
    /// Identification tag of the media section. Left out when null: a base server refuses an explicit null.
    #[cfg_attr(feature = "schema", schemars(length(max = MAX_CANDIDATE_BYTES)))]
    #[serde(rename = "sdpMid", skip_serializing_if = "Option::is_none")]
    pub sdp_mid: Option<String>,
    /// Index of the media section. Left out when null: a base server refuses an explicit null.
    #[serde(rename = "sdpMLineIndex", skip_serializing_if = "Option::is_none")]
    pub sdp_m_line_index: Option<u16>,
}

read_members!(IceCandidate { candidate: "candidate", sdp_mid: "sdpMid", sdp_m_line_index: "sdpMLineIndex" });
deserialize_by_reading!(IceCandidate);

/// Why a candidate is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CandidateError {
    /// The `candidate` text is empty, which means the end of candidates and is never posted.
    #[error("the candidate is empty")]
    Empty,
    /// Above [`MAX_CANDIDATE_BYTES`].
    #[error("the candidate is larger than 1 KiB")]
    TooLarge,
}

impl IceCandidate {
    /// Checks the size of the candidate line, as a Registry does.
    ///
    /// # Errors
    /// [`CandidateError`] when it is empty or too large.
    pub fn check(&self) -> Result<(), CandidateError> {
        match self.candidate.len() {
            0 => Err(CandidateError::Empty),
            size if size > MAX_CANDIDATE_BYTES => Err(CandidateError::TooLarge),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SDP: &str = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=application 9 UDP/DTLS/SCTP x\r\n";

    #[test]
    fn a_complete_sdp_passes_and_each_missing_line_is_named() {
        assert_eq!(SessionDescription::offer(SDP).check(), Ok(()));
        for prefix in SDP_LINES {
            let sdp = SDP.replace(prefix, "x=");
            assert_eq!(SessionDescription::offer(sdp).check(), Err(SdpError::MissingLine(prefix)));
        }
    }

    #[test]
    fn an_sdp_may_have_20_kib_and_no_more() {
        let pad = |n: usize| SessionDescription::offer(format!("{SDP}{}", "a".repeat(n - SDP.len())));
        assert_eq!(pad(MAX_SDP_BYTES).check(), Ok(()));
        assert_eq!(pad(MAX_SDP_BYTES + 1).check(), Err(SdpError::TooLarge));
    }

    #[test]
    fn null_fields_of_a_candidate_are_read_but_never_written() {
        let candidate: IceCandidate =
            serde_json::from_str(r#"{"candidate":"c","sdpMid":null,"sdpMLineIndex":null,"new":1}"#).unwrap();
        assert_eq!(serde_json::to_string(&candidate).unwrap(), r#"{"candidate":"c"}"#);
    }

    #[test]
    fn a_candidate_is_neither_empty_nor_huge() {
        let of = |n: usize| IceCandidate { candidate: "c".repeat(n), sdp_mid: None, sdp_m_line_index: None };
        assert_eq!(of(0).check(), Err(CandidateError::Empty));
        assert_eq!(of(MAX_CANDIDATE_BYTES).check(), Ok(()));
        assert_eq!(of(MAX_CANDIDATE_BYTES + 1).check(), Err(CandidateError::TooLarge));
    }

    #[test]
    fn a_description_of_another_type_is_none() {
        let (offer, answer) = (SessionDescription::offer(SDP), SessionDescription::answer(SDP));
        assert_eq!(offer.clone().of_kind(&SdpType::Offer), Ok(offer.clone()));
        assert_eq!(answer.of_kind(&SdpType::Offer), Err(Malformed("the type of the offer")));
        let rollback = SessionDescription { kind: SdpType::Other("rollback".into()), ..offer };
        assert_eq!(rollback.of_kind(&SdpType::Answer), Err(Malformed("the type of the answer")));
    }

    #[test]
    fn a_description_prints_its_size_only() {
        assert_eq!(format!("{:?}", SessionDescription::offer("secret")), "SessionDescription(Offer, 6 bytes)");
    }
}
