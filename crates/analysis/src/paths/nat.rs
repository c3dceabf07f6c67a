use std::collections::BTreeSet;

use registry_client::Event;
use registry_client::check::{self, nat};
use registry_client::types::candidate_line::CandidateLine;

use super::lives::CandidateLife;
use super::servers::Servers;
use crate::Track;
use crate::server_url::{is_udp, plain};

/// What the STUN servers show of the NAT in front of this device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nat {
    /// Its kind.
    pub kind: check::Nat,
    /// How the servers see this device.
    pub mappings: Vec<Mapping>,
}

impl Default for Nat {
    fn default() -> Self {
        Self { kind: check::Nat::Unknown, mappings: Vec::new() }
    }
}

impl Nat {
    /// Its kind in a word or two.
    pub fn word(&self) -> &'static str {
        match self.kind {
            check::Nat::None => "none",
            check::Nat::EndpointIndependent => "endpoint-independent",
            check::Nat::AddressDependent => "address-dependent (symmetric)",
            check::Nat::OneServer | check::Nat::Unknown => "not known",
        }
    }

    /// What that means.
    pub fn words(&self) -> &'static str {
        match self.kind {
            check::Nat::None => "the servers see the address that this device has itself.",
            check::Nat::EndpointIndependent => "all servers see the same address, so the peer can use it, too.",
            check::Nat::AddressDependent => {
                "each server sees another address, and so would the peer: a direct path is possible only if the peer’s NAT is \
                 of another kind, otherwise it takes a TURN server."
            }
            check::Nat::OneServer => {
                "it takes two STUN servers to see whether the mapping depends on whom one talks to, and one has answered."
            }
            check::Nat::Unknown if self.mappings.is_empty() => "no STUN server has told this device its address.",
            check::Nat::Unknown => "the browser hides which of its addresses the servers’ answers belong to.",
        }
    }
}

/// How a server sees one of this device's addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// The server's URL, if the browser tells.
    pub server: Option<String>,
    /// Address and port of this device, unless the browser hides them.
    pub base: Option<String>,
    /// Address and port as the server sees them.
    pub mapped: String,
}

/// The NAT as this side's candidates show it. Only UDP counts: over TCP a mapping is of one connection.
pub(super) fn of(track: &Track, local: &[CandidateLife], servers: &Servers, gathered: bool) -> Nat {
    let udp = local.iter().filter(|life| life.candidate.protocol == "udp" && life.candidate.kind == "srflx");
    let mappings: Vec<Mapping> = udp.map(mapping).collect();
    let lines: Vec<CandidateLine> = local.iter().filter_map(|life| CandidateLine::parse(&life.line)).collect();
    Nat { kind: nat(&lines, answered(track, &mappings, servers, gathered)), mappings }
}

fn mapping(life: &CandidateLife) -> Mapping {
    let candidate = &life.candidate;
    Mapping {
        server: life.server.clone(),
        base: candidate.base().map(|(address, port)| format!("{address}:{port}")),
        mapped: format!("{}:{}", candidate.address, candidate.port),
    }
}

/// How many servers have answered over UDP. A browser leaves out a candidate that is the same as the one it has from another
/// server, so that once all is gathered those that are configured and have reported no error have answered, too.
fn answered(track: &Track, mappings: &[Mapping], servers: &Servers, gathered: bool) -> usize {
    let named: BTreeSet<String> = mappings.iter().filter_map(|mapping| mapping.server.as_deref()).map(plain).collect();
    let environment = track.events.iter().rev().find_map(|entry| match &entry.event {
        Event::Environment(environment) => Some(environment),
        _ => None,
    });
    let Some(environment) = environment.filter(|_| gathered) else { return named.len() };
    let failed: BTreeSet<String> = servers.unusable().map(|(server, _)| plain(&server.url)).collect();
    let all = environment.ice_servers.iter().filter(|url| is_udp(url)).map(|url| plain(url));
    all.filter(|url| !failed.contains(url)).chain(named).collect::<BTreeSet<_>>().len()
}
