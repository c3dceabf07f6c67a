//! The outcome as JSON, to be attached to a report of a problem.

use std::time::Duration;

use registry_client::json::Json;
use registry_client::types::candidate_line::Place;
use serde::Serialize;

use super::{Check, Line, Verdict};

/// The name and version of the format.
const FORMAT: &str = "registry-harness-check";
const VERSION: u32 = 1;

/// Where and when a check ran.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Circumstances {
    /// When, in ISO 8601.
    pub at: String,
    /// The browser, as it names itself.
    pub browser: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    format: &'static str,
    version: u32,
    #[serde(flatten)]
    circumstances: &'a Circumstances,
    /// The origin of the page.
    page: &'a str,
    registry: &'a str,
    /// Whether addresses are `masked` or `shown`.
    addresses: &'static str,
    verdict: Verdict,
    summary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    took_ms: Option<u64>,
    checks: Vec<Entry<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    id: &'a str,
    title: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    subject: &'a str,
    verdict: Verdict,
    cause: &'static str,
    words: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    advice: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    took_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
}

impl Check {
    /// The report. It has no passwords and no user names, and addresses that servers have seen are masked unless they are asked
    /// for.
    pub fn report(&self, circumstances: &Circumstances, with_addresses: bool) -> Json {
        let lines = self.lines();
        let entry = |line| entry(line, with_addresses);
        Json::of(&Report {
            format: FORMAT,
            version: VERSION,
            circumstances,
            page: &self.plan.origin,
            registry: &self.plan.registry,
            addresses: if with_addresses { "shown" } else { "masked" },
            verdict: self.verdict(),
            summary: self.summary(),
            took_ms: self.over.map(ms),
            checks: lines.iter().map(entry).collect(),
        })
    }
}

fn entry(line: &Line, with_addresses: bool) -> Entry<'_> {
    Entry {
        id: &line.id,
        title: line.title,
        subject: &line.subject,
        verdict: line.verdict,
        cause: line.cause,
        words: &line.words,
        advice: &line.advice,
        took_ms: line.took.map(ms),
        address: line.address.as_ref().map(|place| if with_addresses { place.to_string() } else { masked(place) }),
    }
}

fn ms(time: Duration) -> u64 {
    time.as_millis() as u64
}

/// An address without what tells whose it is: `198.x.x.x:5000`, `[2001:x]:5000`.
pub fn masked(place: &Place) -> String {
    let Place { address, port } = place;
    match (address.split_once('.'), address.split_once(':')) {
        (_, Some((first, _))) => format!("[{first}:x]:{port}"),
        (Some((_, "local")), _) | (None, None) => format!("x:{port}"),
        (Some((first, _)), None) => format!("{first}.x.x.x:{port}"),
    }
}
