//! What a person can set, and whether it can be used.

mod remembered;

use registry_client::json;
use registry_client::webrtc::{IceServer, IceTransportPolicy, PeerConfig};
use registry_client::{ClientConfig, Role};

use crate::link::Link;

/// The STUN server that a fresh page begins with: the one of the specification's examples.
pub const DEFAULT_STUN: &str = "stun:stun.l.google.com:19302";

/// What a person can set. Everything but the TURN password is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Address of the Registry.
    pub registry_url: String,
    /// STUN servers, separated by commas or spaces; empty for none.
    pub stun_url: String,
    /// A TURN server; empty for none.
    pub turn_url: String,
    /// User name for it.
    pub turn_username: String,
    /// Password for it: a secret, which is never written with the rest.
    pub turn_credential: String,
    /// Whether only paths through the TURN server are used.
    pub relay_only: bool,
    /// What a host called itself last.
    pub host_name: String,
    /// What a guest called itself last.
    pub guest_name: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            registry_url: String::new(),
            stun_url: DEFAULT_STUN.into(),
            turn_url: String::new(),
            turn_username: String::new(),
            turn_credential: String::new(),
            relay_only: false,
            host_name: "Host".into(),
            guest_name: "Guest".into(),
        }
    }
}

/// What is wrong with each setting; `None` where nothing is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    /// With the Registry's address.
    pub registry_url: Option<&'static str>,
    /// With the STUN servers.
    pub stun_url: Option<&'static str>,
    /// With the TURN server.
    pub turn_url: Option<&'static str>,
    /// With its user name or password.
    pub turn_login: Option<&'static str>,
    /// With the wish for relays only.
    pub relay_only: Option<&'static str>,
}

impl Problems {
    /// Whether there is none.
    pub fn none(&self) -> bool {
        *self == Self::default()
    }
}

impl Settings {
    /// What was remembered, or the defaults, with the page's own origin as Registry where none is named; then what the
    /// link asks for.
    pub fn restore(stored: Option<&str>, credential: Option<String>, origin: &str, link: &Link) -> Self {
        let mut settings: Self = stored.and_then(|text| json::read(text).ok()).unwrap_or_default();
        settings.turn_credential = credential.unwrap_or_default();
        if settings.registry_url.trim().is_empty() {
            settings.registry_url = origin.to_owned();
        }
        settings.follow(link);
        settings
    }

    fn follow(&mut self, link: &Link) {
        let set = |field: &mut String, value: &Option<String>| {
            if let Some(value) = value {
                field.clone_from(value);
            }
        };
        set(&mut self.registry_url, &link.registry);
        set(&mut self.stun_url, &link.stun.as_ref().map(|list| list.join(", ")));
        set(&mut self.turn_url, &link.turn);
        set(&mut self.host_name, &link.name);
        set(&mut self.guest_name, &link.name);
    }

    /// What this role calls itself.
    pub fn name_of(&self, role: Role) -> &str {
        match role {
            Role::Host => &self.host_name,
            Role::Guest => &self.guest_name,
        }
    }

    /// What is wrong with each setting.
    pub fn problems(&self) -> Problems {
        let turn = self.turn_url.trim();
        let has_login = !self.turn_username.trim().is_empty() && !self.turn_credential.is_empty();
        Problems {
            registry_url: registry_problem(self.registry_url.trim()),
            stun_url: self.stun_urls().find_map(stun_problem),
            turn_url: if turn.is_empty() { None } else { turn_problem(turn) },
            turn_login: (!turn.is_empty() && !has_login).then_some("A TURN server needs a user name and a password."),
            relay_only: (self.relay_only && turn.is_empty())
                .then_some("Relay only needs a TURN server: without one no path can be found."),
        }
    }

    fn stun_urls(&self) -> impl Iterator<Item = &str> {
        self.stun_url.split([',', ' ', '\n']).map(str::trim).filter(|url| !url.is_empty())
    }

    /// What a client is made with; what is malformed is left out.
    pub fn client_config(&self) -> ClientConfig {
        let stun: Vec<String> = self.stun_urls().filter(|url| stun_problem(url).is_none()).map(str::to_owned).collect();
        let mut ice_servers = Vec::new();
        if !stun.is_empty() {
            ice_servers.push(IceServer { urls: stun, ..IceServer::default() });
        }
        let problems = self.problems();
        if !self.turn_url.trim().is_empty() && problems.turn_url.is_none() && problems.turn_login.is_none() {
            ice_servers.push(IceServer {
                urls: vec![self.turn_url.trim().to_owned()],
                username: Some(self.turn_username.trim().to_owned()),
                credential: Some(self.turn_credential.clone()),
            });
        }
        let ice_transport_policy = if self.relay_only { IceTransportPolicy::Relay } else { IceTransportPolicy::All };
        ClientConfig {
            registry_api_url: self.registry_url.trim().to_owned(),
            peer: PeerConfig { ice_servers, ice_transport_policy },
            ..ClientConfig::default()
        }
    }
}

