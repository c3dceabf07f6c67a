use std::collections::{BTreeSet, HashMap};

use registry_protocol::{RoomCode, RoomStatus};

use crate::room::Wait;
use crate::waiting::{Due, WaitId};
use crate::{Refusal, Reply, Room, Waiting};

/// A room and the requests that wait for news of it.
#[derive(Debug)]
struct Entry<T> {
    room: Room,
    waiting: Waiting<T>,
}

impl<T> Entry<T> {
    /// When the room is over, and when the first waiting request is due.
    fn moments(&self) -> [Option<u64>; 2] {
        [Some(self.room.expires_at()), self.waiting.next()]
    }
}

/// All the rooms, in the order in which they expire and in which their waiting requests are due.
#[derive(Debug)]
pub(crate) struct Rooms<T> {
    /// Boxed, so that a table that grows moves little: with a hundred thousand rooms in it that took a tenth of a second.
    rooms: HashMap<RoomCode, Box<Entry<T>>>,
    /// Orders of the rooms by their [moments](Entry::moments).
    orders: [BTreeSet<(u64, RoomCode)>; 2],
    /// What is to be answered now.
    due: Vec<Due<T>>,
    waiting: usize,
}

impl<T> Default for Rooms<T> {
    fn default() -> Self {
        Self { rooms: HashMap::new(), orders: Default::default(), due: Vec::new(), waiting: 0 }
    }
}

impl<T> Rooms<T> {
    /// Forgets the rooms that are over, answers the requests that have waited long enough, and returns how many rooms
    /// those were. Costs nothing when there are none.
    pub(crate) fn expire(&mut self, now: u64) -> usize {
        let mut expired = 0;
        while let Some(code) = first(&self.orders[0], now) {
            self.remove(&code);
            expired += 1;
        }
        while let Some(code) = first(&self.orders[1], now) {
            self.act(now, &code, |_| ());
        }
        expired
    }

    fn remove(&mut self, code: &RoomCode) {
        let Some(mut entry) = self.rooms.remove(code) else { return };
        self.order(code, entry.moments(), [None; 2]);
        self.waiting -= entry.waiting.len();
        self.due.extend(entry.waiting.take_all(|_| Err(Refusal::NoRoom)));
    }

    /// Whether there may be another room.
    ///
    /// # Errors
    /// [`Refusal::Full`], with the time until the next room expires.
    pub(crate) fn check_space(&self, now: u64, max_rooms: usize) -> Result<(), Refusal> {
        if self.rooms.len() < max_rooms {
            return Ok(());
        }
        let next = self.orders[0].first().map_or(now, |(at, _)| *at);
        Err(Refusal::Full { wait_ms: next.saturating_sub(now) })
    }

    pub(crate) fn contains(&self, code: &RoomCode) -> bool {
        self.rooms.contains_key(code)
    }

    pub(crate) fn insert(&mut self, code: RoomCode, room: Room) {
        let entry = Entry { room, waiting: Waiting::default() };
        self.order(&code, [None; 2], entry.moments());
        self.rooms.insert(code, Box::new(entry));
    }

    /// Does something with a room; then answers whoever has waited for it.
    pub(crate) fn with<R>(
        &mut self,
        now: u64,
        code: &RoomCode,
        act: impl FnOnce(&mut Room) -> Result<R, Refusal>,
    ) -> Result<R, Refusal> {
        self.act(now, code, |entry| act(&mut entry.room)).unwrap_or(Err(Refusal::NoRoom))
    }

    /// Keeps a request until there is news of the room.
    pub(crate) fn wait(&mut self, now: u64, code: &RoomCode, id: WaitId, wait: Wait, ticket: T) {
        self.waiting += 1;
        let replaced = self.act(now, code, |entry| entry.waiting.keep(now, &entry.room, id, wait, ticket));
        if let Some(replaced) = replaced.flatten() {
            self.waiting -= 1;
            self.due.push(replaced);
        }
    }

