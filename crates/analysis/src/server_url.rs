//! URLs of STUN and TURN servers (RFC 7064, RFC 7065), as browsers write them.

/// A URL in one of its spellings, by which servers are compared. Chromium uses a TURN server over UDP for STUN, too, and then
/// calls it `stun:`; it writes brackets around IPv6 addresses in errors alone, and the port even where it is the usual one.
pub(crate) fn plain(url: &str) -> String {
    let url = url.to_ascii_lowercase();
    let url = url.strip_suffix("?transport=udp").unwrap_or(&url).replace(['[', ']'], "");
    let (url, transport) = url.split_once('?').map_or((url.as_str(), ""), |(url, transport)| (url, transport));
    let url = url.strip_suffix(":3478").unwrap_or(url);
    match url.strip_prefix("turn:") {
        Some(address) if transport.is_empty() => format!("stun:{address}"),
        _ => format!("{url}?{transport}").trim_end_matches('?').to_owned(),
    }
}

/// Whether two URLs name one server.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}

/// Whether it is that of a TURN server.
pub(crate) fn is_turn(url: &str) -> bool {
    let url = url.to_ascii_lowercase();
    url.starts_with("turn:") || url.starts_with("turns:")
}

/// Whether the server is asked over UDP.
pub(crate) fn is_udp(url: &str) -> bool {
    let url = url.to_ascii_lowercase();
    !url.contains("transport=tcp") && !url.starts_with("turns:") && !url.starts_with("stuns:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_known_by_any_of_its_names() {
        for (one, other) in [
            ("stun:x", "stun:x:3478"),
            ("turn:x:99?transport=udp", "stun:x:99"),
            ("stun:[::1]:3478", "stun:::1:3478"),
            ("turn:x?transport=tcp", "turn:x:3478?transport=tcp"),
            ("TURN:X", "turn:x"),
        ] {
            assert!(is_same(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("stun:x", "stun:y"),
            ("turn:x?transport=tcp", "stun:x"),
            ("stun:x:1", "stun:x:2"),
            ("stun:x:34780", "stun:x:3478"),
            ("turns:x", "turn:x"),
        ] {
            assert!(!is_same(one, other), "{one} {other}");
        }
    }

    #[test]
    fn scheme_and_transport_are_read_in_any_case() {
        assert!(is_turn("turns:a") && is_turn("TURN:a") && !is_turn("stun:a"));
        assert!(
            is_udp("stun:a") && is_udp("turn:a?transport=udp") && !is_udp("turn:a?transport=TCP") && !is_udp("turns:a")
        );
    }
}
