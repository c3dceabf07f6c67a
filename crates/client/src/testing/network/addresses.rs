use std::net::IpAddr;

/// The path in a URL. Whatever comes before it, it is that of the only Registry.
pub(super) fn path(url: &str) -> &str {
    let host_and_path = url.split_once("://").map(|(_, rest)| rest);
    let path = host_and_path.and_then(|rest| rest.find('/').map(|at| &rest[at..]));
    path.or_else(|| url.strip_prefix("registry:")).unwrap_or(url)
}

/// The address of a client, by its name: each has its own.
pub(super) fn address(name: &str) -> IpAddr {
    let last = name.bytes().fold(0, |sum: u8, byte| sum.wrapping_mul(31).wrapping_add(byte));
    [192, 0, 2, last].into()
}
