use std::collections::{BTreeSet, HashMap};

use registry_protocol::{RoomCode, RoomStatus};

use crate::long_polls::{Due, PollId};
use crate::room::LongPoll;
use crate::{Client, LongPolls, Refusal, Reply, Room, Share, Shares};

/// A room and the long polls pending on it.
#[derive(Debug)]
struct Entry<T> {
    room: Room,
    waiting: LongPolls<Waiting<T>>,
    /// What it counts as with the client that created it.
    share: Share,
}

/// The ticket of a pending long poll, and what it counts as with the client that sent it.
#[derive(Debug)]
struct Waiting<T> {
    share: Share,
    ticket: T,
}

impl<T> Entry<T> {
    /// When the room expires, and when its first long poll times out.
    fn deadlines(&self) -> [Option<u64>; 2] {
        [Some(self.room.expires_at()), self.waiting.next()]
    }
}

/// All rooms, indexed by when they expire and when their next long poll times out.
#[derive(Debug)]
pub(crate) struct Rooms<T> {
    /// Boxed, so that growing the table moves only pointers: with 100,000 rooms stored inline, a resize took a tenth of
    /// a second.
    rooms: HashMap<RoomCode, Box<Entry<T>>>,
    /// The rooms ordered by each of their [deadlines](Entry::deadlines).
    by_deadline: [BTreeSet<(u64, RoomCode)>; 2],
    /// Who created them.
    shares: Shares<RoomCode>,
    /// Long polls that are due.
    due: Vec<Due<T>>,
    /// Who waits.
    waiting: Shares<(RoomCode, PollId)>,
}

impl<T> Default for Rooms<T> {
    fn default() -> Self {
        Self {
            rooms: HashMap::new(),
            by_deadline: Default::default(),
            shares: Shares::default(),
            due: Vec::new(),
            waiting: Shares::default(),
        }
    }
}

impl<T> Rooms<T> {
    /// Removes expired rooms and makes long polls that have timed out due. Returns the number of rooms removed. Costs
    /// nothing if there is nothing to do.
    pub(crate) fn expire(&mut self, now: u64) -> usize {
        let mut expired = 0;
        while let Some(code) = first(&self.by_deadline[0], now) {
            self.remove(&code);
            expired += 1;
        }
        while let Some(code) = first(&self.by_deadline[1], now) {
            self.act(now, &code, |_| ());
        }
        expired
    }

    fn remove(&mut self, code: &RoomCode) {
        let Some(mut entry) = self.rooms.remove(code) else { return };
        self.shares.remove(entry.share);
        self.reindex(code, entry.deadlines(), [None; 2]);
        let answered = entry.waiting.take_all(|_| Err(Refusal::NoRoom));
        self.make_due(answered);
    }

    /// These long polls wait no longer.
    fn make_due(&mut self, answered: impl IntoIterator<Item = Due<Waiting<T>>>) {
        for (Waiting { share, ticket }, answer) in answered {
            self.waiting.remove(share);
            self.due.push((ticket, answer));
        }
    }

    /// Checks that this client can create another room. If there are `max_rooms`, whoever has most of them gives way: the
    /// result is the room to [evict](Self::evict), the one that will be missed least.
    ///
    /// # Errors
    /// [`Refusal::TooManyRooms`], [`Refusal::Full`], each with the time until the next room expires.
    pub(crate) fn check_capacity(
        &self,
        now: u64,
        client: Client,
        max_rooms: usize,
        max_per_client: usize,
    ) -> Result<Option<RoomCode>, Refusal> {
        let own = self.shares.held_by(client);
        if own >= max_per_client as u64 {
            let next = self.shares.items_of(client).filter_map(|(_, code)| self.expires_at(code)).min();
            return Err(Refusal::TooManyRooms { wait_ms: next.unwrap_or(now).saturating_sub(now) });
        }
        if self.rooms.len() < max_rooms {
            return Ok(None);
        }
        let largest = self.shares.largest().filter(|(_, most)| *most > own + 1);
        let least_missed = largest.and_then(|(client, _)| {
            let rooms = self.shares.items_of(client).filter_map(|(_, code)| self.rooms.get(code).map(|at| (code, at)));
            rooms.min_by_key(|(_, entry)| entry.room.worth()).map(|(code, _)| code.clone())
        });
        let next = self.by_deadline[0].first().map_or(now, |(at, _)| *at);
        least_missed.map(Some).ok_or(Refusal::Full { wait_ms: next.saturating_sub(now) })
    }

    /// Removes a room to make place for another.
    pub(crate) fn evict(&mut self, code: &RoomCode) {
        self.remove(code);
    }

    fn expires_at(&self, code: &RoomCode) -> Option<u64> {
        self.rooms.get(code).map(|entry| entry.room.expires_at())
    }

    pub(crate) fn contains(&self, code: &RoomCode) -> bool {
        self.rooms.contains_key(code)
    }

    /// Stores a room that this client has created.
    pub(crate) fn insert(&mut self, client: Client, code: RoomCode, room: Room) {
        let share = self.shares.add(client, 1, code.clone());
        let entry = Entry { room, waiting: LongPolls::default(), share };
        self.reindex(&code, [None; 2], entry.deadlines());
        self.rooms.insert(code, Box::new(entry));
    }

    /// Runs `act` on a room, then makes the long polls due for which there is news.
    pub(crate) fn with<R>(
        &mut self,
        now: u64,
        code: &RoomCode,
        act: impl FnOnce(&mut Room) -> Result<R, Refusal>,
    ) -> Result<R, Refusal> {
        self.act(now, code, |entry| act(&mut entry.room)).unwrap_or(Err(Refusal::NoRoom))
    }

