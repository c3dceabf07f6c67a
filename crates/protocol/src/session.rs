use serde::{Deserialize, Serialize};
use strum::{AsRefStr, EnumString};
use thiserror::Error;

use crate::limits::{MAX_CANDIDATE_BYTES, MAX_SDP_BYTES};
use crate::tolerant::whole_or_null;

/// The type of a session description (`RTCSdpType`).
#[derive(Clone, Debug, PartialEq, Eq, AsRefStr, EnumString, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase", from = "String")]
#[strum(serialize_all = "lowercase")]
pub enum SdpType {
    /// The host's description.
    Offer,
    /// The guest's description.
    Answer,
    /// A type that this version does not know.
    #[serde(untagged)]
    #[strum(default, transparent)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Other(String),
}

impl From<String> for SdpType {
    fn from(text: String) -> Self {
        text.parse().unwrap_or(Self::Other(text))
    }
}

impl SdpType {
    /// The type as it appears on the wire.
    pub fn as_str(&self) -> &str {
        self.as_ref()
    }
}

/// A session description, in the form of `RTCSessionDescriptionInit`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionDescription {
    /// Offer or answer.
    #[serde(rename = "type")]
    pub kind: SdpType,
    /// The SDP text: at most 20 KiB of UTF-8, with lines that begin `v=`, `o=`, `s=`, `t=` and `m=`.
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::sdp"))]
    pub sdp: String,
}

impl std::fmt::Debug for SessionDescription {
    /// Prints only the size: an SDP contains addresses and ICE credentials.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SessionDescription({:?}, {} bytes)", self.kind, self.sdp.len())
    }
}

/// The prefixes of the lines that every SDP has (RFC 8866, section 5).
pub(crate) const SDP_LINES: [&str; 5] = ["v=", "o=", "s=", "t=", "m="];

/// Why an SDP text is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SdpError {
    /// It exceeds [`MAX_SDP_BYTES`].
    #[error("the SDP is larger than 20 KiB")]
    TooLarge,
    /// A mandatory line is missing.
    #[error("the SDP has no line that begins with {0}")]
    MissingLine(&'static str),
}

/// A description is not of the type that belongs there.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the description is of another type than {}", .0.as_str())]
pub struct WrongSdpType(
    /// The expected type.
    pub SdpType,
);

impl SessionDescription {
    /// An offer with this SDP text.
    pub fn offer(sdp: impl Into<String>) -> Self {
        Self { kind: SdpType::Offer, sdp: sdp.into() }
    }

    /// An answer with this SDP text.
    pub fn answer(sdp: impl Into<String>) -> Self {
        Self { kind: SdpType::Answer, sdp: sdp.into() }
    }

    /// Returns the description if it is of type `kind`. A browser accepts an answer where an offer belongs as something else
    /// and reports a misleading error, so a mismatch is caught here.
    ///
    /// # Errors
    /// [`WrongSdpType`] if it is of another type.
    pub fn of_kind(self, kind: &SdpType) -> Result<Self, WrongSdpType> {
        if self.kind == *kind { Ok(self) } else { Err(WrongSdpType(kind.clone())) }
    }

    /// Checks the size and the mandatory lines of the SDP text, as a Registry does.
    ///
    /// # Errors
    /// [`SdpError::TooLarge`], or [`SdpError::MissingLine`] for the first line that is missing.
    pub fn check(&self) -> Result<(), SdpError> {
        if self.sdp.len() > MAX_SDP_BYTES {
            return Err(SdpError::TooLarge);
        }
        let missing = SDP_LINES.into_iter().find(|prefix| !self.sdp.lines().any(|line| line.starts_with(prefix)));
        missing.map_or(Ok(()), |prefix| Err(SdpError::MissingLine(prefix)))
    }
}

/// A candidate, in the form of `RTCIceCandidateInit`. Two candidates are equal if `candidate`, `sdpMid` and `sdpMLineIndex`
/// are.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IceCandidate {
    /// The candidate line without `a=`, at most 1 KiB of UTF-8 (RFC 8839, section 5.1).
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = MAX_CANDIDATE_BYTES)))]
    pub candidate: String,
    /// Identification tag of the media section. Omitted when null, because a base server rejects an explicit null.
    #[cfg_attr(feature = "schema", schemars(length(max = MAX_CANDIDATE_BYTES)))]
    #[serde(rename = "sdpMid", skip_serializing_if = "Option::is_none")]
    pub sdp_mid: Option<String>,
    /// Index of the media section. Omitted when null, because a base server rejects an explicit null.
    #[serde(
        rename = "sdpMLineIndex",
        default,
        deserialize_with = "whole_or_null",
        skip_serializing_if = "Option::is_none"
    )]
    pub sdp_m_line_index: Option<u16>,
}

/// Why a candidate is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CandidateError {
    /// The `candidate` text is empty: that marks the end of candidates and is never posted.
    #[error("the candidate is empty")]
    Empty,
    /// It exceeds [`MAX_CANDIDATE_BYTES`].
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
        assert_eq!(answer.of_kind(&SdpType::Offer), Err(WrongSdpType(SdpType::Offer)));
        let rollback = SessionDescription { kind: SdpType::Other("rollback".into()), ..offer };
        assert_eq!(rollback.of_kind(&SdpType::Answer), Err(WrongSdpType(SdpType::Answer)));
    }

    #[test]
    fn a_description_prints_its_size_only() {
        assert_eq!(format!("{:?}", SessionDescription::offer("secret")), "SessionDescription(Offer, 6 bytes)");
    }
}
