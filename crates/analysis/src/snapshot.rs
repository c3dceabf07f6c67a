//! Everything that counts at one moment, for scripts and for reports.

use registry_client::event::CandidateStep;
use registry_client::interfaces::webrtc::CandidatePair;
use registry_client::protocol::{EpochMs, IceCandidate, RoomCode};
use registry_client::types::rtc::RtcStates;
use registry_client::{ConnectionState, Event, Role};
use serde::Serialize;

use crate::Track;
use crate::inspection::{Outcome, inspect};

/// The version of the JSON of a snapshot.
pub const VERSION: u32 = 1;

/// Everything that counts at one moment of the latest session.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// [`VERSION`]
    pub version: u32,
    /// The number of the latest event.
    pub seq: u64,
    /// The state.
    pub state: ConnectionState,
    /// The role, once there is one.
    pub role: Option<Role>,
    /// The room, once there is one.
    pub room: Option<Room>,
    /// The states of the peer connection and its channel.
    pub rtc: RtcStates,
    /// The selected pair.
    pub pair: Option<CandidatePair>,
    /// Whether that is relayed.
    pub relayed: Option<bool>,
    /// How many candidates there are, by side and type.
    pub candidates: Candidates,
    /// Calls of the Registry.
    pub calls: Calls,
    /// Messages.
    pub messages: Messages,
    /// The last error in this session.
    pub error: Option<LastError>,
}

/// The room as the Registry has shown it last.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Room {
    /// Its code.
    pub code: RoomCode,
    /// Its status, once it was read.
    pub status: Option<String>,
    /// Whether it has an offer.
    pub offer: bool,
    /// Whether it has an answer.
    pub answer: bool,
    /// When it expires, by the Registry's clock.
    pub expires_at: EpochMs,
}

/// How many candidates there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Candidates {
    /// Of this side.
    pub local: Types,
    /// Of the peer.
    pub remote: Types,
}

/// How many candidates of each type there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Types {
    /// Of this side's interfaces.
    pub host: u32,
    /// Found by STUN.
    pub srflx: u32,
    /// Of a TURN server.
    pub relay: u32,
}

/// Calls of the Registry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Calls {
    /// All of them.
    pub made: usize,
    /// Those that are on their way or wait.
    pub pending: usize,
    /// Those that failed or were refused.
    pub failed: usize,
}

/// Messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Messages {
    /// Handed to the data channel.
    pub sent: usize,
    /// Received.
    pub received: usize,
    /// Dropped.
    pub undelivered: usize,
}

/// An error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LastError {
    /// Its code.
    pub code: String,
    /// Its message.
    pub message: String,
}

/// Takes a snapshot of the latest session of a track, whose last event is the present.
pub fn snapshot(track: &Track) -> Snapshot {
    let now_ms = track.events.last().map_or(0.0, |entry| entry.at_ms);
    let seen = inspect(track, now_ms);
    let room = seen.room.map(|room| Room {
        code: room.code,
        status: room.status,
        offer: room.offer,
        answer: room.answer,
        expires_at: room.expires_at,
    });
    let count = |is: fn(&Outcome) -> bool| seen.calls.iter().filter(|call| is(&call.outcome)).count();
    let calls = Calls {
        made: seen.calls.len(),
        pending: count(|outcome| *outcome == Outcome::Pending),
        failed: count(Outcome::is_bad),
    };
    let seq = track.events.last().map_or(0, |entry| entry.seq);
    let mut taken = Snapshot { version: VERSION, seq, role: track.role(), room, calls, ..Snapshot::default() };
    for entry in track.session() {
        taken.take(&entry.event);
    }
    taken
}

impl Snapshot {
    fn take(&mut self, event: &Event) {
        match event {
            Event::State { to, .. } => {
                self.state = *to;
                if *to == ConnectionState::Idle {
                    (self.rtc, self.pair, self.relayed) = (RtcStates::default(), None, None);
                    (self.room, self.candidates) = (None, Candidates::default());
                }
            }
            Event::ConnectionState(state) => self.rtc.connection_state = Some(*state),
            Event::IceConnectionState(state) => self.rtc.ice_connection_state = Some(*state),
            Event::IceGatheringState(state) => self.rtc.ice_gathering_state = Some(*state),
            Event::SignalingState(state) => self.rtc.signaling_state = Some(*state),
            Event::DataChannel(state) => self.rtc.data_channel_state = Some(*state),
            Event::SelectedPair(pair) => {
                (self.relayed, self.pair) = (Some(pair.relayed()), Some(pair.clone()));
            }
            Event::LocalCandidate { step: CandidateStep::Gathered, candidate: Some(found), .. } => {
                self.candidates.local.add(found);
            }
            Event::RemoteCandidate { step: CandidateStep::Received, candidate: Some(found), .. } => {
                self.candidates.remote.add(found);
            }
            Event::Message { .. } => self.messages.received += 1,
            Event::MessageSent { .. } => self.messages.sent += 1,
            Event::MessageDropped { .. } => self.messages.undelivered += 1,
            Event::Failure(error) => {
                self.error = Some(LastError { code: error.kind.code().to_owned(), message: error.to_string() });
            }
            _ => {}
        }
    }
}

impl Types {
    fn add(&mut self, candidate: &IceCandidate) {
        let mut words = candidate.candidate.split_ascii_whitespace().skip_while(|word| *word != "typ");
        match words.nth(1) {
            Some("host") => self.host += 1,
            Some("srflx") => self.srflx += 1,
            Some("relay") => self.relay += 1,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use registry_client::json::Json;
    use registry_client::testing::Pair;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_snapshot_says_what_counts_and_no_secret() {
        let mut pair = Pair::connected();
        pair.host.send_message(json!("hello")).unwrap();
        pair.world.run_for(Duration::from_secs(1));
        let taken = snapshot(&Track::new(pair.host.trace().events()));
        assert_eq!((taken.state, taken.role), (ConnectionState::Connected, Some(Role::Host)));
        assert_eq!((taken.messages.sent, taken.calls.failed, &taken.error), (1, 0, &None));
        assert!(taken.candidates.local.host > 0 && taken.candidates.remote.host > 0, "{taken:?}");
        let room = pair.host.room_info().unwrap();
        let text = Json::of(&taken);
        assert!(text.as_str().contains(room.code.as_str()));
        assert!(!text.as_str().contains(room.join_code.unwrap().as_str()));
        let closed = pair.host.close_room();
        pair.world.block_on(Duration::from_secs(10), closed).unwrap();
        let taken = snapshot(&Track::new(pair.host.trace().events()));
        assert_eq!((taken.state, &taken.room, taken.pair), (ConnectionState::Idle, &None, None));
    }
}
