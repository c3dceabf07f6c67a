//! URLs of STUN servers (RFC 7064) and TURN servers (RFC 7065).

use std::fmt;

use strum::{EnumString, IntoStaticStr};

/// What kind of server a URL names, and whether it is reached over TLS or DTLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum IceScheme {
    /// STUN over UDP or TCP.
    Stun,
    /// STUN over TLS or DTLS.
    Stuns,
    /// TURN over UDP or TCP.
    Turn,
    /// TURN over TLS or DTLS.
    Turns,
}

as_str!(IceScheme);

impl IceScheme {
    /// Whether it is a TURN server, which needs a user name and a password.
    pub fn is_turn(self) -> bool {
        matches!(self, Self::Turn | Self::Turns)
    }

    /// The port where there is none in the URL.
    pub fn default_port(self) -> u16 {
        match self {
            Self::Stun | Self::Turn => 3478,
            Self::Stuns | Self::Turns => 5349,
        }
    }
}

/// The parts of a URL that browsers take for a STUN or TURN server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IceUrl<'a> {
    /// The kind of the server.
    pub scheme: IceScheme,
    /// Its name or address, an IPv6 address in brackets.
    pub host: &'a str,
    /// Its port, if it is in the URL.
    pub port: Option<u16>,
    /// How a TURN server is reached, if it is in the URL: `udp` or `tcp`.
    pub transport: Option<&'a str>,
}

/// Why a browser would refuse a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadIceUrl {
    /// It has another scheme, or none.
    Scheme,
    /// A STUN URL that is not `stun:host` or `stun:host:port`.
    Stun,
    /// A TURN URL that is not `turn:host` or `turn:host:port`, perhaps with a transport.
    Turn,
}

impl fmt::Display for BadIceUrl {
    /// What it must be, to follow the name of a field. The URL is not repeated: it may contain a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scheme => "must be a stun:, stuns:, turn: or turns: URL, or an array of them",
            Self::Stun => "must be like stun:host or stun:host:port, and nothing after it",
            Self::Turn => "must be like turn:host or turn:host:port, with nothing but ?transport=udp or tcp after it",
        })
    }
}

impl<'a> IceUrl<'a> {
    /// Takes a URL apart.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(url: &'a str) -> Result<Self, BadIceUrl> {
        let (scheme, rest) = url.split_once(':').ok_or(BadIceUrl::Scheme)?;
        let scheme: IceScheme = scheme.parse().map_err(|_| BadIceUrl::Scheme)?;
        let problem = if scheme.is_turn() { BadIceUrl::Turn } else { BadIceUrl::Stun };
        let (server, query) = rest.split_once('?').map_or((rest, None), |(server, query)| (server, Some(query)));
        let transport = match query {
            None => None,
            Some(query) if scheme.is_turn() => {
                let transport = query.strip_prefix("transport=").filter(|word| matches!(*word, "udp" | "tcp"));
                Some(transport.ok_or(problem)?)
            }
            Some(_) => return Err(problem),
        };
        let (host, port) = host_and_port(server).ok_or(problem)?;
        Ok(Self { scheme, host, port, transport })
    }
}

/// A host name or IP address, an IPv6 address in brackets, and the port if there is one. Names may be in any script.
pub fn host_and_port(text: &str) -> Option<(&str, Option<u16>)> {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !text.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let host_ok = match bracketed {
        Some(address) => !address.is_empty() && address.chars().all(|c| c.is_ascii_hexdigit() || c == ':' || c == '.'),
        None => !host.is_empty() && host.chars().all(is_name_char),
    };
    let port = match port {
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(port.parse().ok().filter(|port: &u16| *port > 0)?)
        }
        Some(_) => return None,
        None => None,
    };
    host_ok.then_some((host, port))
}

fn is_name_char(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() || "._-".contains(c) } else { !c.is_whitespace() && !c.is_control() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        let url = |scheme, host, port, transport| Ok(IceUrl { scheme, host, port, transport });
        for (text, expected) in [
            ("stun:stun.example.com", url(IceScheme::Stun, "stun.example.com", None, None)),
            ("stuns:[::1]:5349", url(IceScheme::Stuns, "[::1]", Some(5349), None)),
            ("turn:bücher.example:80", url(IceScheme::Turn, "bücher.example", Some(80), None)),
            ("turns:192.0.2.1?transport=tcp", url(IceScheme::Turns, "192.0.2.1", None, Some("tcp"))),
        ] {
            assert_eq!(IceUrl::parse(text), expected, "{text}");
        }
        assert_eq!((IceScheme::Turn.default_port(), IceScheme::Turns.default_port()), (3478, 5349));
    }

    #[test]
    fn what_a_browser_would_refuse_is_refused() {
        for (problem, urls) in [
            (BadIceUrl::Scheme, &["", "stun", "http://a", "STUN:a"][..]),
            (BadIceUrl::Stun, &["stun:", "stun:a?transport=udp", "stun://a", "stun:a:0", "stuns:a:65536", "stun:u@a"]),
            (BadIceUrl::Turn, &["turn:", "turn:a?", "turn:a?transport=sctp", "turn:u:p@a", "turn:a/x", "turn:a b"]),
        ] {
            for url in urls {
                assert_eq!(IceUrl::parse(url), Err(problem), "{url}");
            }
        }
    }
}
