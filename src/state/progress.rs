//! What is going on and whose turn it is, in a sentence.

use registry_client::interfaces::webrtc::{IceConnectionState, PeerConnectionState};
use registry_client::{ConnectionState, Role};

use super::{Facts, Page};

/// What is going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The sentence.
    pub text: &'static str,
    /// Whose turn it is.
    pub turn: Turn,
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// This user's.
    Yours,
    /// The other user's.
    Theirs,
    /// The browsers' and the Registry's.
    Machines,
    /// Nobody's.
    Over,
}

/// What is going on; `None` where the forms speak for themselves.
pub fn progress(page: &Page) -> Option<Progress> {
    use ConnectionState as S;
    let (text, turn) = match page.stays.present() {
        S::Idle | S::Error => return None,
        _ if page.closing => ("Closing the room once your messages are delivered…", Turn::Machines),
        S::Creating => ("Creating a room…", Turn::Machines),
        S::Joining => ("Joining the room…", Turn::Machines),
        S::Created => ("Share both codes with your guest, then start. Either of you can start first.", Turn::Yours),
        S::Joined => {
            ("You have joined the room. Start when you are ready. Either of you can start first.", Turn::Yours)
        }
        S::Connecting | S::Disconnected if page.reconnect.is_some() => {
            ("Connection lost. Reconnecting… Messages you send now are delivered afterwards.", Turn::Machines)
        }
        S::Connecting => return Some(connecting(page.role, &page.facts)),
        S::Connected => ("Connected. Messages go to your peer without passing through the Registry.", Turn::Yours),
        S::Disconnected => ("Disconnected. Close the room and start again in a new one.", Turn::Over),
    };
    Some(Progress { text, turn })
}

fn connecting(role: Option<Role>, facts: &Facts) -> Progress {
    let (text, turn) = if path_found(facts) {
        ("Network path found. Opening the data channel…", Turn::Machines)
    } else if facts.answer.step.is_some_and(|step| !step.is_only_here()) {
        ("Offer and answer exchanged. Looking for a network path…", Turn::Machines)
    } else if role == Some(Role::Guest) {
        guest_waits(facts)
    } else {
        host_waits(facts)
    };
    Progress { text, turn }
}

fn host_waits(facts: &Facts) -> (&'static str, Turn) {
    if !facts.offer.in_room {
        return ("Creating the offer…", Turn::Machines);
    }
    match facts.room_status.as_deref() {
        Some("joined") => ("Your guest is in the room. Waiting for them to start, too.", Turn::Theirs),
        Some("paired") => ("Your guest has answered. Applying the answer…", Turn::Machines),
        _ => ("Waiting for a guest: share the room code and the join code.", Turn::Theirs),
    }
}

fn guest_waits(facts: &Facts) -> (&'static str, Turn) {
    if facts.offer.in_room {
        ("Offer received. Creating the answer…", Turn::Machines)
    } else {
        ("Waiting for the host to start, too.", Turn::Theirs)
    }
}

fn path_found(facts: &Facts) -> bool {
    matches!(facts.rtc.ice_connection_state, Some(IceConnectionState::Connected | IceConnectionState::Completed))
        || facts.rtc.connection_state == Some(PeerConnectionState::Connected)
}

#[cfg(test)]
mod tests {
    use super::super::facts::Description;
    use registry_client::event::DescriptionStep;

    use super::*;

    fn facts(offer: bool, status: Option<&str>) -> Facts {
        Facts {
            offer: Description { in_room: offer, ..Description::default() },
            room_status: status.map(str::to_owned),
            ..Facts::default()
        }
    }

    fn turn(role: Role, facts: &Facts) -> (Turn, &'static str) {
        let Progress { text, turn } = connecting(Some(role), facts);
        (turn, text)
    }

    #[test]
    fn a_host_learns_whom_it_waits_for() {
        assert_eq!(turn(Role::Host, &facts(false, None)).0, Turn::Machines);
        let alone = turn(Role::Host, &facts(true, Some("open")));
        assert!(alone.0 == Turn::Theirs && alone.1.contains("share the room code"), "{alone:?}");
        let waiting = turn(Role::Host, &facts(true, Some("joined")));
        assert!(waiting.0 == Turn::Theirs && waiting.1.contains("them to start"), "{waiting:?}");
        assert_eq!(turn(Role::Host, &facts(true, Some("paired"))).0, Turn::Machines);
    }

    #[test]
    fn a_guest_learns_whom_it_waits_for() {
        let waiting = turn(Role::Guest, &facts(false, Some("joined")));
        assert!(waiting.0 == Turn::Theirs && waiting.1.contains("host to start"), "{waiting:?}");
        assert_eq!(turn(Role::Guest, &facts(true, Some("joined"))).0, Turn::Machines);
    }

    #[test]
    fn after_the_answer_it_is_the_same_for_both() {
        let mut known = facts(true, Some("paired"));
        known.answer.step = Some(DescriptionStep::Applied);
        assert_eq!(turn(Role::Host, &known), turn(Role::Guest, &known));
        assert!(turn(Role::Host, &known).1.contains("Looking for a network path"));
        known.rtc.ice_connection_state = Some(IceConnectionState::Connected);
        assert!(turn(Role::Host, &known).1.contains("data channel"));
    }
}
