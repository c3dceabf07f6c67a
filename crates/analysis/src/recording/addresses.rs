//! IP addresses in a text, and what stands for them.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use registry_client::json::Json;

/// Replaces every IP address in the JSON of a trace, except those that say nothing about a person.
pub(crate) fn without_addresses(written: &Json) -> Json {
    let mut standing = Standing::default();
    let mut text = String::with_capacity(written.as_str().len());
    let mut rest = written.as_str();
    while let Some(start) = rest.find(is_part) {
        let (before, from) = rest.split_at(start);
        text.push_str(before);
        let (word, after) = from.split_at(from.find(|c| !is_part(c)).unwrap_or(from.len()));
        match standing.word(word).filter(|_| !is_version(&text)) {
            Some(other) => text.push_str(&other),
            None => text.push_str(word),
        }
        rest = after;
    }
    text.push_str(rest);
    Json::from_text(text)
}

fn is_part(c: char) -> bool {
    c.is_ascii_hexdigit() || c == '.' || c == ':'
}

/// Whether what follows is the version of a program, as in `Chrome/142.0.0.0`.
fn is_version(before: &str) -> bool {
    before.strip_suffix('/').is_some_and(|program| program.ends_with(|c: char| c.is_ascii_alphanumeric()))
}

/// Addresses and what stands for them: addresses that are reserved for documentation and private networks (RFC 5737, RFC 3849,
/// RFC 1918), so that a public address still looks public and a candidate is still one.
#[derive(Default)]
struct Standing {
    others: HashMap<IpAddr, IpAddr>,
}

impl Standing {
    /// The word with what stands for the address in it: alone, after a scheme (`stun:192.0.2.1:3478`) or before the end of a
    /// sentence.
    fn word(&mut self, word: &str) -> Option<String> {
        let core = word.trim_end_matches(['.', ':']);
        // The end of a fingerprint is no IPv6 address.
        let may_begin = |start: &usize| *start < 2 || core.get(*start..).is_some_and(|rest| rest.contains('.'));
        let mut starts =
            std::iter::once(0).chain(core.match_indices(':').map(|(colon, _)| colon + 1)).filter(may_begin);
        self.address(word).or_else(|| {
            let (start, other) = starts.find_map(|start| Some((start, self.address(core.get(start..)?)?)))?;
            Some([word.get(..start)?, &other, word.get(core.len()..)?].concat())
        })
    }

    /// What stands for an address, with or without a port.
    fn address(&mut self, word: &str) -> Option<String> {
        if let Some(other) = word.parse().ok().and_then(|address| self.of(address)) {
            return Some(other.to_string());
        }
        let (address, port) = word.rsplit_once(':')?;
        let other = self.of(IpAddr::V4(address.parse().ok()?))?;
        Some(format!("{other}:{port}"))
    }

    fn of(&mut self, address: IpAddr) -> Option<IpAddr> {
        if address.is_loopback() || address.is_unspecified() || is_everybodys(address) {
            return None;
        }
        let count = self.others.len() as u32 + 1;
        let other = self.others.entry(address).or_insert_with(|| match address {
            IpAddr::V4(v4) if v4.is_private() || v4.is_link_local() => Ipv4Addr::from(0x0a00_0000 + count).into(),
            IpAddr::V4(_) => Ipv4Addr::from(0xcb00_7100 + count % 0xff).into(),
            IpAddr::V6(v6) if is_local(v6) => Ipv6Addr::from(0xfd00 << 112 | u128::from(count)).into(),
            IpAddr::V6(_) => Ipv6Addr::from(0x2001_0db8 << 96 | u128::from(count)).into(),
        });
        Some(*other)
    }
}

/// Not an address of anybody, like the `0.0.0.1` and `1.1.1.1`-like words that are versions or numbers in SDP.
fn is_everybodys(address: IpAddr) -> bool {
    matches!(address, IpAddr::V4(v4) if v4.octets()[0] == 0 || v4.is_multicast() || v4.is_broadcast())
}

fn is_local(address: Ipv6Addr) -> bool {
    address.is_unique_local() || address.is_unicast_link_local()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(text: &str) -> String {
        without_addresses(&Json::from_text(text)).as_str().to_owned()
    }

    #[test]
    fn the_same_stands_for_the_same_and_public_ones_stay_public() {
        let text = r#""candidate:1 1 udp 7 192.168.1.7 5 typ srflx raddr 93.184.216.34 rport 5" "192.168.1.7:99""#;
        let expected = r#""candidate:1 1 udp 7 10.0.0.1 5 typ srflx raddr 203.0.113.2 rport 5" "10.0.0.1:99""#;
        assert_eq!(after(text), expected);
        assert_eq!(after("[2a00:1450:4001:81b::200e] fe80::1"), "[2001:db8::1] fd00::2");
    }

    #[test]
    fn what_is_no_address_of_anybody_stays() {
        for text in [
            "127.0.0.1 ::1 0.0.0.0",
            "Chrome/142.0.0.0 Safari/537.36",
            "a=fingerprint:sha-256 AB:CD:EF:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D",
            "12:34:56 1.5 10.0.0 abcd",
            "6f1c5e9e-7c1b-4f0e.local",
        ] {
            assert_eq!(after(text), text);
        }
    }

    #[test]
    fn an_address_in_a_url_is_one() {
        for (text, expected) in [
            ("http://192.168.0.9:8787/x", "http://10.0.0.1:8787/x"),
            ("stun:192.168.0.9:3478", "stun:10.0.0.1:3478"),
            ("turn:192.168.0.9?transport=tcp", "turn:10.0.0.1?transport=tcp"),
            ("stun:[2a00:1450::e]:3478", "stun:[2001:db8::1]:3478"),
            ("stun:2a00:1450::e", "stun:2001:db8::1"),
        ] {
            assert_eq!(after(text), expected);
        }
    }

    #[test]
    fn an_address_in_a_sentence_is_one() {
        assert_eq!(after("no answer from 192.168.0.9: it is not there"), "no answer from 10.0.0.1: it is not there");
        assert_eq!(after("no answer from 192.168.0.9."), "no answer from 10.0.0.1.");
        assert_eq!(after("code:192.168.0.9"), "code:10.0.0.1");
    }
}
