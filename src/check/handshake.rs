//! WebRTC in this browser: whether there is any, and a handshake within the page.

use registry_client::check::{LoopbackError, LoopbackStep};
use registry_client::error::WebRtcError;

use super::{Check, Line};
use crate::foreign::isolated;

/// Whether the browser has WebRTC.
pub(super) fn webrtc(check: &Check) -> Line {
    let line = Line::new("webrtc", "WebRTC");
    match &check.webrtc {
        None => line,
        Some(None) => line.ok("This browser makes peer connections."),
        Some(Some(error)) => {
            let said = isolated(&error.to_string()).into_owned();
            match error {
                WebRtcError::Unsupported(_) => line
                    .failed("no-webrtc", "This browser has no WebRTC, or something has turned it off.")
                    .advice("Use a current browser, and look for an extension or a policy that turns WebRTC off."),
                WebRtcError::TooManyConnections(_) => line
                    .failed("too-many-connections", "This browser has too many peer connections already.")
                    .advice("Close other tabs of this page, or restart the browser."),
                _ => line.failed("no-peer-connection", format!("This browser makes no peer connection: {said}")),
            }
        }
    }
}

/// The handshake, and the message.
pub(super) fn lines(check: &Check) -> [Line; 2] {
    let (handshake, message) = (Line::new("loopback", "Handshake within this page"), Line::new("message", "Message"));
    if check.has_no_webrtc() {
        return [handshake, message].map(|line| line.skipped("no-webrtc", "Not without WebRTC."));
    }
    let Some(outcome) = &check.loopback else { return [handshake, message] };
    let (opened, why) = match outcome {
        Ok(done) => {
            let message = message.took(done.round_trip).ok("It went there and back.");
            return [handshake.took(done.opened).ok("Two peer connections have met."), message];
        }
        Err(LoopbackError::Refused(error)) => {
            (None, (LoopbackStep::Descriptions, isolated(&error.to_string()).into_owned()))
        }
        Err(LoopbackError::Failed(step, words, opened)) => (*opened, (*step, isolated(words).into_owned())),
        Err(LoopbackError::TimedOut(step, candidates, opened)) => {
            (*opened, (*step, format!("it took too long, with {candidates} candidates")))
        }
    };
    match (opened, why) {
        (Some(opened), (_, words)) => [
            handshake.took(opened).ok("Two peer connections have met."),
            message.failed("no-message", format!("The channel is open, but no message came back: {words}.")),
        ],
        (None, (LoopbackStep::Path, words)) => [
            handshake
                .failed("no-path", format!("Two peer connections of this page have not found each other: {words}."))
                .advice("The browser may hide the device’s addresses where names cannot be resolved (mDNS), or a setting may forbid direct connections. Others may still be reached through TURN."),
            message.skipped("no-channel", "There is no channel for it."),
        ],
        (None, (_, words)) => [
            handshake.failed("no-handshake", format!("The descriptions were not exchanged: {words}.")),
            message.skipped("no-channel", "There is no channel for it."),
        ],
    }
}
