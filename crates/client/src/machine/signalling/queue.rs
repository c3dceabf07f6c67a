//! In which order this side's candidates are posted, where they cannot all go at once.
//!
//! Nothing tells in advance which candidate will carry the connection, and a device with many network adapters has a lot of
//! useless ones. So the kinds take turns: what one kind offers first is more likely to help than what another offers third.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use registry_protocol::IceCandidate;

/// Where a candidate comes from (RFC 8445, section 5.1.1), the shortest path first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    Host,
    Reflexive,
    Relayed,
    Unknown,
}

/// How a candidate says where it is. The name that hides a local address may stand for either family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Family {
    V4,
    Name,
    V6,
}

/// Candidates that are the same for all that is known in advance, except for the network adapter. The kinds take turns in
/// this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    origin: Origin,
    family: Family,
}

/// What the line of a candidate says about its chances.
#[derive(Debug)]
struct Chances {
    kind: Kind,
    /// Both browsers offer to open TCP connections and hardly any to take one: these are for last.
    tcp: bool,
    /// The network adapter, where the browser numbers them.
    network: Option<String>,
}

impl Chances {
    /// Reads a line of RFC 8839, section 5.1: foundation, component, transport, priority, address, port, `typ`, the type,
    /// and then names with values. What it lacks does not matter: such a candidate takes its turn, too.
    fn of(candidate: &IceCandidate) -> Self {
        let words: Vec<_> = candidate.candidate.split_ascii_whitespace().collect();
        let after = |name| words.iter().position(|word| *word == name).and_then(|at| words.get(at + 1)).copied();
        let origin = match after("typ") {
            Some("host") => Origin::Host,
            Some("srflx" | "prflx") => Origin::Reflexive,
            Some("relay") => Origin::Relayed,
            _ => Origin::Unknown,
        };
        let family = match words.get(4) {
            Some(address) if address.contains(':') => Family::V6,
            Some(address) if address.ends_with(".local") => Family::Name,
            _ => Family::V4,
        };
        let tcp = words.get(2).is_some_and(|transport| transport.eq_ignore_ascii_case("tcp"));
        Self { kind: Kind { origin, family }, tcp, network: after("network-id").map(str::to_owned) }
    }

    /// Whether a server out there has seen it, which its adapter therefore reaches.
    fn reached_a_server(&self) -> bool {
        matches!(self.kind.origin, Origin::Reflexive | Origin::Relayed)
    }
}

/// The candidates that are still to be posted.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: VecDeque<(IceCandidate, Chances)>,
    /// How many of each kind have had their turn.
    taken: BTreeMap<Kind, usize>,
    /// The network adapters that are known to reach a server.
    reaching: BTreeSet<String>,
}

impl Queue {
    /// How many are still to be posted.
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// How many have been taken and not given back.
    pub(super) fn taken(&self) -> usize {
        self.taken.values().sum()
    }

    /// Adds a candidate that was just gathered.
    pub(super) fn push(&mut self, candidate: IceCandidate) {
        let chances = Chances::of(&candidate);
        if let Some(network) = chances.network.clone().filter(|_| chances.reached_a_server()) {
            self.reaching.insert(network);
        }
        self.waiting.push_back((candidate, chances));
    }

    /// Takes the one whose turn it is: of the kind that has had the fewest turns, from an adapter that reaches a server
    /// rather than from another, and otherwise that which was gathered first.
    pub(super) fn take(&mut self) -> Option<IceCandidate> {
        let rank = |(_, chances): &(IceCandidate, Chances)| {
            let turns = self.taken.get(&chances.kind).copied().unwrap_or_default();
            let reaches = chances.network.as_ref().is_some_and(|network| self.reaching.contains(network));
            (chances.tcp, turns, chances.kind, !reaches)
        };
        let (at, _) = self.waiting.iter().map(rank).enumerate().min_by_key(|(at, rank)| (*rank, *at))?;
        let (candidate, chances) = self.waiting.remove(at)?;
        *self.taken.entry(chances.kind).or_default() += 1;
        Some(candidate)
    }

    /// This one is to have its turn again, before the others of its kind.
    pub(super) fn give_back(&mut self, candidate: IceCandidate) {
        let chances = Chances::of(&candidate);
        if let Some(turns) = self.taken.get_mut(&chances.kind) {
            *turns = turns.saturating_sub(1);
        }
        self.waiting.push_front((candidate, chances));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The order in which candidates with these ends of their lines are taken.
    fn order<'a>(gathered: &[&'a str]) -> Vec<&'a str> {
        let mut queue = Queue::default();
        let line = |end: &str| format!("candidate:1 1 {end}");
        for end in gathered {
            queue.push(IceCandidate { candidate: line(end), sdp_mid: None, sdp_m_line_index: None });
        }
        let taken = std::iter::from_fn(|| queue.take());
        let name = |taken: IceCandidate| gathered.iter().find(|end| line(end) == taken.candidate).copied();
        taken.filter_map(name).collect()
    }

    #[test]
    fn one_of_each_kind_comes_before_the_second_of_any() {
        let hosts = ["udp 9 192.0.2.1 1 typ host", "udp 9 192.0.2.2 2 typ host", "udp 9 192.0.2.3 3 typ host"];
        let hidden = "udp 9 1f4712db.local 4 typ host";
        let (six, reflexive) = ("udp 9 2001:db8::1 5 typ host", "udp 9 198.51.100.1 6 typ srflx raddr 0.0.0.0 rport 0");
        let relayed = ["udp 9 203.0.113.1 7 typ relay", "udp 9 203.0.113.2 8 typ relay"];
        let gathered = [hosts[0], hosts[1], hosts[2], hidden, six, reflexive, relayed[0], relayed[1]];
        let expected = [hosts[0], hidden, six, reflexive, relayed[0], hosts[1], relayed[1], hosts[2]];
        assert_eq!(order(&gathered), expected);
    }

    #[test]
    fn an_offer_to_open_tcp_connections_comes_after_all_others() {
        let (tcp, udp) = ("TCP 9 192.0.2.1 9 typ host tcptype active", "UDP 9 192.0.2.2 1 typ host");
        assert_eq!(order(&[tcp, udp, "odd", ""]), [udp, "odd", "", tcp]);
    }

    #[test]
    fn the_adapter_that_reached_a_server_comes_before_others() {
        let host = ["udp 9 a.local 1 typ host network-id 1", "udp 9 b.local 2 typ host network-id 2"];
        let reflexive = "udp 9 198.51.100.1 6 typ srflx raddr 0.0.0.0 rport 0 network-id 2 network-cost 10";
        assert_eq!(order(&[host[0], host[1], reflexive]), [host[1], reflexive, host[0]]);
    }

    #[test]
    fn what_is_given_back_has_the_same_turn_again() {
        let mut queue = Queue::default();
        for end in ["192.0.2.1 1 typ host", "192.0.2.2 2 typ host", "198.51.100.1 6 typ srflx"] {
            let candidate = format!("candidate:1 1 udp 9 {end}");
            queue.push(IceCandidate { candidate, sdp_mid: None, sdp_m_line_index: None });
        }
        let first = queue.take().unwrap();
        queue.give_back(first.clone());
        assert_eq!((queue.taken(), queue.take()), (0, Some(first)));
    }
}
