use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use registry::{Registry, Request, Response, Stats};

use crate::Options;
use crate::metrics::Metrics;
use crate::parse::millis;

/// A Registry with what it needs of the outside world: the time and a random source.
pub struct Host {
    registry: Mutex<Registry>,
    pub(crate) metrics: Metrics,
    pub(crate) trust_forwarded_for: bool,
}

impl Host {
    /// A Registry without rooms.
    pub fn new(options: &Options) -> Self {
        Self {
            registry: Mutex::new(Registry::new(options.config())),
            metrics: Metrics::default(),
            trust_forwarded_for: options.trust_forwarded_for,
        }
    }

    /// Answers a request that arrives now.
    pub fn handle(&self, request: &Request) -> Response {
        self.lock().handle(now(), &mut system_random, request)
    }

    /// Forgets what is over.
    pub fn tick(&self) {
        self.lock().tick(now());
    }

    /// What the Registry holds and has done.
    pub fn stats(&self) -> Stats {
        self.lock().stats()
    }

    /// The lock is held for one call and never across an await.
    fn lock(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, millis)
}

/// Random bytes from the operating system. Without them there can be no secrets, so without them there is no server.
fn system_random(bytes: &mut [u8]) {
    if let Err(error) = getrandom::fill(bytes) {
        tracing::error!(%error, "the operating system gives no random bytes");
        std::process::abort();
    }
}

/// What counts as one client: an IPv4 address, or the /64 network of an IPv6 address, as one subscriber has a whole one.
pub(crate) fn client_key(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_network_is_one_client() {
        for (ip, key) in [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("::1", "::"),
        ] {
            assert_eq!(client_key(ip.parse().unwrap()), key);
        }
    }
}
