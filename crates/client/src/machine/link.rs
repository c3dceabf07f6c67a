use std::time::Duration;

use crate::durable::Greeting;
use crate::interfaces::webrtc::{CandidatePair, DataChannelState, PeerConnectionState, RtcStates};

/// One peer connection as the machine knows it. An ICE restart keeps it; rebuilding makes another.
#[derive(Debug, Default)]
pub(super) struct Link {
    /// The attempt that made it, by which its events are known; `None` without a peer connection.
    pub(super) number: Option<u32>,
    /// What it said last about itself.
    pub(super) rtc: RtcStates,
    /// What is known of the other side.
    pub(super) greeting: Greeting,
    /// Whether the other side is known to have been greeted: it has said something that it says to a durable peer only.
    pub(super) greeted_back: bool,
    /// The pair of candidates that was selected last.
    pub(super) pair: Option<CandidatePair>,
    /// Whether the control channel is open.
    pub(super) control_open: bool,
    /// Who the other side's peer connection is, by its SDP.
    pub(super) remote_origin: Option<String>,
    /// The browser has refused a message; what waits is not offered again before something changes.
    pub(super) refuses: bool,
    /// When the other side was heard last on the control channel.
    pub(super) heard: Option<Duration>,
    /// When it was asked whether it is there, if it has not answered yet.
    pub(super) asked: Option<Duration>,
    /// When the next look at it is due: one that comes much later says nothing.
    pub(super) look_at: Duration,
}

impl Link {
    /// Whether the other side has greeted and can still be heard, as far as is known.
    pub(super) fn is_durable(&self) -> bool {
        self.greeting == Greeting::Durable
    }

    /// Whether there is a peer connection whose application channel is open.
    pub(super) fn is_open(&self) -> bool {
        self.number.is_some() && self.rtc.data_channel_state == Some(DataChannelState::Open)
    }

    /// Whether the browser says that the path works.
    pub(super) fn is_connected(&self) -> bool {
        self.rtc.connection_state.is_none_or(|state| state == PeerConnectionState::Connected)
    }

    /// Whether the other side was heard at `now` or within `span` before.
    pub(super) fn heard_within(&self, span: Duration, now: Duration) -> bool {
        self.heard.is_some_and(|heard| heard + span >= now)
    }
}

/// What tells one peer connection from another: user and number of the session in the `o=` line of its SDP.
pub(super) fn origin(sdp: &str) -> Option<String> {
    let mut words = sdp.split_ascii_whitespace().skip_while(|word| !word.starts_with("o="));
    Some([words.next()?, words.next()?].join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_the_same_after_a_restart_and_another_for_another_connection() {
        let sdp = |id, version| format!("v=0\r\no=- {id} {version} IN IP4 127.0.0.1\r\ns=-\r\n");
        assert_eq!(origin(&sdp(7, 2)), origin(&sdp(7, 3)));
        assert_ne!(origin(&sdp(7, 2)), origin(&sdp(8, 2)));
        assert_eq!(origin("v=0"), None);
    }
}
