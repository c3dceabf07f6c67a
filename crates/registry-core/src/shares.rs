use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::Client;

/// Who holds how much of something that there is only so much of, such as rooms or connections. When it runs out, whoever
/// holds most gives way: a client that takes much cannot lock out those that take little. Among those who hold as much, it is
/// whoever has the oldest item.
#[derive(Debug)]
pub struct Shares<T> {
    holders: HashMap<Client, Holder<T>>,
    /// The holders, the one that is to give way last.
    ranked: BTreeSet<Rank>,
    total: u64,
    last_number: u64,
}

/// How much a client holds, and the number of its oldest item.
type Rank = (u64, Reverse<u64>, Client);

/// What one client holds, oldest first.
#[derive(Debug)]
struct Holder<T> {
    total: u64,
    items: BTreeMap<u64, (u64, T)>,
}

impl<T> Default for Holder<T> {
    fn default() -> Self {
        Self { total: 0, items: BTreeMap::new() }
    }
}

impl<T> Holder<T> {
    /// `None` if it holds nothing.
    fn rank(&self, client: Client) -> Option<Rank> {
        self.items.first_key_value().map(|(oldest, _)| (self.total, Reverse(*oldest), client))
    }
}

/// A part that a client holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    client: Client,
    number: u64,
}

impl<T> Default for Shares<T> {
    fn default() -> Self {
        Self { holders: HashMap::new(), ranked: BTreeSet::new(), total: 0, last_number: 0 }
    }
}

impl<T> Shares<T> {
    /// Gives a client `item`, which counts as `weight`. All clients of an IPv6 /48 count as one.
    pub fn add(&mut self, client: Client, weight: u64, item: T) -> Share {
        let client = client.subscriber();
        self.last_number += 1;
        let number = self.last_number;
        self.change(client, |holder| {
            holder.items.insert(number, (weight, item));
            holder.total += weight;
        });
        self.total += weight;
        Share { client, number }
    }

    /// Takes an item back. `None` if that has been done.
    pub fn remove(&mut self, share: Share) -> Option<T> {
        let (weight, item) = self.change(share.client, |holder| {
            let (weight, item) = holder.items.remove(&share.number)?;
            holder.total -= weight;
            Some((weight, item))
        })?;
        self.total -= weight;
        Some(item)
    }

    fn change<R>(&mut self, client: Client, change: impl FnOnce(&mut Holder<T>) -> R) -> R {
        let holder = self.holders.entry(client).or_default();
        let before = holder.rank(client);
        let result = change(holder);
        let after = holder.rank(client);
        if after.is_none() {
            self.holders.remove(&client);
        }
        if before != after {
            before.map(|rank| self.ranked.remove(&rank));
            after.map(|rank| self.ranked.insert(rank));
        }
        result
    }

    /// The weight of everything that is held.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The weight of what a client holds.
    pub fn held_by(&self, client: Client) -> u64 {
        self.holders.get(&client.subscriber()).map_or(0, |holder| holder.total)
    }

    /// The client that holds most, and the weight of that.
    pub fn largest(&self) -> Option<(Client, u64)> {
        self.holders().next()
    }

    /// All clients and the weight of what each holds, in the order in which they are to give way.
    pub fn holders(&self) -> impl Iterator<Item = (Client, u64)> {
        self.ranked.iter().rev().map(|(total, _, client)| (*client, *total))
    }

    /// What a client holds, oldest first.
    pub fn items_of(&self, client: Client) -> impl Iterator<Item = (Share, &T)> {
        let client = client.subscriber();
        let items = self.holders.get(&client).into_iter().flat_map(|holder| &holder.items);
        items.map(move |(number, (_, item))| (Share { client, number: *number }, item))
    }

    /// What everybody holds.
    pub fn items(&self) -> impl Iterator<Item = &T> {
        self.holders.values().flat_map(|holder| holder.items.values()).map(|(_, item)| item)
    }

    /// Takes back the oldest item of the client that holds most.
    pub fn take_from_largest(&mut self) -> Option<T> {
        let (client, _) = self.largest()?;
        let (oldest, _) = self.items_of(client).next()?;
        self.remove(oldest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(n: u8) -> Client {
        Client::of([192, 0, 2, n].into())
    }

    #[test]
    fn the_oldest_item_of_whoever_holds_most_is_taken() {
        let mut shares = Shares::default();
        shares.add(client(1), 1, "a small one, first of all");
        shares.add(client(2), 2, "first of many");
        shares.add(client(2), 2, "second of many");
        shares.add(client(3), 3, "a large one");
        assert_eq!((shares.total(), shares.largest()), (8, Some((client(2), 4))));
        let taken: Vec<_> = std::iter::from_fn(|| shares.take_from_largest()).collect();
        assert_eq!(taken, ["first of many", "a large one", "second of many", "a small one, first of all"]);
        assert_eq!((shares.total(), shares.largest()), (0, None));
    }

    #[test]
    fn among_equals_the_oldest_gives_way_whatever_its_address() {
        let mut shares = Shares::default();
        for n in [2, 3, 1] {
            shares.add(client(n), 1, n);
        }
        assert_eq!(shares.holders().map(|(client, _)| client).collect::<Vec<_>>(), [2, 3, 1].map(client));
        assert_eq!(shares.take_from_largest(), Some(2));
        shares.add(client(2), 1, 2);
        let taken: Vec<_> = std::iter::from_fn(|| shares.take_from_largest()).collect();
        assert_eq!(taken, [3, 1, 2]);
    }

    #[test]
    fn what_is_taken_back_no_longer_counts() {
        let mut shares = Shares::default();
        let share = shares.add(client(1), 5, ());
        shares.add(client(1), 1, ());
        assert_eq!(shares.held_by(client(1)), 6);
        assert_eq!((shares.remove(share), shares.remove(share)), (Some(()), None));
        assert_eq!((shares.held_by(client(1)), shares.items_of(client(1)).count()), (1, 1));
    }

    #[test]
    fn one_who_has_many_addresses_is_still_one() {
        let mut shares = Shares::default();
        for n in 0..3 {
            shares.add(Client::of(format!("2001:db8:1:{n}::1").parse().unwrap()), 1, n);
        }
        shares.add(client(1), 2, 9);
        assert_eq!(shares.take_from_largest(), Some(0));
    }
}
