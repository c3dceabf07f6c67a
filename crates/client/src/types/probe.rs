//! What harmless requests to an address show about the Registry there, before there is a room.
//!
//! A browser says of a request that failed only that it failed, so that a page learns nothing about other sites. What went wrong
//! follows from which of several requests get through.

use std::time::Duration;

use registry_protocol::{EpochMs, ErrorEnvelope, TOKEN_HEADER, VERSION_HEADER};
use serde::{Deserialize, Serialize};

/// The headers that a client sends and a cross-origin Registry has to allow: one for the access token, one for the version, and
/// the type of a body.
pub const CLIENT_HEADERS: [&str; 3] = [TOKEN_HEADER, VERSION_HEADER, "Content-Type"];

/// The path that is asked for: the candidates of a room that nobody is in. Any Registry refuses that with its error envelope,
/// and it counts against no rate limit.
pub const PROBE_PATH: &str = "/rooms/AAAAAAAA/candidates";

/// Why a request brought no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// It took too long.
    TimedOut,
    /// The browser's words, which do not say why.
    Failed(String),
}

/// An answer that the browser let the page read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProbeAnswer {
    /// The status code.
    pub status: u16,
    /// Whether the body is an error envelope, as any Registry answers what was asked.
    pub of_a_registry: bool,
    /// The `Date` header, if the page may read it: only at its own origin, unless the server exposes it.
    pub date: Option<EpochMs>,
    /// When the answer arrived, by the device's clock.
    pub received: EpochMs,
    /// How long it took; in JSON `tookMs`, in whole milliseconds.
    #[serde(rename = "tookMs", with = "whole_ms")]
    pub took: Duration,
}

impl ProbeAnswer {
    /// Whether the body of an answer is that of a Registry.
    pub fn is_envelope(body: &str) -> bool {
        crate::json::read::<ErrorEnvelope>(body).is_ok()
    }

    /// By how many milliseconds the device's clock is ahead of the server's, if the answer shows it, with the uncertainty: the
    /// server's time has a resolution of a second, and was taken at some moment while the answer was under way.
    pub fn clock_ahead_ms(&self) -> Option<(f64, f64)> {
        let took = self.took.as_secs_f64() * 1000.0;
        let date = self.date?.0 as f64 + 500.0;
        Some((self.received.0 as f64 - took / 2.0 - date, took / 2.0 + 500.0))
    }
}

/// The outcome of one request.
pub type Probed<T> = Result<T, NoAnswer>;

/// `{"answered": …}`, `{"failed": "…"}` or `"timedOut"`.
mod outcome {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{NoAnswer, Probed};

    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "camelCase")]
    enum Outcome<T> {
        Answered(T),
        TimedOut,
        Failed(String),
    }

    pub(super) fn serialize<T: Clone + Serialize, S: Serializer>(
        probed: &Probed<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match probed.clone() {
            Ok(answer) => Outcome::Answered(answer),
            Err(NoAnswer::TimedOut) => Outcome::TimedOut,
            Err(NoAnswer::Failed(reason)) => Outcome::Failed(reason),
        }
        .serialize(serializer)
    }

    pub(super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Probed<T>, D::Error> {
        Ok(match Outcome::deserialize(deserializer)? {
            Outcome::Answered(answer) => Ok(answer),
            Outcome::TimedOut => Err(NoAnswer::TimedOut),
            Outcome::Failed(reason) => Err(NoAnswer::Failed(reason)),
        })
    }
}

/// A time in whole milliseconds.
mod whole_ms {
    use super::{Deserialize, Duration, Serialize};

    pub(super) fn serialize<S: serde::Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        u64::try_from(time.as_millis()).unwrap_or(u64::MAX).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_millis)
    }
}

/// What the requests to an address have shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegistryProbe {
    /// A request whose answer the page may not read (`mode: "no-cors"`): whether anything at all answers there.
    #[serde(with = "outcome")]
    pub opaque: Probed<()>,
    /// A simple request, which needs the server's permission only to be read (`Access-Control-Allow-Origin`).
    #[serde(with = "outcome")]
    pub simple_cors: Probed<ProbeAnswer>,
    /// A request with all [`CLIENT_HEADERS`], for which the browser first asks permission (a preflight) at another origin.
    #[serde(with = "outcome")]
    pub preflighted: Probed<ProbeAnswer>,
    /// Those of the [`CLIENT_HEADERS`] that failed one by one, if all of them together did.
    pub refused_headers: Vec<String>,
    /// Whether the page came over https and the address is http, which browsers block (mixed content) except for the device itself.
    pub mixed_content: bool,
}

