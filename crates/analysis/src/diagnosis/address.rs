//! What an address says about where it is.

use std::net::IpAddr;

/// Where a host is, by its address or name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// This device.
    Device,
    /// A private network.
    PrivateNetwork,
    /// Somewhere on the internet, or unknown.
    Internet,
}

/// The scheme and host of a URL, in lower case.
pub(super) fn parts(url: &str) -> Option<(String, String)> {
    let (scheme, rest) = url.trim().split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.strip_prefix('[') {
        Some(ipv6) => ipv6.split(']').next()?,
        None => host.split(':').next()?,
    };
    Some((scheme.to_ascii_lowercase(), host.to_ascii_lowercase()))
}

/// Where the host of a URL is.
pub(super) fn place(url: &str) -> Place {
    let Some((_, host)) = parts(url) else { return Place::Internet };
    match host.parse::<IpAddr>() {
        Ok(address) if address.is_loopback() => Place::Device,
        Ok(IpAddr::V4(address)) if address.is_private() || address.is_link_local() => Place::PrivateNetwork,
        Ok(IpAddr::V6(address)) if address.is_unique_local() || address.is_unicast_link_local() => {
            Place::PrivateNetwork
        }
        Ok(_) => Place::Internet,
        Err(_) if host == "localhost" || host.ends_with(".localhost") => Place::Device,
        Err(_) if [".local", ".lan", ".internal", ".home.arpa"].iter().any(|end| host.ends_with(end)) => {
            Place::PrivateNetwork
        }
        Err(_) => Place::Internet,
    }
}

/// Whether a page of this origin may not ask that address, since the page is secure and the address is not (mixed content).
pub(super) fn is_mixed(origin: &str, url: &str) -> bool {
    let scheme = |url| parts(url).map(|(scheme, _)| scheme);
    scheme(origin).as_deref() == Some("https") && scheme(url).as_deref() == Some("http") && place(url) != Place::Device
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_says_where_it_is() {
        for (url, expected) in [
            ("http://localhost:8787/", Place::Device),
            ("http://127.0.0.1", Place::Device),
            ("http://[::1]:80/x", Place::Device),
            ("https://192.168.1.4:8443/registry", Place::PrivateNetwork),
            ("http://user@10.0.0.1", Place::PrivateNetwork),
            ("http://[fe80::1]/", Place::PrivateNetwork),
            ("http://printer.local", Place::PrivateNetwork),
            ("https://registry.example.com", Place::Internet),
            ("https://172.32.0.1", Place::Internet),
            ("nonsense", Place::Internet),
        ] {
            assert_eq!(place(url), expected, "{url}");
        }
        assert!(is_mixed("https://page.example", "http://registry.example"));
        assert!(!is_mixed("https://page.example", "http://localhost:1"));
        assert!(!is_mixed("http://page.example", "http://registry.example"));
    }
}
