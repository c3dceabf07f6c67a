//! When to take a sample of the statistics, and which of them to keep.

use registry_analysis::Sample;
use registry_client::event::Timer;
use registry_client::interfaces::webrtc::{IceConnectionState, PeerConnectionState};
use registry_client::{ConnectionState, Event};

/// Milliseconds between samples while ICE checks pairs.
const CHECKING_MS: u32 = 250;
/// Milliseconds between samples otherwise.
const STEADY_MS: u32 = 1000;

/// What is to be done after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing has changed.
    Nothing,
    /// Samples are due at another interval; the next one within it.
    Pace(u32),
    /// It has failed, and the peer connection may be closed next: the last moment to ask for its statistics.
    Last,
    /// There is nothing to sample any more.
    Stop,
}

/// How often the statistics are sampled: four times a second while ICE checks pairs, once a second while a peer connection
/// lives, and once when it has failed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sampling {
    interval_ms: Option<u32>,
    failed: bool,
}

impl Sampling {
    /// Milliseconds between samples; `None` while there is nothing to sample.
    pub fn interval_ms(&self) -> Option<u32> {
        self.interval_ms
    }

    /// There was no peer connection to sample.
    pub fn stop(&mut self) {
        self.interval_ms = None;
    }

    /// What to do after this event.
    pub fn after(&mut self, event: &Event) -> Step {
        match event {
            Event::IceConnectionState(IceConnectionState::Failed)
            | Event::ConnectionState(PeerConnectionState::Failed)
            | Event::Timer(Timer::Connection)
            | Event::State { to: ConnectionState::Error, .. } => self.fail(event),
            Event::State { to: ConnectionState::Idle, .. } => self.end(),
            Event::IceConnectionState(IceConnectionState::Closed)
            | Event::ConnectionState(PeerConnectionState::Closed) => Step::Nothing,
            Event::IceConnectionState(IceConnectionState::Checking) => self.pace(CHECKING_MS),
            Event::IceConnectionState(_) => self.pace(STEADY_MS),
            // The first sign of a peer connection.
            Event::IceGatheringState(_) | Event::SignalingState(_) if self.interval_ms.is_none() => {
                self.pace(STEADY_MS)
            }
            _ => Step::Nothing,
        }
    }

    fn pace(&mut self, interval_ms: u32) -> Step {
        self.failed = false;
        if self.interval_ms.replace(interval_ms) == Some(interval_ms) { Step::Nothing } else { Step::Pace(interval_ms) }
    }

    /// One failure is reported in several ways.
    fn fail(&mut self, event: &Event) -> Step {
        let (lived, known) = (self.interval_ms.is_some(), std::mem::replace(&mut self.failed, true));
        if matches!(event, Event::State { .. }) {
            self.interval_ms = None;
        }
        if lived && !known { Step::Last } else { Step::Nothing }
    }

    fn end(&mut self) -> Step {
        *self = Self::default();
        Step::Stop
    }
}

/// For so many milliseconds, samples that say the same are kept only once.
const SAME_MS: f64 = 10_000.0;

/// Chooses the samples that are worth keeping: a host may wait for hours for its guest, and nothing changes meanwhile.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    kept: Option<Sample>,
    /// The latest that said the same as the one that was kept.
    same: Option<Sample>,
}

impl Choice {
    /// What to keep after this sample, oldest first; `changed` says whether its pairs are others than before. Before one that
    /// says something new comes the last one that did not, so that the change has its time.
    pub fn after(&mut self, sample: Sample, changed: bool) -> Vec<Sample> {
        let says_the_same =
            |kept: &Sample| !changed && kept.readings() == sample.readings() && sample.at_ms - kept.at_ms < SAME_MS;
        if self.kept.as_ref().is_some_and(says_the_same) {
            self.same = Some(sample);
            return Vec::new();
        }
        self.kept = Some(sample.clone());
        self.same.take().into_iter().chain([sample]).collect()
    }
}

#[cfg(test)]
mod tests {
    use registry_client::interfaces::webrtc::{IceGatheringState, SignalingState};
    use registry_client::json::Json;

    use super::*;

