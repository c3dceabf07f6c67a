//! The values of lines, taken apart.

use super::Line;
use crate::candidate::{Candidate, kind_in_words};

type Parts = Vec<(&'static str, String)>;

/// The parts of a line's value with their names, where there is more to say than the value itself.
pub(super) fn decoded(line: &Line<'_>) -> Parts {
    match (line.is_attribute, line.name) {
        (false, "o") => words(
            line.value,
            &["user", "session id", "version of the description", "network", "type of address", "address"],
        ),
        (false, "c") => words(line.value, &["network", "type of address", "address"]),
        (false, "m") => medium(line.value),
        (true, "candidate") => candidate(line.value),
        (true, "fingerprint") => words(line.value, &["hash function", "hash"]),
        (true, "setup") => vec![("role", role(line.value).to_owned())],
        (true, "ice-options") => line.value.split(' ').map(|option| ("option", option_in_words(option))).collect(),
        (true, "max-message-size") => vec![("limit", limit(line.value))],
        (true, "group") => group(line.value),
        (true, "rtpmap") => words(line.value, &["payload type", "codec and clock rate"]),
        (true, "extmap") => words(line.value, &["number", "name"]),
        _ => Vec::new(),
    }
}

/// The value's words under these names, as many as there are of both.
fn words(value: &str, names: &[&'static str]) -> Parts {
    names.iter().copied().zip(value.splitn(names.len(), ' ').map(str::to_owned)).collect()
}

fn medium(value: &str) -> Parts {
    let mut parts = words(value, &["medium", "port", "protocol", "formats"]);
    if let Some((_, port)) = parts.get_mut(1) {
        match port.as_str() {
            "0" => port.push_str(": the medium is refused"),
            "9" => port.push_str(": a placeholder, no candidate is known yet"),
            _ => {}
        }
    }
    parts
}

fn candidate(value: &str) -> Parts {
    let candidate = Candidate::parse(value);
    let mut parts = vec![
        ("type", format!("{}: {}", candidate.kind, kind_in_words(&candidate.kind))),
        ("address", candidate.address.clone()),
        ("port", candidate.port.clone()),
        ("protocol", candidate.protocol.clone()),
    ];
    if candidate.is_mdns() {
        parts.push((
            "mDNS",
            "a name that stands for an address, which is found out by multicast in the same network".into(),
        ));
    }
    if let Some(kind) = &candidate.tcp_type {
        parts.push(("TCP", kind.clone()));
    }
    if let Some(priority) = candidate.priority {
        let (of_type, of_address) = (priority >> 24, (priority >> 8) & 0xffff);
        parts.push(("priority", format!("{priority}: {of_type} for its type, {of_address} for its address")));
    }
    parts.push(("foundation", candidate.foundation.clone()));
    match candidate.base() {
        Some((address, port)) => parts.push(("base", format!("{address} port {port}"))),
        None if candidate.related.is_some() => parts.push(("base", "hidden by the browser".into())),
        None => {}
    }
    if let Some(ufrag) = candidate.ufrag {
        parts.push(("ICE session", ufrag));
    }
    parts
}

fn role(value: &str) -> &'static str {
    match value {
        "actpass" => "either: the other side chooses (only in an offer)",
        "active" => "client: this side begins DTLS",
        "passive" => "server: this side waits for DTLS to begin",
        "holdconn" => "no connection for now, which WebRTC does not allow",
        _ => "not a role that the standard knows",
    }
}

fn option_in_words(option: &str) -> String {
    let words = match option {
        "trickle" => "candidates may follow after the description",
        "ice2" => "ICE as of RFC 8445",
        "renomination" => "the selected pair may be changed later",
        "rtp+ecn" => "congestion marks of RTP are checked",
        _ => "not known here",
    };
    format!("{option}: {words}")
}

fn limit(value: &str) -> String {
    match value.trim().parse::<u64>() {
        Ok(0) => "any size".to_owned(),
        Ok(bytes) if bytes % 1024 == 0 => format!("{} KiB", bytes / 1024),
        Ok(bytes) => format!("{bytes} bytes"),
        Err(_) => "not a number".to_owned(),
    }
}

fn group(value: &str) -> Parts {
    let mut words = value.split(' ');
    let semantics = words.next().unwrap_or_default().to_owned();
    let mids: Vec<&str> = words.collect();
    vec![("semantics", semantics), ("media", if mids.is_empty() { "none".to_owned() } else { mids.join(", ") })]
}

#[cfg(test)]
mod tests {
    use super::super::sections;
    use super::*;

    fn of(line: &str) -> Vec<(&'static str, String)> {
        decoded(&sections(line).last().unwrap().lines[0])
    }

    fn part(line: &str, name: &str) -> String {
        of(line).into_iter().find(|(of, _)| *of == name).unwrap_or_else(|| panic!("{name} of {line}")).1
    }

    #[test]
    fn what_a_value_consists_of_is_named() {
        assert_eq!(part("o=- 57486 2 IN IP4 127.0.0.1", "session id"), "57486");
        assert_eq!(
            part("m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "port"),
            "9: a placeholder, no candidate is known yet"
        );
        assert_eq!(part("m=application 0 UDP/DTLS/SCTP webrtc-datachannel", "port"), "0: the medium is refused");
        assert_eq!(part("a=setup:active", "role"), "client: this side begins DTLS");
        assert_eq!(part("a=max-message-size:262144", "limit"), "256 KiB");
        assert_eq!(part("a=max-message-size:0", "limit"), "any size");
        assert_eq!(part("a=max-message-size:1073741823", "limit"), "1073741823 bytes");
        assert_eq!(part("a=group:BUNDLE 0 1", "media"), "0, 1");
        assert_eq!(part("a=fingerprint:sha-256 AB:CD", "hash"), "AB:CD");
        assert_eq!(of("a=ice-options:trickle ice2").len(), 2);
    }

    #[test]
    fn a_candidate_is_explained() {
        let line = "a=candidate:1 1 udp 2122260223 x.local 5 typ host generation 0";
        assert_eq!(part(line, "type"), "host: an address of the device itself");
        assert_eq!(part(line, "priority"), "2122260223: 126 for its type, 32542 for its address");
        assert!(part(line, "mDNS").contains("multicast"));
        assert_eq!(
            part("a=candidate:1 1 udp 1 192.0.2.1 5 typ srflx raddr 0.0.0.0 rport 0", "base"),
            "hidden by the browser"
        );
    }

    #[test]
    fn broken_values_are_said_to_be_broken() {
        assert_eq!(part("a=max-message-size:lots", "limit"), "not a number");
        assert_eq!(part("a=setup:perhaps", "role"), "not a role that the standard knows");
        assert_eq!(of("m="), [("medium", String::new())]);
        assert!(part("a=candidate:", "type").starts_with("?: not a type"));
    }
}
