//! A candidate's line, taken apart.

use std::net::IpAddr;

use registry_client::types::pair::CandidateEnd;

/// A `candidate-attribute` (RFC 8839, section 5.1), as far as it can be read: what is missing is `?`, since an instrument shows
/// broken ones, too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Candidates of the same type, base, server and protocol share it (RFC 8445, section 5.1.1.3).
    pub foundation: String,
    /// The component: 1 for data.
    pub component: String,
    /// `udp` or `tcp`.
    pub protocol: String,
    /// Its priority (RFC 8445, section 5.1.2), if it is a number.
    pub priority: Option<u32>,
    /// IP address or mDNS name.
    pub address: String,
    /// Port, in digits.
    pub port: String,
    /// `host`, `srflx`, `prflx` or `relay`.
    pub kind: String,
    /// Address and port of its base, or of the mapping that a relay saw (`raddr`, `rport`).
    pub related: Option<(String, String)>,
    /// `active`, `passive` or `so` (RFC 6544, section 4.5).
    pub tcp_type: Option<String>,
    /// The user name fragment of the ICE session that it belongs to.
    pub ufrag: Option<String>,
}

impl Candidate {
    /// Reads a line, with or without `candidate:` or `a=candidate:` before it.
    pub fn parse(line: &str) -> Self {
        let line = line.trim();
        let line = line.strip_prefix("a=").unwrap_or(line);
        let words: Vec<&str> = line.strip_prefix("candidate:").unwrap_or(line).split_ascii_whitespace().collect();
        let word = |index: usize| words.get(index).copied().unwrap_or("?").to_owned();
        // Names and their values follow the fixed part.
        let value = |name: &str| {
            let at = words.iter().skip(6).position(|word| *word == name)? + 6;
            words.get(at + 1).map(|value| (*value).to_owned())
        };
        let kind = words.iter().position(|word| *word == "typ").and_then(|at| words.get(at + 1));
        Self {
            foundation: word(0),
            component: word(1),
            protocol: word(2).to_ascii_lowercase(),
            priority: words.get(3).and_then(|number| number.parse().ok()),
            address: word(4),
            port: word(5),
            kind: kind.copied().unwrap_or("?").to_owned(),
            related: value("raddr").zip(value("rport")),
            tcp_type: value("tcptype"),
            ufrag: value("ufrag"),
        }
    }

    /// Whether its address is an mDNS name, which hides the address of the device (draft-ietf-mmusic-mdns-ice-candidates).
    pub fn is_mdns(&self) -> bool {
        self.address.ends_with(".local")
    }

    /// Whether its address is one of this device alone.
    pub fn is_loopback(&self) -> bool {
        self.address.parse().is_ok_and(|address: IpAddr| address.is_loopback())
    }

    /// What it is a candidate of, if that is known: address and port of its base. Browsers that hide addresses write zeros.
    pub fn base(&self) -> Option<(&str, &str)> {
        let (address, port) = self.related.as_ref()?;
        let known = port.parse().is_ok_and(|port: u16| port != 0);
        known.then_some((address.as_str(), port.as_str()))
    }

    /// Whether this is one end of a pair; a browser that hides addresses gives type and port only, and one that has learned of
    /// a candidate from a check calls it `prflx`.
    pub fn is_end(&self, end: &CandidateEnd) -> bool {
        let same_address = end.address.is_empty() || self.address == end.address || self.is_mdns();
        self.protocol == end.protocol
            && self.port.parse() == Ok(end.port)
            && (self.kind == end.candidate_type || end.candidate_type == "prflx")
            && same_address
    }
}

/// What a type of candidate means.
pub fn kind_in_words(kind: &str) -> &'static str {
    match kind {
        "host" => "an address of the device itself",
        "srflx" => "how a STUN server sees the device: the address of its NAT",
        "prflx" => "how the peer sees the device, learned from its checks",
        "relay" => "an address at a TURN server, which relays",
        _ => "not a type that the standard knows",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_taken_apart() {
        let line = "a=candidate:842163049 1 UDP 1677729535 203.0.113.7 46154 typ srflx raddr 192.0.2.1 rport 50000 \
                    generation 0 ufrag QoEB network-cost 999";
        let candidate = Candidate::parse(line);
        assert_eq!((candidate.foundation.as_str(), candidate.component.as_str()), ("842163049", "1"));
        assert_eq!((candidate.protocol.as_str(), candidate.priority), ("udp", Some(1_677_729_535)));
        assert_eq!((candidate.address.as_str(), candidate.port.as_str()), ("203.0.113.7", "46154"));
        assert_eq!((candidate.kind.as_str(), candidate.base()), ("srflx", Some(("192.0.2.1", "50000"))));
        assert_eq!(candidate.ufrag.as_deref(), Some("QoEB"));
        assert!(!candidate.is_mdns() && !candidate.is_loopback());
    }

    #[test]
    fn tcp_and_hidden_addresses_are_understood() {
        let tcp = Candidate::parse("candidate:1 1 tcp 1518280447 fd00::1 9 typ host tcptype active");
        assert_eq!((tcp.tcp_type.as_deref(), tcp.address.as_str()), (Some("active"), "fd00::1"));
        let hidden = Candidate::parse("candidate:1 1 udp 1 203.0.113.7 5 typ srflx raddr 0.0.0.0 rport 0");
        assert_eq!(hidden.base(), None);
        let mdns = Candidate::parse("candidate:1 1 udp 1 0a-b.local 5 typ host");
        assert!(mdns.is_mdns() && !mdns.is_loopback());
        assert!(Candidate::parse("candidate:1 1 udp 1 127.0.0.1 5 typ host").is_loopback());
    }

    #[test]
    fn a_broken_line_has_gaps() {
        for line in ["", "typ", "candidate:", "x typ"] {
            let candidate = Candidate::parse(line);
            assert_eq!((candidate.kind.as_str(), candidate.port.as_str(), candidate.priority), ("?", "?", None));
        }
        let named = Candidate::parse("candidate:1 1 udp x raddr 5 typ host raddr 1.2.3.4");
        assert_eq!((named.kind.as_str(), named.related), ("host", None));
    }

    #[test]
    fn the_end_of_a_pair_is_recognised_even_behind_a_hidden_address() {
        let candidate = Candidate::parse("candidate:1 1 UDP 2122260223 192.0.2.1 54321 typ host");
        let end = |kind: &str, address: &str, port| CandidateEnd {
            candidate_type: kind.into(),
            protocol: "udp".into(),
            address: address.into(),
            port,
        };
        for same in [end("host", "192.0.2.1", 54321), end("host", "", 54321), end("prflx", "192.0.2.1", 54321)] {
            assert!(candidate.is_end(&same), "{same:?}");
        }
        for other in [end("host", "192.0.2.2", 54321), end("host", "192.0.2.1", 1), end("relay", "192.0.2.1", 54321)] {
            assert!(!candidate.is_end(&other), "{other:?}");
        }
    }
}
