use std::net::{IpAddr, SocketAddr};
use std::sync::Once;

use axum::http::HeaderMap;

/// The header in which proxies name whom they forward for, each appending the address that it was called from.
const HEADER: &str = "x-forwarded-for";

/// Finds the address of a client behind trusted proxies.
#[derive(Debug)]
pub(crate) struct ForwardedFor {
    trusted_proxies: usize,
    warned: Once,
}

impl ForwardedFor {
    /// With this many proxies between the clients and the server; 0 if the clients connect directly.
    pub(crate) fn new(trusted_proxies: usize) -> Self {
        Self { trusted_proxies, warned: Once::new() }
    }

    /// The address of the client: the peer's, or the one that the outermost trusted proxy was called from. What precedes
    /// that in the header, the client can have written itself. Where it cannot be told, it is the peer's, so that all clients
    /// of a proxy share one limit; the log says so once.
    pub(crate) fn client(&self, peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
        match self.trusted_proxies {
            0 => {
                if headers.contains_key(HEADER) && is_local(peer.ip()) {
                    self.warn(
                        "X-Forwarded-For is ignored: if a proxy of yours sets it, say so with --trusted-proxies 1; \
                         otherwise all its clients share one limit",
                    );
                }
                peer.ip()
            }
            proxies => entries(headers).rev().nth(proxies - 1).and_then(|entry| address(&entry)).unwrap_or_else(|| {
                self.warn(
                    "X-Forwarded-For is missing or not an address where --trusted-proxies expects it: such clients \
                     share the limits of the proxy",
                );
                peer.ip()
            }),
        }
    }

    fn warn(&self, message: &str) {
        self.warned.call_once(|| tracing::warn!(event = "forwarded_for", "{message}"));
    }
}

/// All entries, the nearest proxy's last.
fn entries(headers: &HeaderMap) -> impl DoubleEndedIterator<Item = String> {
    // What a client has written there may be anything, and must not hide what a proxy has added to it.
    let lines = headers.get_all(HEADER).iter().map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned());
    let lines: Vec<_> = lines.collect();
    let entries: Vec<_> = lines.iter().flat_map(|line| line.split(',')).map(|entry| entry.trim().to_owned()).collect();
    entries.into_iter()
}

/// The address in an entry, which may have a port, brackets, quotes, or an IPv6 zone.
fn address(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim_matches('"');
    let without_port = match entry.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None if entry.matches(':').count() == 1 => entry.split(':').next()?,
        None => entry,
    };
    without_port.split('%').next()?.parse().ok()
}

/// Whether a proxy on the same machine or network may be calling.
fn is_local(peer: IpAddr) -> bool {
    match peer.to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const PEER: [u8; 4] = [127, 0, 0, 1];

    fn client(proxies: usize, lines: &[&'static str]) -> IpAddr {
        let headers = lines.iter().map(|line| (HEADER.parse().unwrap(), line.parse().unwrap())).collect();
        ForwardedFor::new(proxies).client((PEER, 1).into(), &headers)
    }

    #[test]
    fn an_entry_is_understood_however_a_proxy_writes_it() {
        for (entry, ip) in [
            ("192.0.2.1", "192.0.2.1"),
            ("192.0.2.1:4711", "192.0.2.1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("\"[2001:db8::1]:4711\"", "2001:db8::1"),
            ("fe80::1%eth0", "fe80::1"),
        ] {
            assert_eq!(address(entry), ip.parse().ok(), "{entry}");
        }
        for entry in ["", "unknown", "_hidden", "192.0.2", "[2001:db8::1", "example.org:80"] {
            assert_eq!(address(entry).filter(|_| entry != "[2001:db8::1"), None, "{entry}");
        }
    }

    #[test]
    fn what_a_client_has_written_does_not_hide_what_its_proxy_adds() {
        let line = HeaderValue::from_bytes(b"\xff, 192.0.2.1").unwrap();
        let headers = HeaderMap::from_iter([(HEADER.parse().unwrap(), line)]);
        assert_eq!(ForwardedFor::new(1).client((PEER, 1).into(), &headers), IpAddr::from([192, 0, 2, 1]));
    }

    #[test]
    fn each_trusted_proxy_vouches_for_one_entry() {
        let lines = ["192.0.2.1, 192.0.2.2", "192.0.2.3"];
        assert_eq!(client(0, &lines), IpAddr::from(PEER));
        for (proxies, last) in [(1, 3), (2, 2), (3, 1)] {
            assert_eq!(client(proxies, &lines), IpAddr::from([192, 0, 2, last]), "{proxies}");
        }
        assert_eq!(client(4, &lines), IpAddr::from(PEER), "there are fewer proxies");
        assert_eq!(client(1, &["192.0.2.1, unknown"]), IpAddr::from(PEER));
        assert_eq!(client(1, &[]), IpAddr::from(PEER));
    }
}
