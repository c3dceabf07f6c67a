use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};

use registry_protocol::limits::Rate;

use crate::window::{Window, admit};

/// How many clients one generation remembers.
const CAPACITY: usize = 50_000;

/// What is limited per client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientLimit {
    /// Rooms created.
    Create,
    /// Rooms looked up.
    Public,
    /// Joins tried.
    Join,
}

/// What counts as one client: an IPv4 address, or the /64 network of an IPv6 address, as one subscriber has a whole one.
pub fn client_key(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
    }
}

/// What one client did lately.
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

/// The limits per client, in bounded memory: two generations of clients. Who shows up moves to the young one; when that
/// is full or as old as the longest window, the old one is forgotten and the young one takes its place.
#[derive(Debug, Default)]
pub(crate) struct Clients {
    young: HashMap<String, Client>,
    old: HashMap<String, Client>,
    turned_at: u64,
}

impl Clients {
    /// Counts an event of the client `key`.
    ///
    /// # Errors
    /// The wait in milliseconds, when `rate` does not admit the event.
    pub(crate) fn admit(&mut self, now: u64, key: &str, limit: ClientLimit, rate: Rate) -> Result<(), u64> {
        if self.young.len() >= CAPACITY {
            self.turn(now);
        }
        if !self.young.contains_key(key) {
            let client = self.old.remove(key).unwrap_or_default();
            self.young.insert(key.to_owned(), client);
        }
        let Some(client) = self.young.get_mut(key) else { return Ok(()) };
        admit(now, [(client.window(limit), rate)])
    }

    /// Starts a generation when the present one is as old as the longest window.
    pub(crate) fn age(&mut self, now: u64, longest_ms: u64) {
        if now.abs_diff(self.turned_at) >= longest_ms {
            self.turn(now);
        }
    }

    fn turn(&mut self, now: u64) {
        self.old = std::mem::take(&mut self.young);
        self.turned_at = now;
    }

    /// How many clients are remembered.
    pub(crate) fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate::new(1, 60_000);

    fn create(clients: &mut Clients, now: u64, key: &str) -> Result<(), u64> {
        clients.age(now, RATE.window_ms);
        clients.admit(now, key, ClientLimit::Create, RATE)
    }

    #[test]
    fn clients_and_kinds_of_event_are_counted_apart() {
        let mut clients = Clients::default();
        assert_eq!(create(&mut clients, 0, "a"), Ok(()));
        assert_eq!(create(&mut clients, 0, "b"), Ok(()));
        assert_eq!(clients.admit(0, "a", ClientLimit::Join, RATE), Ok(()));
        assert_eq!(create(&mut clients, 1, "a"), Err(59_999));
    }

    #[test]
    fn a_client_is_remembered_for_the_whole_window_and_then_forgotten() {
        let mut clients = Clients::default();
        assert_eq!(create(&mut clients, 59_999, "a"), Ok(()));
        assert_eq!(create(&mut clients, 60_000, "b"), Ok(()));
        assert_eq!(create(&mut clients, 119_998, "a"), Err(1));
        for minute in 3..6 {
            clients.age(minute * 60_000, RATE.window_ms);
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
