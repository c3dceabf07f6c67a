use std::collections::{BTreeMap, BTreeSet};

use strum::IntoStaticStr;

use crate::types::candidate_line::{CandidateLine, Place};

/// How the device's addresses are translated on the way to a server (RFC 4787, section 4.1), as far as STUN servers show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Nat {
    /// Not at all: servers see the device's own address.
    None,
    /// One socket has the same address and port for several servers, and so for a peer, too.
    EndpointIndependent,
    /// One socket has another address or port for each server ("symmetric"): what a server sees is of no use to a peer.
    AddressDependent,
    /// Translated, but only one server has answered: one does not show how.
    OneServer,
    /// No server has answered, or the browser does not say which of its sockets an address belongs to.
    Unknown,
}

as_str!(Nat);

/// The kind of NAT, from the UDP candidates of one gathering phase with several STUN servers, of which `answered` have answered.
///
/// A browser asks all servers from the same socket, and reports an address only once per socket, whichever server saw it. So two
/// addresses of one socket mean that the mapping depends on the server, and a single one means that it does not, if several servers
/// have answered. A pair of servers at the same address shows less than one at different ones.
pub fn nat<'a>(gathered: impl IntoIterator<Item = &'a CandidateLine>, answered: usize) -> Nat {
    let (mut own, mut seen): (Vec<&CandidateLine>, Vec<&CandidateLine>) = (Vec::new(), Vec::new());
    for line in gathered.into_iter().filter(|line| line.protocol == "udp") {
        match line.kind.as_str() {
            "host" => own.push(line),
            "srflx" => seen.push(line),
            _ => {}
        }
    }
    if seen.is_empty() {
        // A server that sees what the device knows adds no candidate.
        let known = own.iter().any(|line| !line.place.is_hidden());
        return if known && answered > 0 { Nat::None } else { Nat::Unknown };
    }
    if seen.iter().all(|line| line.related.as_ref() == Some(&line.place)) {
        return Nat::None;
    }
    let mut sockets: BTreeMap<Socket<'_>, BTreeSet<&Place>> = BTreeMap::new();
    for line in &seen {
        sockets.entry(Socket::of(line)).or_default().insert(&line.place);
    }
    let several = |socket: &Socket<'_>| sockets.get(socket).is_some_and(|places| places.len() > 1);
    let told = |socket: &Socket<'_>| *socket != Socket::Untold(false) && *socket != Socket::Untold(true);
    if sockets.keys().any(|socket| several(socket) && (told(socket) || own.len() == 1)) {
        Nat::AddressDependent
    } else if sockets.keys().any(several) {
        Nat::Unknown
    } else if answered > 1 {
        Nat::EndpointIndependent
    } else {
        Nat::OneServer
    }
}

/// The socket from which a server was asked, as far as the browser tells.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Socket<'a> {
    At(&'a Place),
    /// Of a network adapter, over IPv6 or not.
    On(&'a str, bool),
    Untold(bool),
}

impl<'a> Socket<'a> {
    fn of(line: &'a CandidateLine) -> Self {
        let six = line.place.address.contains(':');
        match (line.related.as_ref().filter(|place| !place.is_hidden()), &line.network) {
            (Some(place), _) => Self::At(place),
            (None, Some(network)) => Self::On(network, six),
            (None, None) => Self::Untold(six),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(place: &str, more: &str) -> String {
        format!("candidate:1 1 udp 9 {place} typ host {more}")
    }

    fn seen(place: &str, own: &str, more: &str) -> String {
        let (address, port) = own.split_once(' ').unwrap();
        format!("candidate:2 1 udp 9 {place} typ srflx raddr {address} rport {port} {more}")
    }

    fn kind(lines: &[String], answered: usize) -> Nat {
        let lines: Vec<_> = lines.iter().map(|line| CandidateLine::parse(line).unwrap()).collect();
        nat(&lines, answered)
    }

    const OWN: &str = "192.168.0.2 5000";
    const HIDDEN: &str = "0.0.0.0 0";

    #[test]
    fn one_address_for_several_servers_depends_on_none() {
        let lines = [host(OWN, ""), seen("198.51.100.1 6000", OWN, "")];
        assert_eq!(kind(&lines, 2), Nat::EndpointIndependent);
        assert_eq!(kind(&lines, 1), Nat::OneServer);
    }

    #[test]
    fn two_addresses_of_one_socket_depend_on_the_server() {
        let lines = [host(OWN, ""), seen("198.51.100.1 6000", OWN, ""), seen("198.51.100.1 6001", OWN, "")];
        assert_eq!(kind(&lines, 2), Nat::AddressDependent);
    }

    #[test]
    fn two_sockets_with_an_address_each_are_no_sign_of_that() {
        let other = "10.0.0.2 5001";
        let lines =
            [host(OWN, ""), host(other, ""), seen("198.51.100.1 6000", OWN, ""), seen("203.0.113.1 7", other, "")];
        assert_eq!(kind(&lines, 2), Nat::EndpointIndependent);
    }

    #[test]
    fn hidden_sockets_are_told_apart_by_their_adapters() {
        let name = "a.local 5000";
        let adapters = [
            host(name, "network-id 1"),
            host(name, "network-id 2"),
            seen("198.51.100.1 6000", HIDDEN, "network-id 1"),
            seen("203.0.113.1 6000", HIDDEN, "network-id 2"),
        ];
        assert_eq!(kind(&adapters, 2), Nat::EndpointIndependent);
        let one =
            [seen("198.51.100.1 6000", HIDDEN, "network-id 1"), seen("198.51.100.1 6001", HIDDEN, "network-id 1")];
        assert_eq!(kind(&one, 2), Nat::AddressDependent);
        let both =
            [seen("198.51.100.1 6000", HIDDEN, "network-id 1"), seen("2001:db8::1 6001", HIDDEN, "network-id 1")];
        assert_eq!(kind(&both, 2), Nat::EndpointIndependent);
    }

    #[test]
    fn sockets_that_the_browser_does_not_tell_apart_show_nothing_unless_there_is_only_one() {
        let two = [seen("198.51.100.1 6000", HIDDEN, ""), seen("198.51.100.1 6001", HIDDEN, "")];
        let name = host("a.local 5000", "");
        assert_eq!(kind(&[vec![name.clone(), name.clone()], two.to_vec()].concat(), 2), Nat::Unknown);
        assert_eq!(kind(&[vec![name], two.to_vec()].concat(), 2), Nat::AddressDependent);
    }

    #[test]
    fn a_server_that_sees_the_own_address_shows_that_there_is_none() {
        assert_eq!(kind(&[host(OWN, "")], 1), Nat::None);
        assert_eq!(kind(&[host(OWN, ""), seen(OWN, OWN, "")], 1), Nat::None);
        assert_eq!(kind(&[host(OWN, "")], 0), Nat::Unknown);
        assert_eq!(kind(&[host("a.local 5000", "")], 1), Nat::Unknown);
        assert_eq!(kind(&[], 2), Nat::Unknown);
    }
}
