use registry_client::ConnectionState;

use super::At;

/// The client's states.
#[derive(Default)]
pub(in crate::diagnosis) struct States<'a> {
    pub(in crate::diagnosis) now: ConnectionState,
    /// When the handshake began.
    pub(in crate::diagnosis) started: Option<At>,
    /// When there was a connection for the first time.
    pub(in crate::diagnosis) connected: Option<At>,
    /// Since when the connection is lost, and why, in the client's words.
    pub(in crate::diagnosis) lost: Option<At>,
    pub(in crate::diagnosis) lost_reason: Option<&'a str>,
    /// An attempt to have it back has begun.
    pub(in crate::diagnosis) recovering: bool,
    /// When the client failed.
    pub(in crate::diagnosis) failed: Option<At>,
    /// When the room was closed on this side.
    pub(in crate::diagnosis) ended: Option<At>,
}

impl<'a> States<'a> {
    /// The state has changed. Returns whether a handshake begins.
    pub(super) fn see(&mut self, at: At, from: ConnectionState, to: ConnectionState, reason: Option<&'a str>) -> bool {
        self.now = to;
        match to {
            ConnectionState::Connecting if !self.recovering && from != ConnectionState::Disconnected => {
                (self.started, self.failed) = (Some(at), None);
                return true;
            }
            ConnectionState::Connected => {
                self.connected.get_or_insert(at);
                (self.lost, self.lost_reason, self.recovering) = (None, None, false);
            }
            ConnectionState::Disconnected if self.lost.is_none() => {
                (self.lost, self.lost_reason) = (Some(at), reason);
            }
            ConnectionState::Error => self.failed = Some(at),
            ConnectionState::Idle => self.ended = Some(at),
            _ => {}
        }
        false
    }
}