    /// Drops a waiting request.
    pub(crate) fn cancel(&mut self, now: u64, code: &RoomCode, id: WaitId) {
        if self.act(now, code, |entry| entry.waiting.cancel(id)).flatten().is_some() {
            self.waiting -= 1;
        }
    }

    /// Answers every waiting request as things are.
    pub(crate) fn answer_all(&mut self, now: u64) {
        for entry in self.rooms.values_mut() {
            let Entry { room, waiting } = &mut **entry;
            self.due.extend(waiting.take_all(|wait: &Wait| -> Result<Reply, Refusal> { room.answer(now, wait) }));
        }
        self.waiting = 0;
        self.orders[1].clear();
    }

    fn act<R>(&mut self, now: u64, code: &RoomCode, act: impl FnOnce(&mut Entry<T>) -> R) -> Option<R> {
        let entry = self.rooms.get_mut(code)?;
        let before = entry.moments();
        let result = act(entry);
        if !entry.waiting.is_empty() {
            let due = entry.waiting.take_due(now, &entry.room);
            self.waiting -= due.len();
            self.due.extend(due);
        }
        let after = entry.moments();
        self.order(code, before, after);
        Some(result)
    }

    fn order(&mut self, code: &RoomCode, before: [Option<u64>; 2], after: [Option<u64>; 2]) {
        for ((order, before), after) in self.orders.iter_mut().zip(before).zip(after) {
            if before != after {
                before.map(|at| order.remove(&(at, code.clone())));
                after.map(|at| order.insert((at, code.clone())));
            }
        }
    }

    /// Takes out what is to be answered now.
    pub(crate) fn take_due(&mut self) -> Vec<Due<T>> {
        std::mem::take(&mut self.due)
    }

    /// When a waiting request is due without news, or its room over: whichever is earlier, in milliseconds since the
    /// epoch.
    pub(crate) fn due_by(&self, code: &RoomCode, id: WaitId) -> Option<u64> {
        let entry = self.rooms.get(code)?;
        entry.waiting.until(id).map(|until| until.min(entry.room.expires_at()))
    }

    /// How many requests wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting
    }

    /// How many rooms are in `status`.
    pub(crate) fn count(&self, status: &RoomStatus) -> usize {
        self.rooms.values().filter(|entry| entry.room.status() == *status).count()
    }
}

/// The first of the order, if its moment has come.
fn first(order: &BTreeSet<(u64, RoomCode)>, now: u64) -> Option<RoomCode> {
    order.first().filter(|(at, _)| *at <= now).map(|(_, code)| code.clone())
}

#[cfg(test)]
mod tests {
    use registry_protocol::UserName;

    use super::*;
    use crate::{Action, Config, Context, Request};

    #[test]
    fn the_order_of_expiry_follows_every_change_of_a_rooms_end() {
        let (config, mut random) = (Config::default(), |bytes: &mut [u8]| bytes.fill(7));
        let mut rooms = Rooms::<()>::default();
        let codes = ["AAAAAAAA", "CCCCCCCC"].map(|code| RoomCode::parse(code).unwrap());
        for code in &codes {
            let cx = &mut Context { now: 0, random: &mut random, config: &config };
            let (room, _) = Room::create(cx, code.clone(), UserName::parse("Ann").unwrap()).unwrap();
            rooms.insert(code.clone(), room);
        }
        let join = Request::new("POST", "").body(r#"{"joinCode":"777777","guestUserName":"Bob"}"#);
        let cx = &mut Context { now: 100, random: &mut random, config: &config };
        rooms.with(100, &codes[0], |room| room.handle(cx, Action::Join, &join)).unwrap();
        assert_eq!((rooms.expire(179_999), rooms.expire(180_000)), (0, 1));
        assert!(rooms.contains(&codes[0]) && rooms.orders[0].len() == 1);
        assert_eq!((rooms.expire(300_099), rooms.expire(300_100)), (0, 1));
        assert!(rooms.rooms.is_empty() && rooms.orders[0].is_empty());
    }
}