    /// Makes place for a long poll of this client if there are `max` pending: the oldest of whoever has most is answered with
    /// the current state. False if nobody has more than this client would have.
    pub(crate) fn make_place_to_wait(&mut self, now: u64, client: Client, max: usize) -> bool {
        if self.waiting() < max {
            return true;
        }
        let own = self.waiting.held_by(client);
        let Some((largest, _)) = self.waiting.largest().filter(|(_, most)| *most > own + 1) else { return false };
        let oldest = self.waiting.items_of(largest).next().map(|(_, oldest)| oldest.clone());
        if let Some((code, id)) = oldest {
            self.answer(now, &code, id);
        }
        true
    }

    /// Stores a long poll of this client until the room has news for it.
    pub(crate) fn add_poll(
        &mut self,
        now: u64,
        client: Client,
        code: &RoomCode,
        id: PollId,
        poll: LongPoll,
        ticket: T,
    ) {
        let share = self.waiting.add(client, 1, (code.clone(), id));
        let ticket = Waiting { share, ticket };
        match self.act(now, code, |entry| entry.waiting.keep(now, &entry.room, id, poll, ticket)) {
            Some(replaced) => self.make_due(replaced),
            None => drop(self.waiting.remove(share)),
        }
    }

    /// Drops a pending long poll.
    pub(crate) fn cancel(&mut self, now: u64, code: &RoomCode, id: PollId) {
        if let Some(cancelled) = self.act(now, code, |entry| entry.waiting.cancel(id)).flatten() {
            self.waiting.remove(cancelled.share);
        }
    }

    /// Makes a pending long poll due with the current state.
    pub(crate) fn answer(&mut self, now: u64, code: &RoomCode, id: PollId) {
        let answered = self.act(now, code, |entry| entry.waiting.answer(now, &entry.room, id));
        self.make_due(answered.flatten());
    }

    /// Makes all pending long polls due with the current state.
    pub(crate) fn answer_all(&mut self, now: u64) {
        for entry in self.rooms.values_mut() {
            let Entry { room, waiting, .. } = &mut **entry;
            let answered = waiting.take_all(|poll: &LongPoll| -> Result<Reply, Refusal> { room.answer(now, poll) });
            self.due.extend(answered.into_iter().map(|(waiting, answer)| (waiting.ticket, answer)));
        }
        self.waiting = Shares::default();
        self.by_deadline[1].clear();
    }

    fn act<R>(&mut self, now: u64, code: &RoomCode, act: impl FnOnce(&mut Entry<T>) -> R) -> Option<R> {
        let entry = self.rooms.get_mut(code)?;
        let before = entry.deadlines();
        let result = act(entry);
        let due = entry.waiting.take_due(now, &entry.room);
        let after = entry.deadlines();
        self.reindex(code, before, after);
        self.make_due(due);
        Some(result)
    }

    fn reindex(&mut self, code: &RoomCode, before: [Option<u64>; 2], after: [Option<u64>; 2]) {
        for ((order, before), after) in self.by_deadline.iter_mut().zip(before).zip(after) {
            if before != after {
                before.map(|at| order.remove(&(at, code.clone())));
                after.map(|at| order.insert((at, code.clone())));
            }
        }
    }

    /// Removes and returns the long polls that are due.
    pub(crate) fn take_due(&mut self) -> Vec<Due<T>> {
        std::mem::take(&mut self.due)
    }

    /// When a long poll times out or its room expires, whichever is earlier, in milliseconds since the epoch.
    pub(crate) fn deadline(&self, code: &RoomCode, id: PollId) -> Option<u64> {
        let entry = self.rooms.get(code)?;
        entry.waiting.until(id).map(|until| until.min(entry.room.expires_at()))
    }

    /// The number of pending long polls.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.total() as usize
    }

    /// The number of rooms in `status`.
    pub(crate) fn count(&self, status: &RoomStatus) -> usize {
        self.rooms.values().filter(|entry| entry.room.status() == *status).count()
    }
}

/// The first entry of an index, if its time has come.
fn first(order: &BTreeSet<(u64, RoomCode)>, now: u64) -> Option<RoomCode> {
    order.first().filter(|(at, _)| *at <= now).map(|(_, code)| code.clone())
}

#[cfg(test)]
mod tests {
    use registry_protocol::UserName;

    use super::*;
    use crate::{Action, Config, Context, Request};

    #[test]
    fn the_expiry_index_follows_every_change_of_a_rooms_expiry() {
        let (config, mut random) = (Config::default(), |bytes: &mut [u8]| bytes.fill(7));
        let mut rooms = Rooms::<()>::default();
        let codes = ["AAAAAAAA", "CCCCCCCC"].map(|code| RoomCode::parse(code).unwrap());
        for code in &codes {
            let cx = &mut Context { now: 0, random: &mut random, config: &config };
            let (room, _) = Room::create(cx, code.clone(), UserName::parse("Ann").unwrap()).unwrap();
            rooms.insert(Client::default(), code.clone(), room);
        }
        let join = Request::new("POST", "").body(r#"{"joinCode":"777777","guestUserName":"Bob"}"#);
        let cx = &mut Context { now: 100, random: &mut random, config: &config };
        rooms.with(100, &codes[0], |room| room.handle(cx, Action::Join, &join)).unwrap();
        assert_eq!((rooms.expire(179_999), rooms.expire(180_000)), (0, 1));
        assert!(rooms.contains(&codes[0]) && rooms.by_deadline[0].len() == 1);
        assert_eq!((rooms.expire(300_099), rooms.expire(300_100)), (0, 1));
        assert!(rooms.rooms.is_empty() && rooms.by_deadline[0].is_empty());
    }
}
