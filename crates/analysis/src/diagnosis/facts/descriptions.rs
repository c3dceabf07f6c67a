use registry_client::event::DescriptionStep;
use registry_client::types::sdp::Sdp;
use registry_client::{Event, Role};

use super::{At, Seen};

/// Offer and answer.
#[derive(Default)]
pub(in crate::diagnosis) struct Descriptions<'a> {
    /// This side's, since it was created.
    pub(in crate::diagnosis) own: Option<Seen<&'a Sdp>>,
    /// When the Registry had it.
    pub(in crate::diagnosis) posted: Option<At>,
    /// The peer's, since it was received.
    pub(in crate::diagnosis) peer: Option<Seen<&'a Sdp>>,
    /// When the browser had it.
    pub(in crate::diagnosis) applied: Option<At>,
}

impl<'a> Descriptions<'a> {
    pub(super) fn see(&mut self, at: At, event: &'a Event, role: Option<Role>) {
        let (step, sdp, own) = match event {
            Event::Offer { step, sdp, .. } => (*step, sdp, role == Some(Role::Host)),
            Event::Answer { step, sdp, .. } => (*step, sdp, role == Some(Role::Guest)),
            _ => return,
        };
        let seen = Some(Seen { at, what: sdp });
        match step {
            DescriptionStep::Created if own => self.own = seen,
            DescriptionStep::Posted if own => self.posted = Some(at),
            DescriptionStep::Received if !own => self.peer = seen,
            DescriptionStep::Applied if !own => self.applied = Some(at),
            _ => {}
        }
    }
}

/// The kinds and identifiers of the media sections of an SDP, in order.
pub(in crate::diagnosis) fn sections(sdp: &Sdp) -> Vec<(&str, Option<&str>)> {
    let mut sections: Vec<(&str, Option<&str>)> = Vec::new();
    for line in sdp.expose().lines() {
        if let Some(media) = line.strip_prefix("m=") {
            sections.push((media.split(' ').next().unwrap_or_default(), None));
        } else if let (Some(mid), Some(section)) = (line.strip_prefix("a=mid:"), sections.last_mut()) {
            section.1 = Some(mid.trim());
        }
    }
    sections
}

/// The user name of ICE in an SDP (RFC 8839, section 5.4).
pub(in crate::diagnosis) fn user_fragment(sdp: &Sdp) -> Option<&str> {
    sdp.expose().lines().find_map(|line| line.strip_prefix("a=ice-ufrag:")).map(str::trim)
}
