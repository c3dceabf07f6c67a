use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::Client;

/// Who holds how much of something that there is only so much of, such as rooms or connections. When it runs out, whoever
/// holds most gives way: a client that takes much cannot lock out those that take little.
#[derive(Debug)]
pub struct Shares<T> {
    holders: HashMap<Client, Holder<T>>,
    /// The holders, ordered by how much they hold.
    by_total: BTreeSet<(u64, Client)>,
    total: u64,
    last_number: u64,
}

/// What one client holds, oldest first.
#[derive(Debug)]
struct Holder<T> {
    total: u64,
    items: BTreeMap<u64, (u64, T)>,
}

/// A part that a client holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    client: Client,
    number: u64,
}

impl<T> Default for Shares<T> {
    fn default() -> Self {
        Self { holders: HashMap::new(), by_total: BTreeSet::new(), total: 0, last_number: 0 }
    }
}

impl<T> Shares<T> {
    /// Gives a client `item`, which counts as `weight`. All clients of an IPv6 /48 count as one.
    pub fn add(&mut self, client: Client, weight: u64, item: T) -> Share {
        let client = client.subscriber();
        self.last_number += 1;
        let number = self.last_number;
        let before = self.held_by(client);
        let holder = self.holders.entry(client).or_insert_with(|| Holder { total: 0, items: BTreeMap::new() });
        holder.items.insert(number, (weight, item));
        holder.total += weight;
        let after = holder.total;
        self.total += weight;
        self.reorder(client, before, after);
        Share { client, number }
    }

    /// Takes an item back. `None` if that has been done.
    pub fn remove(&mut self, share: Share) -> Option<T> {
        let holder = self.holders.get_mut(&share.client)?;
        let (weight, item) = holder.items.remove(&share.number)?;
        let before = holder.total;
        holder.total -= weight;
        let after = holder.total;
        if holder.items.is_empty() {
            self.holders.remove(&share.client);
        }
        self.total -= weight;
        self.reorder(share.client, before, after);
        Some(item)
    }

    fn reorder(&mut self, client: Client, before: u64, after: u64) {
        self.by_total.remove(&(before, client));
        if self.holders.contains_key(&client) {
            self.by_total.insert((after, client));
        }
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
        self.by_total.last().map(|(total, client)| (*client, *total))
    }

    /// What a client holds, oldest first.
    pub fn items_of(&self, client: Client) -> impl Iterator<Item = (Share, &T)> {
        let client = client.subscriber();
        let items = self.holders.get(&client).into_iter().flat_map(|holder| &holder.items);
        items.map(move |(number, (_, item))| (Share { client, number: *number }, item))
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
