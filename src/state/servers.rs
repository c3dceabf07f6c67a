//! STUN and TURN servers that could not be used.

use registry_client::Event;
use registry_client::interfaces::webrtc::IceGatheringState;

/// The servers' errors and answers in the current gathering phase. A server that cannot be reached from one local address
/// may answer on another, and is then usable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Servers {
    errors: Vec<ServerError>,
    answered: Vec<String>,
}

/// Why a server could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerError {
    /// Its URL.
    pub url: String,
    /// STUN error code, or 701 when it could not be reached.
    pub code: u16,
    /// The browser's explanation.
    pub text: String,
}

impl Servers {
    /// Updates the list with an event.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::IceGatheringState(IceGatheringState::Gathering) => *self = Self::default(),
            Event::IceServerAnswered { url } => self.answered.push(plain(url)),
            Event::IceCandidateError { url, .. } if self.errors.iter().any(|known| known.url == *url) => {}
            Event::IceCandidateError { url, code, text } => {
                self.errors.push(ServerError { url: url.clone(), code: *code, text: text.clone() });
            }
            _ => {}
        }
    }

    /// Those that could not be used so far.
    pub fn unusable(&self) -> impl Iterator<Item = &ServerError> {
        self.errors.iter().filter(|error| !self.answered.contains(&plain(&error.url)))
    }
}

/// A URL in the form in which it is compared. Chromium also uses a TURN server over UDP for STUN, and then reports it as
/// `stun:`; and it writes IPv6 brackets in errors but not in candidates.
fn plain(url: &str) -> String {
    let url = url.strip_suffix("?transport=udp").unwrap_or(url).replace(['[', ']'], "");
    url.strip_prefix("turn:").map_or_else(|| url.clone(), |address| format!("stun:{address}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(url: &str) -> Event {
        Event::IceCandidateError { url: url.into(), code: 701, text: "no".into() }
    }

    fn answer(url: &str) -> Event {
        Event::IceServerAnswered { url: url.into() }
    }

    fn unusable(events: &[Event]) -> Vec<String> {
        let mut servers = Servers::default();
        events.iter().for_each(|event| servers.apply(event));
        servers.unusable().map(|error| error.url.clone()).collect()
    }

    #[test]
    fn a_server_that_fails_repeatedly_is_named_once() {
        assert_eq!(unusable(&[error("stun:x"), error("stun:x"), error("stun:y")]), ["stun:x", "stun:y"]);
    }

    #[test]
    fn one_that_has_answered_is_usable_in_spite_of_errors() {
        assert_eq!(unusable(&[error("stun:x:1"), error("stun:y:1"), answer("stun:x:1")]), ["stun:y:1"]);
        assert!(unusable(&[answer("stun:x:1"), error("stun:x:1")]).is_empty());
        assert!(unusable(&[error("stun:[::1]:3478"), answer("stun:::1:3478")]).is_empty());
        assert!(unusable(&[error("stun:x:1"), answer("turn:x:1?transport=udp")]).is_empty());
        assert_eq!(unusable(&[error("turn:x:1?transport=udp"), answer("turn:x:1?transport=tcp")]).len(), 1);
    }

    #[test]
    fn another_gathering_phase_starts_over() {
        let gathering = Event::IceGatheringState(IceGatheringState::Gathering);
        assert!(unusable(&[gathering.clone(), error("stun:x"), gathering.clone()]).is_empty());
        assert_eq!(unusable(&[answer("stun:x"), gathering, error("stun:x")]), ["stun:x"]);
    }
}
