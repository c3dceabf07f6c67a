use registry_client::Event;
use registry_client::types::pair::CheckedPair;
use registry_client::types::rtc::{DataChannelState, IceConnectionState, PeerConnectionState};

use super::{At, Seen};

/// The peer connection and its data channel.
#[derive(Default)]
pub(in crate::diagnosis) struct Connection<'a> {
    pub(in crate::diagnosis) ice: Option<Seen<IceConnectionState>>,
    /// When ICE has connected for the first time.
    pub(in crate::diagnosis) ice_connected: Option<At>,
    /// When ICE has begun to check.
    pub(in crate::diagnosis) checking: Option<At>,
    pub(in crate::diagnosis) state: Option<Seen<PeerConnectionState>>,
    pub(in crate::diagnosis) channel: Option<Seen<DataChannelState>>,
    pub(in crate::diagnosis) channel_error: Option<Seen<&'a str>>,
    /// The pairs of candidates, as they were last.
    pub(in crate::diagnosis) pairs: Option<Seen<&'a [CheckedPair]>>,
    /// The peer speaks this version of the control channel's protocol.
    pub(in crate::diagnosis) version: Option<Seen<u32>>,
}

impl<'a> Connection<'a> {
    pub(super) fn see(&mut self, at: At, event: &'a Event) {
        match event {
            Event::IceConnectionState(state) => {
                self.ice = Some(Seen { at, what: *state });
                match state {
                    IceConnectionState::Checking => self.checking = Some(at),
                    IceConnectionState::Connected | IceConnectionState::Completed => {
                        self.ice_connected.get_or_insert(at);
                    }
                    _ => {}
                }
            }
            Event::ConnectionState(state) => self.state = Some(Seen { at, what: *state }),
            Event::DataChannel(state) => self.channel = Some(Seen { at, what: *state }),
            Event::DataChannelError { reason } => self.channel_error = Some(Seen { at, what: reason }),
            Event::Pairs { pairs } => self.pairs = Some(Seen { at, what: pairs }),
            Event::PeerVersion { version } => self.version = Some(Seen { at, what: *version }),
            _ => {}
        }
    }

    /// Whether ICE works.
    pub(in crate::diagnosis) fn ice_works(&self) -> bool {
        matches!(self.ice.map(|ice| ice.what), Some(IceConnectionState::Connected | IceConnectionState::Completed))
    }

    /// Whether the data channel has opened.
    pub(in crate::diagnosis) fn has_channel(&self) -> bool {
        self.channel.is_some_and(|channel| channel.what == DataChannelState::Open)
    }
}
