use registry_client::Event;
use registry_client::interfaces::webrtc::IceGatheringState;

use crate::server_url::is_same;

/// What the STUN and TURN servers have answered in the current gathering phase. A server that cannot be reached from one local
/// address may answer on another, and is then usable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Servers {
    list: Vec<Server>,
}

/// A STUN or TURN server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its URL.
    pub url: String,
    /// Why it could not be used, each reason once.
    pub errors: Vec<ServerError>,
    /// How many candidates it has given.
    pub answers: u32,
}

/// Why a server could not be used (`icecandidateerror`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerError {
    /// STUN error code (RFC 8489, section 14.8), or 701 if the server could not be reached.
    pub code: u16,
    /// The browser's explanation.
    pub text: String,
    /// How often.
    pub times: u32,
}

impl Server {
    /// Whether it has given a candidate; what was said before or after about another address does not matter then.
    pub fn is_usable(&self) -> bool {
        self.answers > 0
    }
}

impl Servers {
    /// Takes an event.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::IceGatheringState(IceGatheringState::Gathering) => self.list.clear(),
            Event::IceServerAnswered { url, .. } => self.server(url).answers += 1,
            Event::IceCandidateError { url, code, text } => {
                let errors = &mut self.server(url).errors;
                match errors.iter_mut().find(|known| known.code == *code && known.text == *text) {
                    Some(known) => known.times += 1,
                    None => errors.push(ServerError { code: *code, text: text.clone(), times: 1 }),
                }
            }
            _ => {}
        }
    }

    fn server(&mut self, url: &str) -> &mut Server {
        let known = self.list.iter().position(|server| is_same(&server.url, url));
        let at = known.unwrap_or_else(|| {
            self.list.push(Server { url: url.to_owned(), errors: Vec::new(), answers: 0 });
            self.list.len() - 1
        });
        &mut self.list[at]
    }

    /// Those that have shown themselves, in the order in which they did.
    pub fn all(&self) -> &[Server] {
        &self.list
    }

    /// Those that could not be used so far, each with its first error.
    pub fn unusable(&self) -> impl Iterator<Item = (&Server, &ServerError)> {
        let unusable = self.list.iter().filter(|server| !server.is_usable());
        unusable.filter_map(|server| Some((server, server.errors.first()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(url: &str) -> Event {
        Event::IceCandidateError { url: url.into(), code: 701, text: "no".into() }
    }

    fn answer(url: &str) -> Event {
        Event::IceServerAnswered { url: url.into(), candidate: None, relay_protocol: None }
    }

    fn servers(events: &[Event]) -> Servers {
        let mut servers = Servers::default();
        events.iter().for_each(|event| servers.apply(event));
        servers
    }

    fn unusable(events: &[Event]) -> Vec<String> {
        servers(events).unusable().map(|(server, _)| server.url.clone()).collect()
    }

    #[test]
    fn a_server_that_fails_repeatedly_is_named_once() {
        let events = [error("stun:x"), error("stun:x"), error("stun:y")];
        assert_eq!(unusable(&events), ["stun:x", "stun:y"]);
        assert_eq!(servers(&events).all()[0].errors[0].times, 2);
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