pub(crate) fn registry_problem(url: &str) -> Option<&'static str> {
    if url.is_empty() {
        return Some("Enter the address of a Registry.");
    }
    let Some(rest) = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")) else {
        return Some("The address begins with http:// or https://.");
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.is_empty() || host.starts_with(':') || url.contains(char::is_whitespace) {
        return Some("The address needs a host, like https://registry.example.com.");
    }
    (host.contains('@') || rest.contains(['?', '#'])).then_some("The address has no user, query or fragment.")
}

pub(crate) fn stun_problem(url: &str) -> Option<&'static str> {
    let host = url.strip_prefix("stun:").or_else(|| url.strip_prefix("stuns:"));
    match host {
        None => Some("A STUN address begins with stun: or stuns:."),
        Some(host) => (!is_host(host)).then_some("A STUN address is stun:host or stun:host:port."),
    }
}

pub(crate) fn turn_problem(url: &str) -> Option<&'static str> {
    let Some(rest) = url.strip_prefix("turn:").or_else(|| url.strip_prefix("turns:")) else {
        return Some("A TURN address begins with turn: or turns:.");
    };
    let (host, query) = rest.split_once('?').unwrap_or((rest, "transport=udp"));
    let known = matches!(query, "transport=udp" | "transport=tcp");
    (!is_host(host) || !known).then_some("A TURN address is turn:host:port, with ?transport=tcp or without.")
}

/// Whether the text is a host name or address, with a port or without.
pub(crate) fn is_host(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !text.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let host_ok = match bracketed {
        Some(address) => !address.is_empty() && address.chars().all(|c| c.is_ascii_hexdigit() || c == ':' || c == '.'),
        None => {
            !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || !c.is_ascii() || c == '.' || c == '-')
        }
    };
    host_ok && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings { registry_url: "http://localhost:8787".into(), ..Settings::default() }
    }

    #[test]
    fn a_fresh_page_talks_to_its_own_origin_and_has_no_problem() {
        let fresh = Settings::restore(None, None, "http://o", &Link::default());
        assert_eq!(fresh.registry_url, "http://o");
        assert!(fresh.problems().none());
        assert_eq!(fresh.client_config().peer.ice_servers[0].urls, [DEFAULT_STUN]);
    }

    #[test]
    fn what_is_remembered_holds_no_password_and_survives_nonsense() {
        let set = Settings { turn_credential: "secret".into(), ..settings() };
        let json = json::Json::of(&set).as_str().to_owned();
        assert!(!json.contains("secret"));
        let back = Settings::restore(Some(&json), Some("again".into()), "http://o", &Link::default());
        assert_eq!((back.registry_url.as_str(), back.turn_credential.as_str()), ("http://localhost:8787", "again"));
        for nonsense in ["", "7", "{\"registryUrl\":7}", "{"] {
            assert_eq!(Settings::restore(Some(nonsense), None, "http://o", &Link::default()).registry_url, "http://o");
        }
        assert_eq!(Settings::restore(Some("{\"new\":1}"), None, "http://o", &Link::default()).host_name, "Host");
    }

    #[test]
    fn a_link_outdoes_what_was_remembered() {
        let link =
            Link { registry: Some("http://l".into()), stun: Some(vec![]), name: Some("Ann".into()), ..Link::default() };
        let set = Settings::restore(None, None, "http://o", &link);
        assert_eq!((set.registry_url.as_str(), set.stun_url.as_str()), ("http://l", ""));
        assert_eq!((set.host_name.as_str(), set.guest_name.as_str()), ("Ann", "Ann"));
        assert!(set.client_config().peer.ice_servers.is_empty());
    }

    #[test]
    fn registry_addresses_are_checked() {
        let check = |url: &str| Settings { registry_url: url.into(), ..settings() }.problems().registry_url;
        for good in ["http://localhost:8787", "https://r.example.com/base/", " http://[::1]:1 "] {
            assert_eq!(check(good), None, "{good}");
        }
        for bad in ["", "localhost:8787", "ftp://x", "http://", "http://:80", "http://a b", "http://u@h", "http://h/?x"]
        {
            assert!(check(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn several_stun_servers_are_taken_and_each_is_checked() {
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
        let mut set = Settings { turn_url: "turn:t:3478?transport=tcp".into(), stun_url: String::new(), ..settings() };
        assert!(set.problems().turn_login.is_some());
        assert!(set.client_config().peer.ice_servers.is_empty());
        set.turn_username = "u".into();
        set.turn_credential = "p".into();
        assert!(set.problems().none());
        let servers = set.client_config().peer.ice_servers;
        assert_eq!((servers[0].username.as_deref(), servers[0].credential.as_deref()), (Some("u"), Some("p")));
        set.turn_url = "turn:t?transport=sctp".into();
        assert!(set.problems().turn_url.is_some());
    }

    #[test]
    fn relay_only_needs_a_relay() {
        let mut set = Settings { relay_only: true, ..settings() };
        assert!(set.problems().relay_only.is_some());
        assert_eq!(set.client_config().peer.ice_transport_policy, IceTransportPolicy::Relay);
        set.turn_url = "turn:t".into();
        assert!(set.problems().relay_only.is_none());
    }
}
