use std::net::IpAddr;

use registry_client::protocol::IceCandidate;

/// How a candidate was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::diagnosis) enum CandidateType {
    Host,
    /// Server-reflexive, or peer-reflexive: what others see of this side.
    Reflexive,
    Relay,
    Unknown,
}

/// What the rules need of a `candidate-attribute` (RFC 8839, section 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::diagnosis) struct Candidate<'a> {
    pub(in crate::diagnosis) kind: CandidateType,
    pub(in crate::diagnosis) udp: bool,
    /// IP address or mDNS name.
    pub(in crate::diagnosis) address: &'a str,
    pub(in crate::diagnosis) port: &'a str,
    /// From where a reflexive candidate was found, if the browser tells.
    pub(in crate::diagnosis) base: Option<(&'a str, &'a str)>,
    /// The user name of ICE that it belongs to.
    pub(in crate::diagnosis) user_fragment: Option<&'a str>,
}

impl<'a> Candidate<'a> {
    /// Reads a candidate line, leniently: what is missing is empty or unknown.
    pub(in crate::diagnosis) fn parse(line: &'a str) -> Self {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let word = |index: usize| words.get(index).copied().unwrap_or_default();
        let after = |name: &str| {
            let place = words.iter().skip(6).position(|word| *word == name)?;
            words.get(place + 7).copied()
        };
        let kind = match after("typ") {
            Some("host") => CandidateType::Host,
            Some("srflx" | "prflx") => CandidateType::Reflexive,
            Some("relay") => CandidateType::Relay,
            _ => CandidateType::Unknown,
        };
        // Browsers that hide a base write zeros, and port 9.
        let base = after("raddr").zip(after("rport")).filter(|(address, _)| !matches!(*address, "0.0.0.0" | "::"));
        let udp = word(2).eq_ignore_ascii_case("udp");
        Self { kind, udp, address: word(4), port: word(5), base, user_fragment: after("ufrag") }
    }

    pub(in crate::diagnosis) fn of(candidate: &'a IceCandidate) -> Self {
        Self::parse(&candidate.candidate)
    }

    pub(in crate::diagnosis) fn is_mdns(&self) -> bool {
        self.address.ends_with(".local")
    }

    pub(in crate::diagnosis) fn is_loopback(&self) -> bool {
        self.address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    /// Whether its address is of IPv6; unknown for a name.
    pub(in crate::diagnosis) fn is_ipv6(&self) -> Option<bool> {
        self.address.parse::<IpAddr>().ok().map(|address| address.is_ipv6())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_candidate_line_is_read_leniently() {
        let line = "candidate:1 1 udp 1677729535 203.0.113.7 50001 typ srflx raddr 192.168.0.2 rport 4000 generation 0 ufrag aB+/";
        let read = Candidate::parse(line);
        assert_eq!(
            (read.kind, read.udp, read.address, read.port),
            (CandidateType::Reflexive, true, "203.0.113.7", "50001")
        );
        assert_eq!((read.base, read.user_fragment), (Some(("192.168.0.2", "4000")), Some("aB+/")));
        let hidden = Candidate::parse("candidate:1 1 udp 1 203.0.113.7 50001 typ srflx raddr 0.0.0.0 rport 0");
        assert_eq!(hidden.base, None);
        for odd in ["", "candidate:1", "candidate:1 1 udp 1 typ", "candidate:1 1 udp 1 a 1 typ"] {
            assert_eq!(Candidate::parse(odd).kind, CandidateType::Unknown, "{odd}");
        }
        assert!(Candidate::parse("candidate:1 1 udp 1 ::1 9 typ host").is_loopback());
        assert!(Candidate::parse("candidate:1 1 udp 1 af01.local 9 typ host").is_mdns());
    }
}
