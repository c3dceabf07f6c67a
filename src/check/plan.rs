use registry_client::interfaces::webrtc::{IceServer, IceTransportPolicy, PeerConfig};

use crate::settings::{PageSettings, stun_problem};

/// What a server is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Tells the device its public address.
    Stun,
    /// Relays.
    Turn,
}

/// A STUN or TURN server, by one of its URLs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The URL.
    pub url: String,
    /// What it is for.
    pub kind: Kind,
    /// How to use it, or why it cannot be used.
    pub usable: Result<IceServer, &'static str>,
}

impl Server {
    /// The configuration of a peer connection that uses only this server; `None` if it cannot be used.
    pub fn alone(&self) -> Option<PeerConfig> {
        let ice_transport_policy =
            if self.kind == Kind::Turn { IceTransportPolicy::Relay } else { IceTransportPolicy::All };
        Some(PeerConfig { ice_servers: vec![self.usable.clone().ok()?], ice_transport_policy })
    }
}

/// What is to be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The Registry's URL.
    pub registry: String,
    /// What is wrong with that URL, if anything.
    pub registry_problem: Option<&'static str>,
    /// The origin of this page.
    pub origin: String,
    /// All STUN servers, then all TURN servers.
    pub servers: Vec<Server>,
}

impl Plan {
    /// The plan for these settings, in a page of this origin.
    pub fn of(settings: &PageSettings, origin: &str) -> Self {
        let stun = settings.stun_urls().map(|url| {
            let usable = match stun_problem(url) {
                Some(problem) => Err(problem),
                None => Ok(IceServer { urls: vec![url.to_owned()], ..IceServer::default() }),
            };
            Server { url: url.to_owned(), kind: Kind::Stun, usable }
        });
        let turn = settings.turn_urls().map(|(url, usable)| Server { url: url.to_owned(), kind: Kind::Turn, usable });
        Self {
            registry: settings.registry_url.trim().to_owned(),
            registry_problem: settings.problems().registry_url,
            origin: origin.to_owned(),
            servers: stun.chain(turn).collect(),
        }
    }

    /// Whether the Registry has the page's origin.
    pub(super) fn is_same_origin(&self) -> bool {
        self.registry.strip_prefix(&self.origin).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The usable STUN servers, each with its place in the list.
    pub(super) fn stun(&self) -> impl Iterator<Item = (usize, &IceServer)> {
        let servers = self.servers.iter().enumerate().filter(|(_, server)| server.kind == Kind::Stun);
        servers.filter_map(|(index, server)| Some((index, server.usable.as_ref().ok()?)))
    }

    /// The configuration of a peer connection that asks all STUN servers from the same sockets, which shows the kind of NAT;
    /// `None` if there are less than two.
    pub fn together(&self) -> Option<PeerConfig> {
        let ice_servers: Vec<IceServer> = self.stun().map(|(_, server)| server.clone()).collect();
        (ice_servers.len() > 1).then(|| PeerConfig { ice_servers, ..PeerConfig::default() })
    }
}
