use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};

use registry_protocol::limits::Rate;

use crate::window::{Window, admit};

/// How many clients one generation holds.
const CAPACITY: usize = 50_000;

/// A rate limit that applies per client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientLimit {
    /// Creating rooms.
    Create,
    /// Looking up public room information.
    Public,
    /// Attempting to join.
    Join,
}

/// The rate limiting key of a client: its IPv4 address, or the /64 network of its IPv6 address, since a subscriber
/// usually gets a whole /64.
pub fn client_key(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
    }
}

/// Recent activity of one client.
#[derive(Debug, Default)]
struct Client {
    create: Window,
    public: Window,
    join: Window,
}

impl Client {
    fn window(&mut self, limit: ClientLimit) -> &mut Window {
        match limit {
            ClientLimit::Create => &mut self.create,
            ClientLimit::Public => &mut self.public,
            ClientLimit::Join => &mut self.join,
        }
    }
}

/// Per-client limits in bounded memory: two generations of clients. An active client moves to the current generation;
/// when that is full or as old as the longest window, it becomes the previous generation and the one before is dropped.
#[derive(Debug, Default)]
pub(crate) struct Clients {
    current: HashMap<String, Client>,
    previous: HashMap<String, Client>,
    rotated_at: u64,
}

impl Clients {
    /// Counts an event for the client `key`.
    ///
    /// # Errors
    /// How long to wait, in milliseconds, if `rate` does not admit the event.
    pub(crate) fn admit(&mut self, now: u64, key: &str, limit: ClientLimit, rate: Rate) -> Result<(), u64> {
        if self.current.len() >= CAPACITY {
            self.rotate(now);
        }
        if !self.current.contains_key(key) {
            let client = self.previous.remove(key).unwrap_or_default();
            self.current.insert(key.to_owned(), client);
        }
        let Some(client) = self.current.get_mut(key) else { return Ok(()) };
        admit(now, [(client.window(limit), rate)])
    }

    /// Starts a new generation if the current one is older than the longest window, `longest_ms`.
    pub(crate) fn expire(&mut self, now: u64, longest_ms: u64) {
        if now.abs_diff(self.rotated_at) >= longest_ms {
            self.rotate(now);
        }
    }

    fn rotate(&mut self, now: u64) {
        self.previous = std::mem::take(&mut self.current);
        self.rotated_at = now;
    }

    /// The number of tracked clients.
    pub(crate) fn len(&self) -> usize {
        self.current.len() + self.previous.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate::new(1, 60_000);

    fn create(clients: &mut Clients, now: u64, key: &str) -> Result<(), u64> {
        clients.expire(now, RATE.window_ms);
        clients.admit(now, key, ClientLimit::Create, RATE)
    }

    #[test]
    fn clients_and_kinds_of_event_are_counted_separately() {
        let mut clients = Clients::default();
        assert_eq!(create(&mut clients, 0, "a"), Ok(()));
        assert_eq!(create(&mut clients, 0, "b"), Ok(()));
        assert_eq!(clients.admit(0, "a", ClientLimit::Join, RATE), Ok(()));
        assert_eq!(create(&mut clients, 1, "a"), Err(59_999));
    }

    #[test]
    fn a_client_is_tracked_for_the_whole_window_and_then_dropped() {
        let mut clients = Clients::default();
        assert_eq!(create(&mut clients, 59_999, "a"), Ok(()));
        assert_eq!(create(&mut clients, 60_000, "b"), Ok(()));
        assert_eq!(create(&mut clients, 119_998, "a"), Err(1));
        for minute in 3..6 {
            clients.expire(minute * 60_000, RATE.window_ms);
        }
        assert_eq!(clients.len(), 0);
    }

    #[test]
    fn memory_is_bounded() {
        let mut clients = Clients::default();
        for n in 0..3 * CAPACITY {
            create(&mut clients, 0, &n.to_string()).unwrap();
        }
        assert!(clients.len() <= 2 * CAPACITY);
    }

    #[test]
    fn an_ipv6_network_counts_as_one_client() {
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
