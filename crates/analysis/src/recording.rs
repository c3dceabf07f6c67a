//! Traces as files: one JSON object, described in `docs/DEBUGGING.md`.
//!
//! No secret is in a trace, so none is in a file. Addresses and the texts of messages are only written if that was asked for;
//! otherwise others stand for them, and the file says so.

mod addresses;
mod redaction;

use std::rc::Rc;

use registry_client::json::{self, Json, Malformed};
use registry_client::{Role, TraceEvent};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Sample, Track};

pub(crate) use addresses::without_addresses;
pub use redaction::{Redacted, Redaction};

/// What every file says it is.
const FORMAT: &str = "registry-harness-trace";
/// The version that is written, and the newest that is understood.
pub const VERSION: u32 = 1;

/// A trace as it is written to a file and read from one.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// The program that made it, with its version.
    pub made_by: String,
    /// When it was made, in milliseconds since the Unix epoch.
    pub made_at: f64,
    /// What others stand for.
    pub redacted: Vec<Redacted>,
    /// What was recorded, of one peer or of both.
    pub tracks: Vec<Track>,
}

/// Why a file cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RecordingError {
    /// It is not JSON at all.
    #[error("this file is not JSON, or not all of it: choose one that the harness has saved as a trace")]
    NotJson,
    /// It is JSON of something else.
    #[error("this file is no trace of the harness: choose one that the harness has saved as a trace")]
    NotATrace,
    /// It was made by a later version.
    #[error(
        "this trace has version {0}, and this page understands versions up to {VERSION}: open it with a newer harness"
    )]
    TooNew(u32),
    /// Something in it is missing or of the wrong kind.
    #[error("this trace is damaged: {0}")]
    Damaged(String),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    format: String,
    version: u32,
    made_by: String,
    made_at: f64,
    redacted: Vec<Redacted>,
    tracks: Vec<FileTrack>,
}

#[derive(Serialize, Deserialize)]
struct FileTrack {
    /// For people and other programs; the events say it, too.
    role: Option<Role>,
    #[serde(with = "shared")]
    events: Vec<Rc<TraceEvent>>,
    #[serde(default)]
    samples: Vec<FileSample>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileSample {
    at_ms: f64,
    entries: Json,
}

/// Events that are shared in memory.
mod shared {
    use std::rc::Rc;

    use registry_client::TraceEvent;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(events: &[Rc<TraceEvent>], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(events.iter().map(|entry| &**entry))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Rc<TraceEvent>>, D::Error> {
        Ok(Vec::<TraceEvent>::deserialize(deserializer)?.into_iter().map(Rc::new).collect())
    }
}

/// What every version has.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

impl Recording {
    /// Writes it without what is to be redacted.
    pub fn write(&self, redaction: Redaction) -> Json {
        let redacted = Redacted::of(redaction).into_iter().chain(self.redacted.iter().copied());
        let mut file = File {
            format: FORMAT.to_owned(),
            version: VERSION,
            made_by: self.made_by.clone(),
            made_at: self.made_at,
            redacted: redacted.collect(),
            tracks: self.tracks.iter().map(|track| FileTrack::of(track, redaction)).collect(),
        };
        file.redacted.dedup();
        let written = Json::of(&file);
        if redaction.addresses { without_addresses(&written) } else { written }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`RecordingError`]
    pub fn read(text: &str) -> Result<Self, RecordingError> {
        let head: Head = json::read(text).map_err(|malformed| match malformed {
            Malformed::NotJson => RecordingError::NotJson,
            _ => RecordingError::NotATrace,
        })?;
        if head.format != FORMAT {
            return Err(RecordingError::NotATrace);
        }
        if head.version > VERSION {
            return Err(RecordingError::TooNew(head.version));
        }
        // serde's own words say which event is damaged; a file that somebody has chosen to open is no secret from them.
        let file: File = serde_json::from_str(text).map_err(|error| RecordingError::Damaged(error.to_string()))?;
        let File { made_by, made_at, redacted, tracks, .. } = file;
        Ok(Self { made_by, made_at, redacted, tracks: tracks.into_iter().map(Track::from).collect() })
    }
}

impl FileTrack {
    fn of(track: &Track, redaction: Redaction) -> Self {
        let events = track.events.iter().map(|entry| redaction.applied(entry)).collect();
        let samples = track
            .samples
            .iter()
            .map(|Sample { at_ms, entries, .. }| FileSample { at_ms: *at_ms, entries: entries.clone() });
        Self { role: track.role(), events, samples: samples.collect() }
    }
}

impl From<FileTrack> for Track {
    fn from(FileTrack { events, samples, .. }: FileTrack) -> Self {
        let samples = samples.into_iter().map(|FileSample { at_ms, entries }| Sample::new(at_ms, entries));
        Self { events, samples: samples.collect() }
    }
}

#[cfg(test)]
mod tests;
