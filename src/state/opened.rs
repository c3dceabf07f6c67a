//! A trace that was opened from a file, looked at in place of the live one.

use std::rc::Rc;

use registry_analysis::recording::{Recording, RecordingError};
use registry_analysis::{Track, Tracks};

use super::log::merged;
use super::{History, LOG_CAPACITY, LogEntry};

/// A trace that was opened from a file. Cheap to clone and to compare.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Name of the file.
    pub name: Rc<str>,
    /// The trace.
    pub recording: Rc<Recording>,
    /// Up to when it is looked at, in milliseconds since its beginning.
    pub until_ms: f64,
}

impl PartialEq for Opened {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.recording, &other.recording) && self.until_ms == other.until_ms
    }
}

impl Opened {
    /// Reads a file.
    ///
    /// # Errors
    /// [`RecordingError`]
    pub fn read(name: &str, text: &str) -> Result<Self, RecordingError> {
        let recording = Rc::new(Recording::read(text)?);
        let opened = Self { name: name.into(), recording, until_ms: 0.0 };
        let until_ms = opened.length_ms();
        Ok(Self { until_ms, ..opened })
    }

    fn times(&self) -> impl Iterator<Item = f64> {
        self.recording.tracks.iter().flat_map(|track| track.events.iter().map(|entry| entry.at_ms))
    }

    fn began_ms(&self) -> f64 {
        self.times().reduce(f64::min).unwrap_or_default()
    }

    /// How long it is, in milliseconds.
    pub fn length_ms(&self) -> f64 {
        self.times().reduce(f64::max).unwrap_or_default() - self.began_ms()
    }

    /// The same trace, looked at up to another moment.
    #[must_use]
    pub fn until(&self, until_ms: f64) -> Self {
        Self { until_ms: until_ms.clamp(0.0, self.length_ms()), ..self.clone() }
    }

    /// The moment up to which it is looked at, by the clock of its events in milliseconds.
    pub fn now_ms(&self) -> f64 {
        self.began_ms() + self.until_ms
    }

    /// The tracks up to the moment.
    pub fn tracks(&self) -> Tracks {
        let now_ms = self.now_ms();
        let cut = |track: &Track| Track {
            events: track.events.iter().filter(|entry| entry.at_ms <= now_ms).cloned().collect(),
            samples: track.samples.iter().filter(|sample| sample.at_ms <= now_ms).cloned().collect(),
        };
        Tracks::new(self.recording.tracks.iter().map(cut).collect::<Vec<_>>())
    }

    /// The timeline up to the moment.
    pub fn log(&self) -> History<Rc<LogEntry>> {
        let tracks = self.tracks();
        let several = tracks.len() > 1;
        let logs = tracks.iter().map(|track| {
            let mut log = History::new(LOG_CAPACITY);
            let peer = track.role().filter(|_| several);
            track.events.iter().for_each(|entry| log.push(Rc::new(LogEntry::new(entry, peer))));
            log
        });
        logs.reduce(|one, other| merged(&one, &other)).unwrap_or_else(|| History::new(LOG_CAPACITY))
    }
}

#[cfg(test)]
mod tests {
    use registry_analysis::recording::Redaction;
    use registry_client::{Event, Role, TraceEvent};

    use super::*;

    fn opened() -> Opened {
        let track = |role, times: &[f64]| {
            let room = Event::Room {
                code: registry_client::protocol::RoomCode::parse("ACDE2345").unwrap(),
                role,
                host_user_name: None,
                expires_at: registry_client::protocol::EpochMs(0),
            };
            let events = times.iter().zip(1..).map(|(at_ms, seq)| {
                let event = if seq == 1 { room.clone() } else { Event::CleanupStarted };
                Rc::new(TraceEvent { seq, at_ms: *at_ms, epoch_ms: 0.0, event })
            });
            Track::new(events.collect())
        };
        let tracks = vec![track(Role::Host, &[100.0, 250.0, 400.0]), track(Role::Guest, &[120.0, 260.0])];
        let recording = Recording { made_by: "test".into(), made_at: 0.0, redacted: Vec::new(), tracks };
        Opened::read("trace.json", recording.write(Redaction::default()).as_str()).unwrap()
    }

    #[test]
    fn it_is_shown_whole_at_first_and_then_up_to_a_moment() {
        let opened = opened();
        assert_eq!((opened.length_ms(), opened.until_ms, opened.log().len()), (300.0, 300.0, 5));
        let earlier = opened.until(155.0);
        assert_eq!(earlier.now_ms(), 255.0);
        assert_eq!(earlier.tracks().iter().map(|track| track.events.len()).collect::<Vec<_>>(), [2, 1]);
        let peers: Vec<_> = earlier.log().all().iter().map(|entry| entry.peer).collect();
        assert_eq!(peers, [Some(Role::Host), Some(Role::Guest), Some(Role::Host)]);
        assert_eq!(opened.until(-5.0).log().len(), 1);
        assert_eq!(opened.until(9e9).until_ms, 300.0);
    }

    #[test]
    fn an_empty_trace_is_shown_as_such() {
        let recording = Recording { made_by: "test".into(), made_at: 0.0, redacted: Vec::new(), tracks: Vec::new() };
        let opened = Opened::read("empty.json", recording.write(Redaction::default()).as_str()).unwrap();
        assert_eq!((opened.length_ms(), opened.log().len(), opened.tracks().len()), (0.0, 0, 0));
    }
}
