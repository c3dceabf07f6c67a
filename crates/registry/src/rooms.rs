use std::collections::{BTreeSet, HashMap};

use registry_protocol::{RoomCode, RoomStatus};

use crate::{Refusal, Room};

/// All the rooms, in the order in which they expire.
#[derive(Debug, Default)]
pub(crate) struct Rooms {
    rooms: HashMap<RoomCode, Room>,
    by_expiry: BTreeSet<(u64, RoomCode)>,
}

impl Rooms {
    /// Forgets the rooms that are over and returns how many they were. Costs nothing when there are none.
    pub(crate) fn expire(&mut self, now: u64) -> usize {
        let mut expired = 0;
        while self.by_expiry.first().is_some_and(|(at, _)| *at <= now) {
            if let Some((_, code)) = self.by_expiry.pop_first() {
                self.rooms.remove(&code);
                expired += 1;
            }
        }
        expired
    }

    /// Whether there may be another room.
    ///
    /// # Errors
    /// [`Refusal::Full`], with the time until the next room expires.
    pub(crate) fn check_space(&self, now: u64, max_rooms: usize) -> Result<(), Refusal> {
        if self.rooms.len() < max_rooms {
            return Ok(());
        }
        let next = self.by_expiry.first().map_or(now, |(at, _)| *at);
        Err(Refusal::Full { wait_ms: next.saturating_sub(now) })
    }

    pub(crate) fn contains(&self, code: &RoomCode) -> bool {
        self.rooms.contains_key(code)
    }

    pub(crate) fn insert(&mut self, code: RoomCode, room: Room) {
        self.by_expiry.insert((room.expires_at(), code.clone()));
        self.rooms.insert(code, room);
    }

    /// Does something with a room, and keeps the order if that moves the room's end.
    ///
    /// # Errors
    /// [`Refusal::NoRoom`], or what `act` returns.
    pub(crate) fn with<T>(
        &mut self,
        code: &RoomCode,
        act: impl FnOnce(&mut Room) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let room = self.rooms.get_mut(code).ok_or(Refusal::NoRoom)?;
        let before = room.expires_at();
        let result = act(room);
        let after = room.expires_at();
        if before != after {
            self.by_expiry.remove(&(before, code.clone()));
            self.by_expiry.insert((after, code.clone()));
        }
        result
    }

    /// How many rooms are in `status`.
    pub(crate) fn count(&self, status: &RoomStatus) -> usize {
        self.rooms.values().filter(|room| room.status() == *status).count()
    }
}

#[cfg(test)]
mod tests {
    use registry_protocol::UserName;

    use super::*;
    use crate::{Action, Config, Context};

    #[test]
    fn the_order_of_expiry_follows_every_change_of_a_rooms_end() {
        let (config, mut random) = (Config::default(), |bytes: &mut [u8]| bytes.fill(7));
        let mut rooms = Rooms::default();
        let codes = ["AAAAAAAA", "CCCCCCCC"].map(|code| RoomCode::parse(code).unwrap());
        for code in &codes {
            let cx = &mut Context { now: 0, random: &mut random, config: &config };
            let (room, _) = Room::create(cx, code.clone(), UserName::parse("Ann").unwrap()).unwrap();
            rooms.insert(code.clone(), room);
        }
        let body = br#"{"joinCode":"777777","guestUserName":"Bob"}"#;
        let cx = &mut Context { now: 100, random: &mut random, config: &config };
        rooms.with(&codes[0], |room| room.handle(cx, Action::Join, None, body)).unwrap();
        assert_eq!((rooms.expire(179_999), rooms.expire(180_000)), (0, 1));
        assert!(rooms.contains(&codes[0]) && rooms.by_expiry.len() == 1);
        assert_eq!((rooms.expire(300_099), rooms.expire(300_100)), (0, 1));
        assert!(rooms.rooms.is_empty() && rooms.by_expiry.is_empty());
    }
}
