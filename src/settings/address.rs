//! URLs of Registries, STUN servers and TURN servers: whether they are valid, and which server they name.

use registry_client::types::ice_url::{BadIceUrl, IceUrl, host_and_port};

use crate::foreign::is_invisible;

/// What is wrong with a Registry's URL.
pub(crate) fn registry_problem(url: &str) -> Option<&'static str> {
    if url.is_empty() {
        return Some("Enter the URL of a Registry.");
    }
    let Some(rest) = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")) else {
        return Some("The URL must start with http:// or https://.");
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.is_empty() || host.starts_with(':') || url.contains(is_invisible) {
        return Some("The URL needs a host, such as https://registry.example.com.");
    }
    (host.contains('@') || rest.contains(['?', '#'])).then_some("The URL must not have a user name, query or fragment.")
}

/// What is wrong with a STUN server's URL (RFC 7064).
pub(crate) fn stun_problem(url: &str) -> Option<&'static str> {
    match parse(url) {
        Ok(url) if !url.scheme.is_turn() => None,
        Err(BadIceUrl::Stun) => Some("A STUN URL has the form stun:host or stun:host:port."),
        _ => Some("A STUN URL starts with stun: or stuns:."),
    }
}

/// What is wrong with a TURN server's URL (RFC 7065).
pub(crate) fn turn_problem(url: &str) -> Option<&'static str> {
    match parse(url) {
        Ok(url) if url.scheme.is_turn() => None,
        Err(BadIceUrl::Turn) => Some("A TURN URL has the form turn:host:port, optionally with ?transport=tcp."),
        _ => Some("A TURN URL starts with turn: or turns:."),
    }
}

/// What a browser would take, unless it could look like something else than it is.
fn parse(url: &str) -> Result<IceUrl<'_>, BadIceUrl> {
    match IceUrl::parse(url)? {
        parsed if !url.contains(is_invisible) => Ok(parsed),
        parsed if parsed.scheme.is_turn() => Err(BadIceUrl::Turn),
        _ => Err(BadIceUrl::Stun),
    }
}

/// Whether the text is a host name or IP address, with or without a port.
pub(crate) fn is_host(text: &str) -> bool {
    host_and_port(text).is_some() && !text.contains(is_invisible)
}

/// A TURN server: scheme, host and port. Two URLs with different transports name the same server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TurnServer(String);

impl TurnServer {
    /// The server that a URL names; `None` if it is not a TURN URL.
    pub fn of(url: &str) -> Option<Self> {
        let url = parse(url.trim()).ok().filter(|url| url.scheme.is_turn())?;
        let port = url.port.unwrap_or(url.scheme.default_port());
        Some(Self(format!("{}:{}:{port}", url.scheme.as_str(), url.host.to_ascii_lowercase())))
    }

    /// Its URL, with the port.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registry_urls_are_checked() {
        for good in ["http://localhost:8787", "https://r.example.com/base/", "http://[::1]:1"] {
            assert_eq!(registry_problem(good), None, "{good}");
        }
        for bad in [
            "",
            "localhost:8787",
            "ftp://x",
            "http://",
            "http://:80",
            "http://a b",
            "http://u@h",
            "http://h/?x",
            "https://good.example/\u{202e}moc.live//:sptth",
            "https://exam\u{200b}ple.com",
        ] {
            assert!(registry_problem(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn ice_servers_have_a_visible_host_and_no_user() {
        for good in ["turn:t", "turns:t:5349?transport=tcp", "turn:[::1]:3478", "turn:bücher.example"] {
            assert_eq!(turn_problem(good), None, "{good}");
        }
        for bad in [
            "turn:",
            "turn:u:p@t",
            "turn:u@t",
            "turn:t:0",
            "turn:t:+3478",
            "turn:t:",
            "turn:t/x",
            "turn:t?",
            "turn:t?transport=sctp",
            "turn:a\u{202e}b",
            "turn:a\u{200b}",
            "stun:t",
            "t",
        ] {
            assert!(turn_problem(bad).is_some(), "{bad}");
        }
        assert!(stun_problem("stun:a\u{2066}b").is_some());
    }

    #[test]
    fn a_server_is_identified_by_scheme_host_and_port() {
        let server = TurnServer::of("turn:turn.example.com").unwrap();
        assert_eq!(server.as_str(), "turn:turn.example.com:3478");
        for same in [" turn:turn.example.com:3478 ", "turn:TURN.example.com?transport=tcp"] {
            assert_eq!(TurnServer::of(same).as_ref(), Some(&server), "{same}");
        }
        for other in [
            "turn:turn.example.com:3479",
            "turns:turn.example.com:3478",
            "turn:turn.example.com.evil.example",
            "turn:turn.example.co",
            "turn:evil.example",
        ] {
            assert_ne!(TurnServer::of(other).as_ref(), Some(&server), "{other}");
        }
        for none in ["", "turn:", "stun:turn.example.com", "turn:u@turn.example.com"] {
            assert_eq!(TurnServer::of(none), None, "{none}");
        }
    }
}