/// What is at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// A Registry that this page can use.
    Registry,
    /// Nothing answers.
    Unreachable {
        /// Whether that took long: packets are dropped on the way, rather than refused.
        timed_out: bool,
    },
    /// The browser does not send the requests of an https page to an http address.
    MixedContent,
    /// Something answers, but does not allow this page's origin to read it.
    OriginRefused,
    /// A Registry or another server that allows the origin, but not these headers.
    HeadersRefused(Vec<String>),
    /// Something answers that is no Registry, with this status.
    NoRegistry(u16),
}

impl RegistryProbe {
    /// What is at the address.
    pub fn reach(&self) -> Reach {
        match (&self.preflighted, &self.simple_cors, &self.opaque) {
            (Ok(answer), ..) | (Err(_), Ok(answer), _) if !answer.of_a_registry => Reach::NoRegistry(answer.status),
            (Ok(_), ..) => Reach::Registry,
            (Err(_), Ok(_), _) => Reach::HeadersRefused(self.refused_headers.clone()),
            (Err(_), Err(_), Ok(())) => Reach::OriginRefused,
            (Err(_), Err(_), Err(_)) if self.mixed_content => Reach::MixedContent,
            (Err(_), Err(_), Err(why)) => Reach::Unreachable { timed_out: *why == NoAnswer::TimedOut },
        }
    }

    /// The answer that could be read, if there is one.
    pub fn answer(&self) -> Option<&ProbeAnswer> {
        self.simple_cors.as_ref().or(self.preflighted.as_ref()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed<T>() -> Probed<T> {
        Err(NoAnswer::Failed("TypeError: Failed to fetch".into()))
    }

    fn answered(of_a_registry: bool) -> Probed<ProbeAnswer> {
        Ok(ProbeAnswer { status: 404, of_a_registry, ..ProbeAnswer::default() })
    }

    fn probe(opaque: Probed<()>, simple: Probed<ProbeAnswer>, preflighted: Probed<ProbeAnswer>) -> RegistryProbe {
        let (refused_headers, mixed_content) = (Vec::new(), false);
        RegistryProbe { opaque, simple_cors: simple, preflighted, refused_headers, mixed_content }
    }

    #[test]
    fn what_gets_through_tells_what_is_there() {
        assert_eq!(probe(Ok(()), answered(true), answered(true)).reach(), Reach::Registry);
        assert_eq!(probe(Ok(()), failed(), failed()).reach(), Reach::OriginRefused);
        assert_eq!(probe(failed(), failed(), failed()).reach(), Reach::Unreachable { timed_out: false });
        let slow = probe(Err(NoAnswer::TimedOut), failed(), failed());
        assert_eq!(slow.reach(), Reach::Unreachable { timed_out: true });
        let refused =
            RegistryProbe { refused_headers: vec![TOKEN_HEADER.into()], ..probe(Ok(()), answered(true), failed()) };
        assert_eq!(refused.reach(), Reach::HeadersRefused(vec![TOKEN_HEADER.into()]));
    }

    #[test]
    fn another_server_is_none_whatever_it_allows() {
        assert_eq!(probe(Ok(()), answered(false), answered(false)).reach(), Reach::NoRegistry(404));
        assert_eq!(probe(Ok(()), answered(false), failed()).reach(), Reach::NoRegistry(404));
    }

    #[test]
    fn mixed_content_counts_only_where_it_was_blocked() {
        let local = RegistryProbe { mixed_content: true, ..probe(Ok(()), answered(true), answered(true)) };
        assert_eq!(local.reach(), Reach::Registry);
        let blocked = RegistryProbe { mixed_content: true, ..probe(failed(), failed(), failed()) };
        assert_eq!(blocked.reach(), Reach::MixedContent);
    }

    #[test]
    fn an_answer_that_cannot_be_read_without_the_opaque_one_is_still_an_answer() {
        assert_eq!(probe(failed(), answered(true), answered(true)).reach(), Reach::Registry);
    }

    #[test]
    fn only_an_error_envelope_is_a_registrys() {
        assert!(ProbeAnswer::is_envelope(r#"{"error":{"code":"not_found","message":"no","retryable":false}}"#));
        for other in ["", "<!doctype html>", "{}", r#"{"error":"not found"}"#, "[]"] {
            assert!(!ProbeAnswer::is_envelope(other), "{other}");
        }
    }

    #[test]
    fn the_clock_is_compared_with_what_is_uncertain_about_it() {
        let answer = ProbeAnswer {
            date: Some(EpochMs(1_000_000)),
            received: EpochMs(1_600_600),
            took: Duration::from_millis(200),
            ..ProbeAnswer::default()
        };
        assert_eq!(answer.clock_ahead_ms(), Some((600_000.0, 600.0)));
        assert_eq!(ProbeAnswer::default().clock_ahead_ms(), None);
    }
}
