//! What the user can set, and whether it is valid.

mod address;
mod choices;
mod login;
mod pasted;
mod sources;
mod turn;

use registry_client::interfaces::webrtc::{IceServer, IceTransportPolicy, PeerConfig};
use registry_client::{ClientConfig, Role};

pub use address::TurnServer;
pub(crate) use address::{is_host, registry_problem, stun_problem, turn_problem};
pub use choices::Choices;
pub use login::{Login, Logins};
pub use pasted::{Pasted, PastedTurn, ice_servers};
pub use sources::{Sources, Stored};
pub use turn::RowProblems;

/// The default STUN server: the one in the specification's examples.
pub const DEFAULT_STUN: &str = "stun:stun.l.google.com:19302";

/// What the user can set. [`Sources`] knows where each value comes from and which are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageSettings {
    /// URL of the Registry.
    pub registry_url: String,
    /// STUN servers, separated by commas or spaces; empty for none.
    pub stun_url: String,
    /// TURN servers with one login, separated by commas or spaces; empty for none.
    pub turn_url: String,
    /// Further rows of TURN servers, each with a login of its own.
    pub more_turn: Vec<String>,
    /// The logins of these and of other TURN servers.
    pub logins: Logins,
    /// Whether to use only paths through the TURN server.
    pub relay_only: bool,
    /// The last user name as a host.
    pub host_name: String,
    /// The last user name as a guest.
    pub guest_name: String,
}

impl Default for PageSettings {
    fn default() -> Self {
        Self {
            registry_url: String::new(),
            stun_url: DEFAULT_STUN.into(),
            turn_url: String::new(),
            more_turn: Vec::new(),
            logins: Logins::default(),
            relay_only: false,
            host_name: "Host".into(),
            guest_name: "Guest".into(),
        }
    }
}

/// What is wrong with each setting, if anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    /// The Registry's URL.
    pub registry_url: Option<&'static str>,
    /// The STUN servers.
    pub stun_url: Option<&'static str>,
    /// The first row of TURN servers.
    pub turn_url: Option<&'static str>,
    /// Its user name or password.
    pub turn_login: Option<&'static str>,
    /// The further rows.
    pub more_turn: Option<&'static str>,
    /// Relay only.
    pub relay_only: Option<&'static str>,
}

impl Problems {
    /// Whether there are none.
    pub fn none(&self) -> bool {
        *self == Self::default()
    }
}

impl PageSettings {
    /// The user name in this role.
    pub fn name_of(&self, role: Role) -> &str {
        match role {
            Role::Host => &self.host_name,
            Role::Guest => &self.guest_name,
        }
    }

    /// What is wrong with each setting.
    pub fn problems(&self) -> Problems {
        let first = self.row_problems(0);
        Problems {
            registry_url: registry_problem(self.registry_url.trim()),
            stun_url: self.stun_urls().find_map(stun_problem),
            turn_url: first.url,
            turn_login: first.login,
            more_turn: (1..=self.more_turn.len()).find_map(|row| self.row_problems(row).first()),
            relay_only: (self.relay_only && !self.has_turn()).then_some("Relay only needs a TURN server."),
        }
    }

    /// The configuration for a client, without invalid servers.
    pub fn client_config(&self) -> ClientConfig {
        let stun = self.stun_urls().filter(|url| stun_problem(url).is_none());
        let stun: Vec<String> = stun.map(str::to_owned).collect();
        let mut ice_servers = Vec::new();
        if !stun.is_empty() {
            ice_servers.push(IceServer { urls: stun, ..IceServer::default() });
        }
        ice_servers.extend(self.turn_servers());
        let ice_transport_policy = if self.relay_only { IceTransportPolicy::Relay } else { IceTransportPolicy::All };
        ClientConfig {
            registry_api_url: self.registry_url.trim().to_owned(),
            peer: PeerConfig { ice_servers, ice_transport_policy },
            ..ClientConfig::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> PageSettings {
        PageSettings { registry_url: "http://localhost:8787".into(), ..PageSettings::default() }
    }

    fn log_in(set: &mut PageSettings, username: &str, credential: &str) {
        set.change_login(0, |login| *login = Login { username: username.into(), credential: credential.into() });
    }

    #[test]
    fn several_stun_servers_are_accepted_and_each_is_checked() {
        let mut set = settings();
        set.stun_url = "stun:a.example:3478, stuns:[::1]:5349 stun:b".into();
        assert!(set.problems().none());
        assert_eq!(set.client_config().peer.ice_servers[0].urls.len(), 3);
        for bad in ["http://a", "stun:", "stun:a:b", "stun:a:0", "stun:a/b", "stun:ok, turn:x"] {
            set.stun_url = bad.into();
            assert!(set.problems().stun_url.is_some(), "{bad}");
        }
    }

    #[test]
    fn a_turn_server_needs_its_login() {
        let mut set =
            PageSettings { turn_url: "turn:t:3478?transport=tcp".into(), stun_url: String::new(), ..settings() };
        assert!(set.problems().turn_login.is_some());
        assert!(set.client_config().peer.ice_servers.is_empty());
        log_in(&mut set, "u", "p");
        assert!(set.problems().none());
        let servers = set.client_config().peer.ice_servers;
        assert_eq!((servers[0].username.as_deref(), servers[0].credential.as_deref()), (Some("u"), Some("p")));
        set.turn_url = "turn:t?transport=sctp".into();
        assert!(set.problems().turn_url.is_some());
        assert!(set.client_config().peer.ice_servers.is_empty());
    }

    #[test]
    fn a_login_goes_only_to_the_server_that_it_was_entered_for() {
        let mut set = PageSettings { turn_url: "turn:t".into(), stun_url: String::new(), ..settings() };
        log_in(&mut set, "u", "p");
        for other in ["turn:evil", "turn:t:3479", "turns:t:3478", "turn:t.evil", "turn:", ""] {
            set.turn_url = other.into();
            assert!(set.client_config().peer.ice_servers.is_empty(), "{other}");
        }
        set.turn_url = "turn:evil".into();
        assert!(set.problems().turn_login.is_some_and(|text| text.contains("another server")));
        log_in(&mut set, "v", "q");
        let username = |set: &PageSettings| set.client_config().peer.ice_servers[0].username.clone();
        assert_eq!(username(&set).as_deref(), Some("v"));
        set.turn_url = "turn:T:3478?transport=tcp".into();
        assert_eq!(username(&set).as_deref(), Some("u"));
    }

    #[test]
    fn without_a_server_there_is_no_login() {
        let mut set = settings();
        log_in(&mut set, "u", "p");
        assert!(set.logins.is_empty());
    }

    #[test]
    fn relay_only_needs_a_relay() {
        let mut set = PageSettings { relay_only: true, ..settings() };
        assert!(set.problems().relay_only.is_some());
        assert_eq!(set.client_config().peer.ice_transport_policy, IceTransportPolicy::Relay);
        set.turn_url = "turn:t".into();
        assert!(set.problems().relay_only.is_none());
    }
}
