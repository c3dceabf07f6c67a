use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};

use registry_protocol::limits::Rate;

use crate::ClientRates;
use crate::window::Window;

/// How many clients one generation holds.
const CAPACITY: usize = 50_000;
/// How many clients that are limited are carried over to the next generation when one is full.
const MAX_CARRIED: usize = CAPACITY / 2;
/// How many times as much as one client the clients of one IPv6 /48 network may do together.
const NETWORK_FACTOR: u32 = 16;

/// A rate limit that applies per client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientLimit {
    /// Creating rooms.
    Create,
    /// Looking up public room information.
    Public,
    /// Attempting to join.
    Join,
    /// Calls with a token that is not valid for the room, whether or not the room exists.
    Unauthorized,
}

impl ClientLimit {
    /// How many there are.
    const COUNT: usize = 4;
}

/// Who sends a request, as far as limits are concerned: an IPv4 address, or an IPv6 network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Client(Option<IpAddr>);

impl Client {
    /// The client that has this address. All addresses of an IPv6 /64 are one client, since a subscriber usually gets a
    /// whole /64.
    pub fn of(address: IpAddr) -> Self {
        Self(Some(match address.to_canonical() {
            IpAddr::V6(ip) => IpAddr::V6(network(ip, 4)),
            ip => ip,
        }))
    }

    /// The subscriber that the client may be one of many clients of: the IPv6 /48. An IPv4 address is its own subscriber.
    #[must_use]
    pub fn subscriber(self) -> Self {
        match self.0 {
            Some(IpAddr::V6(ip)) => Self(Some(IpAddr::V6(network(ip, 3)))),
            _ => self,
        }
    }

    /// The address or network, if it is known.
    pub fn address(self) -> Option<IpAddr> {
        self.0
    }

    /// What a request counts towards, with the factor by which its rates are multiplied.
    fn counted_as(self) -> impl Iterator<Item = (Key, u32)> {
        let network = match self.0 {
            Some(IpAddr::V6(_)) => Some((Key::Network(self.subscriber()), NETWORK_FACTOR)),
            _ => None,
        };
        std::iter::once((Key::Client(self), 1)).chain(network)
    }
}

/// The first `segments` of an address.
fn network(ip: Ipv6Addr, segments: usize) -> Ipv6Addr {
    let mut kept = [0; 8];
    kept[..segments].copy_from_slice(&ip.segments()[..segments]);
    kept.into()
}

/// Whose activity is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    Client(Client),
    Network(Client),
}

/// Recent activity of one client or network.
#[derive(Debug, Default)]
struct Activity {
    windows: [Window; ClientLimit::COUNT],
    /// Until when one of its limits admits nothing more.
    limited_until: u64,
}

/// Per-client limits in bounded memory: two generations of clients. An active client moves to the current generation;
/// when that is full or as old as the longest window, it becomes the previous generation and the one before is dropped,
/// except for the clients that are limited: nobody gets rid of a limit by making the Registry see many others.
#[derive(Debug, Default)]
pub(crate) struct Clients {
    current: HashMap<Key, Activity>,
    previous: HashMap<Key, Activity>,
    rotated_at: u64,
}

impl Clients {
    /// Counts an event for a client, and for its network.
    ///
    /// # Errors
    /// How long to wait, in milliseconds, if the limit does not admit the event. In that case nothing is counted.
    pub(crate) fn admit(
        &mut self,
        now: u64,
        client: Client,
        limit: ClientLimit,
        rates: &ClientRates,
    ) -> Result<(), u64> {
        let rate = rates.of(limit);
        let times = |factor: u32| Rate::new(rate.count.saturating_mul(factor), rate.window_ms);
        let waits = client.counted_as().map(|(key, factor)| {
            let activity = self.activity(now, key);
            let wait = activity.windows[limit as usize].wait(now, times(factor));
            activity.limited_until = activity.limited_until.max(now.saturating_add(wait.unwrap_or(0)));
            wait
        });
        match waits.max().flatten() {
            Some(wait) => Err(wait),
            None => {
                for (key, factor) in client.counted_as() {
                    let activity = self.activity(now, key);
                    let window = &mut activity.windows[limit as usize];
                    window.record(now);
                    let next = window.wait(now, times(factor)).unwrap_or(0);
                    activity.limited_until = activity.limited_until.max(now.saturating_add(next));
                }
                Ok(())
            }
        }
    }

    fn activity(&mut self, now: u64, key: Key) -> &mut Activity {
        if self.current.len() >= CAPACITY {
            self.rotate(now);
        }
        let Self { current, previous, .. } = self;
        current.entry(key).or_insert_with(|| previous.remove(&key).unwrap_or_default())
    }

