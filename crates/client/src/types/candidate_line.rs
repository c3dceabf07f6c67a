//! What the line of a candidate says (RFC 8839, section 5.1).

/// An address and a port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// An IP address, or an mDNS name in its stead.
    pub address: String,
    /// The port.
    pub port: u16,
}

impl Place {
    /// Whether the browser has hidden it: an mDNS name, or zeros.
    pub fn is_hidden(&self) -> bool {
        self.port == 0 || self.address.ends_with(".local") || matches!(self.address.as_str(), "0.0.0.0" | "::")
    }
}

impl std::fmt::Display for Place {
    /// `192.0.2.1:5000`, `[2001:db8::1]:5000`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.address.contains(':') {
            true => write!(f, "[{}]:{}", self.address, self.port),
            false => write!(f, "{}:{}", self.address, self.port),
        }
    }
}

/// A candidate's line, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CandidateLine {
    /// `host`, `srflx`, `prflx` or `relay`.
    pub kind: String,
    /// `udp` or `tcp`, in small letters: what the peers talk over.
    pub protocol: String,
    /// Where it is.
    pub place: Place,
    /// The address that it is derived from (`raddr`, `rport`): of a `srflx` candidate the device's own, of a `relay` candidate the
    /// one that the server has seen.
    pub related: Option<Place>,
    /// The network adapter, where the browser numbers them.
    pub network: Option<String>,
}

impl CandidateLine {
    /// Takes a line apart; `None` if it lacks what every candidate has.
    pub fn parse(line: &str) -> Option<Self> {
        // foundation component transport priority address port "typ" type, and then names with values
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let after = |name| words.iter().position(|word| *word == name).and_then(|at| words.get(at + 1)).copied();
        let place = |address: &str, port: &str| Some(Place { address: address.to_owned(), port: port.parse().ok()? });
        Some(Self {
            kind: after("typ")?.to_owned(),
            protocol: words.get(2)?.to_ascii_lowercase(),
            place: place(words.get(4)?, words.get(5)?)?,
            related: after("raddr").zip(after("rport")).and_then(|(address, port)| place(address, port)),
            network: after("network-id").map(str::to_owned),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_taken_apart() {
        let line = "candidate:1 1 UDP 9 198.51.100.1 6 typ srflx raddr 192.168.0.2 rport 5 generation 0 network-id 2";
        let read = CandidateLine::parse(line).unwrap();
        assert_eq!((read.kind.as_str(), read.protocol.as_str(), read.network.as_deref()), ("srflx", "udp", Some("2")));
        assert_eq!(
            (read.place.to_string(), read.related.unwrap().to_string()),
            ("198.51.100.1:6".into(), "192.168.0.2:5".into())
        );
        let six = CandidateLine::parse("candidate:1 1 udp 9 2001:db8::1 6 typ host").unwrap();
        assert_eq!((six.place.to_string(), six.related), ("[2001:db8::1]:6".into(), None));
    }

    #[test]
    fn what_is_no_candidate_is_none() {
        for line in ["", "candidate:1 1 udp 9 a 6", "candidate:1 1 udp 9 a port typ host", "candidate:1 typ host"] {
            assert_eq!(CandidateLine::parse(line), None, "{line}");
        }
    }

    #[test]
    fn hidden_addresses_are_recognised() {
        for (address, port, hidden) in
            [("0.0.0.0", 0, true), ("x.local", 5, true), ("::", 9, true), ("192.0.2.1", 5, false)]
        {
            assert_eq!(Place { address: address.into(), port }.is_hidden(), hidden, "{address}");
        }
    }
}