    fn ice(state: IceConnectionState) -> Event {
        Event::IceConnectionState(state)
    }

    fn state(to: ConnectionState) -> Event {
        Event::State { from: ConnectionState::Connecting, to, reason: None }
    }

    fn steps<const N: usize>(sampling: &mut Sampling, events: [Event; N]) -> [Step; N] {
        events.map(|event| sampling.after(&event))
    }

    #[test]
    fn checking_is_sampled_often_and_what_lives_once_a_second() {
        let mut sampling = Sampling::default();
        let events = [
            state(ConnectionState::Connecting),
            Event::SignalingState(SignalingState::HaveLocalOffer),
            Event::IceGatheringState(IceGatheringState::Gathering),
            ice(IceConnectionState::Checking),
            Event::IceGatheringState(IceGatheringState::Complete),
            ice(IceConnectionState::Connected),
            ice(IceConnectionState::Completed),
            state(ConnectionState::Connected),
            ice(IceConnectionState::Disconnected),
            ice(IceConnectionState::Checking),
            state(ConnectionState::Idle),
        ];
        let (nothing, steady, often) = (Step::Nothing, Step::Pace(STEADY_MS), Step::Pace(CHECKING_MS));
        let expected = [nothing, steady, nothing, often, nothing, steady, nothing, nothing, nothing, often, Step::Stop];
        assert_eq!(steps(&mut sampling, events), expected);
        assert_eq!(sampling.interval_ms(), None);
    }

    #[test]
    fn a_failure_is_sampled_once_however_it_is_reported() {
        let failures = || {
            [
                ice(IceConnectionState::Checking),
                ice(IceConnectionState::Failed),
                Event::ConnectionState(PeerConnectionState::Failed),
                state(ConnectionState::Error),
            ]
        };
        let mut sampling = Sampling::default();
        for _ in 0..2 {
            let expected = [Step::Pace(CHECKING_MS), Step::Last, Step::Nothing, Step::Nothing];
            assert_eq!(steps(&mut sampling, failures()), expected);
            assert_eq!(sampling.interval_ms(), None);
        }
        // DTLS: ICE is connected meanwhile.
        let dtls = [ice(IceConnectionState::Connected), Event::ConnectionState(PeerConnectionState::Failed)];
        assert_eq!(steps(&mut sampling, dtls), [Step::Pace(STEADY_MS), Step::Last]);
        assert_eq!(sampling.interval_ms(), Some(STEADY_MS), "a lost connection may be restarted");
    }

    #[test]
    fn without_a_peer_connection_nothing_is_sampled() {
        let mut sampling = Sampling::default();
        assert_eq!(steps(&mut sampling, [state(ConnectionState::Error), Event::CleanupStarted]), [Step::Nothing; 2]);
        let gathering = || Event::IceGatheringState(IceGatheringState::Gathering);
        assert_eq!(sampling.after(&gathering()), Step::Pace(STEADY_MS));
        sampling.stop();
        assert_eq!(sampling.after(&gathering()), Step::Pace(STEADY_MS));
    }

    #[test]
    fn samples_that_say_the_same_are_kept_now_and_then_and_a_change_keeps_its_time() {
        let mut choice = Choice::default();
        let mut kept = |second: u32, bytes: u32, changed: bool| -> Vec<f64> {
            let entries = format!(r#"[{{"type":"transport","bytesSent":{bytes}}}]"#);
            let sample = Sample::new(f64::from(second) * 1000.0, Json::from_text(entries));
            choice.after(sample, changed).iter().map(|sample| sample.at_ms / 1000.0).collect()
        };
        assert_eq!(kept(0, 0, false), [0.0]);
        for second in 1..10 {
            assert_eq!(kept(second, 0, false), [0.0; 0]);
        }
        assert_eq!(kept(10, 0, false), [9.0, 10.0]);
        assert_eq!(kept(11, 0, false), [0.0; 0]);
        assert_eq!(kept(12, 0, false), [0.0; 0]);
        assert_eq!(kept(13, 5, false), [12.0, 13.0]);
        assert_eq!(kept(14, 6, false), [14.0]);
        assert_eq!(kept(15, 6, true), [15.0], "other pairs");
    }
}