    /// Starts a new generation if the current one is older than the longest window, `longest_ms`.
    pub(crate) fn expire(&mut self, now: u64, longest_ms: u64) {
        if now.abs_diff(self.rotated_at) >= longest_ms {
            self.rotate(now);
        }
    }

    fn rotate(&mut self, now: u64) {
        let dropped = std::mem::replace(&mut self.previous, std::mem::take(&mut self.current));
        let limited = dropped.into_iter().filter(|(_, activity)| now < activity.limited_until);
        self.current.extend(limited.take(MAX_CARRIED));
        self.rotated_at = now;
    }

    /// The number of tracked clients and networks.
    pub(crate) fn len(&self) -> usize {
        self.current.len() + self.previous.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate::new(1, 60_000);

    fn rates() -> ClientRates {
        ClientRates { create: RATE, join: RATE, ..ClientRates::default() }
    }

    fn ip(address: &str) -> Client {
        Client::of(address.parse().unwrap())
    }

    /// One of many clients, each of another network.
    fn nth(n: usize) -> Client {
        Client::of(Ipv6Addr::from(0x2001_0db8_u128 << 96 | (n as u128) << 80).into())
    }

    fn create(clients: &mut Clients, now: u64, client: Client) -> Result<(), u64> {
        clients.expire(now, RATE.window_ms);
        clients.admit(now, client, ClientLimit::Create, &rates())
    }

    #[test]
    fn clients_and_kinds_of_event_are_counted_separately() {
        let mut clients = Clients::default();
        let (a, b) = (ip("192.0.2.1"), ip("192.0.2.2"));
        assert_eq!(create(&mut clients, 0, a), Ok(()));
        assert_eq!(create(&mut clients, 0, b), Ok(()));
        assert_eq!(clients.admit(0, a, ClientLimit::Join, &rates()), Ok(()));
        assert_eq!(create(&mut clients, 1, a), Err(59_999));
    }

    #[test]
    fn a_client_is_tracked_for_the_whole_window_and_then_dropped() {
        let mut clients = Clients::default();
        let (a, b) = (ip("192.0.2.1"), ip("192.0.2.2"));
        assert_eq!(create(&mut clients, 59_999, a), Ok(()));
        assert_eq!(create(&mut clients, 60_000, b), Ok(()));
        assert_eq!(create(&mut clients, 119_998, a), Err(1));
        for minute in 3..6 {
            clients.expire(minute * 60_000, RATE.window_ms);
        }
        assert_eq!(clients.len(), 0);
    }

    #[test]
    fn memory_is_bounded() {
        let mut clients = Clients::default();
        for n in 0..3 * CAPACITY {
            let _ = create(&mut clients, 0, nth(n % 60_000));
        }
        assert!(clients.len() <= 2 * CAPACITY);
    }

    #[test]
    fn a_client_that_is_limited_stays_so_however_many_others_are_seen() {
        let mut clients = Clients::default();
        let lax = ClientRates { create: Rate::new(2, 60_000), ..ClientRates::default() };
        let guesser = ip("192.0.2.1");
        create(&mut clients, 0, guesser).unwrap();
        for n in 0..3 * CAPACITY {
            let other = Client::of(std::net::Ipv4Addr::from(n as u32).into());
            clients.admit(1, other, ClientLimit::Create, &lax).unwrap();
        }
        assert_eq!(create(&mut clients, 2, guesser), Err(59_998));
    }

    #[test]
    fn the_clients_of_one_network_share_a_larger_limit() {
        let mut clients = Clients::default();
        let of = |n: usize| ip(&format!("2001:db8:1:{n:x}::1"));
        for n in 0..NETWORK_FACTOR as usize {
            assert_eq!(create(&mut clients, 0, of(n)), Ok(()));
        }
        assert_eq!(create(&mut clients, 0, of(1000)), Err(60_000));
        assert_eq!(create(&mut clients, 0, ip("2001:db8:2::1")), Ok(()), "another network");
        assert_eq!(create(&mut clients, 0, ip("::ffff:192.0.2.1")), Ok(()), "an IPv4 address has no network");
    }

    #[test]
    fn an_ipv6_network_counts_as_one_client() {
        for (address, client, subscriber) in [
            ("192.0.2.7", "192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::", "2001:db8:1::"),
            ("::1", "::", "::"),
        ] {
            let counted = ip(address);
            assert_eq!(counted.address(), Some(client.parse().unwrap()));
            assert_eq!(counted.subscriber().address(), Some(subscriber.parse().unwrap()));
        }
    }
}
