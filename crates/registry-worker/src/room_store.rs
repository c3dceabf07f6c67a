//! How an object stores its room: in memory while it is awake, and on disk.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use futures::channel::oneshot;
use futures::future::{Either, select, try_join};
use registry_core::{Due, LongPoll, LongPolls, PollId, Refusal, Reply, Room};
use worker::{Delay, ScheduledTime, Storage};

use crate::system::{internal_error, now};

/// The key of the only value in storage.
const KEY: &str = "room";

/// Answers a pending long poll.
type Ticket = oneshot::Sender<Result<Reply, Refusal>>;

/// The storage of one room.
pub(crate) struct RoomStore {
    storage: Storage,
    /// `None` until it has been loaded from disk. Never borrowed across an await.
    room: RefCell<Option<Option<Room>>>,
    /// Pending long polls. They exist only in memory, and keep the object awake.
    waiting: RefCell<LongPolls<Ticket>>,
    last_poll_id: Cell<u64>,
}

/// What must be written to disk.
struct Change {
    room: serde_json::Result<String>,
    /// When the alarm must fire, if it must be set: there is none, or it could fire too late. One that fires too early is
    /// set again then, which costs less than setting it with every change.
    alarm: Option<u64>,
}

impl RoomStore {
    /// A store that has not been loaded.
    pub(crate) fn new(storage: Storage) -> Self {
        Self { storage, room: RefCell::default(), waiting: RefCell::default(), last_poll_id: Cell::new(0) }
    }

    /// Runs `act` on the room, or on the empty slot if there is none, and writes any changes to disk. The platform
    /// holds back the response until those writes are durable.
    ///
    /// # Errors
    /// The error of `act`, or [`Refusal::Internal`] if the disk fails.
    pub(crate) async fn with<T>(
        &self,
        act: impl FnOnce(&mut Option<Room>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.look_up().await.map_err(internal_error)?;
        let (result, change) = self.change(act);
        if let Some(change) = change {
            self.write(change).await.map_err(|error| {
                // Memory must not be ahead of the disk.
                self.room.take();
                internal_error(error)
            })?;
        }
        self.answer_due();
        result
    }

    /// Waits until the long poll has an update or times out.
    ///
    /// # Errors
    /// [`Refusal::NoRoom`] if the room is gone.
    pub(crate) async fn long_poll(&self, poll: LongPoll) -> Result<Reply, Refusal> {
        let id = PollId(self.last_poll_id.replace(self.last_poll_id.get() + 1));
        let (ticket, mut answer) = oneshot::channel();
        let replaced = match &*self.room.borrow() {
            Some(Some(room)) => self.waiting.borrow_mut().keep(now(), room, id, poll, ticket),
            _ => return Err(Refusal::NoRoom),
        };
        let _pending = PendingPoll { store: self, id };
        replaced.into_iter().for_each(answer_one);
        loop {
            // There may have been an update since the request was handled, or it may have timed out.
            self.answer_due();
            let Some(at) = self.deadline(id) else { return answer.await.unwrap_or(Err(Refusal::Internal)) };
            let rest = Duration::from_millis(at.saturating_sub(now()).max(1));
            match select(answer, Delay::from(rest)).await {
                Either::Left((outcome, _)) => return outcome.unwrap_or(Err(Refusal::Internal)),
                Either::Right(((), rest)) => answer = rest,
            }
        }
    }

    /// Answers the long polls that have an update or have timed out.
    fn answer_due(&self) {
        let due = match &*self.room.borrow() {
            Some(Some(room)) => self.waiting.borrow_mut().take_due(now(), room),
            Some(None) => self.waiting.borrow_mut().take_all(|_| Err(Refusal::NoRoom)),
            None => return,
        };
        due.into_iter().for_each(answer_one);
    }

    /// When a long poll times out or the room expires.
    fn deadline(&self, id: PollId) -> Option<u64> {
        let until = self.waiting.borrow().until(id)?;
        let end = self.room.borrow().as_ref().and_then(|room| room.as_ref().map(Room::expires_at));
        Some(until.min(end.unwrap_or(until)))
    }

    /// Deletes everything if the room has expired at `now`; otherwise sets the alarm again.
    ///
    /// # Errors
    /// The disk failed; the platform retries the alarm.
    pub(crate) async fn clear(&self, now: u64) -> worker::Result<()> {
        self.look_up().await?;
        let end = self.room.borrow().as_ref().and_then(|room| room.as_ref().map(Room::expires_at));
        match end.filter(|end| now < *end) {
            Some(end) => self.storage.set_alarm(time(end)).await,
            None => {
                self.room.replace(Some(None));
                self.answer_due();
                self.storage.delete_all().await
            }
        }
    }

    async fn look_up(&self) -> worker::Result<()> {
        if self.room.borrow().is_some() {
            return Ok(());
        }
        let stored: Option<String> = self.storage.get(KEY).await?;
        // If another version of the Worker wrote something unreadable, the room is lost, and the alarm deletes it.
        let stored = stored.and_then(|text| serde_json::from_str(&text).map_err(internal_error).ok());
        // A concurrent request may have loaded it first.
        self.room.borrow_mut().get_or_insert(stored);
        Ok(())
    }

    /// Runs `act` on the room, and returns its result and what must be written to disk.
    fn change<T>(
        &self,
        act: impl FnOnce(&mut Option<Room>) -> Result<T, Refusal>,
    ) -> (Result<T, Refusal>, Option<Change>) {
        let mut room = self.room.borrow_mut();
        let room = room.get_or_insert_default();
        let before = room.as_ref().map(|room| (room.changes(), room.expires_at()));
        let result = act(room);
        let Some(room) = room.as_ref() else { return (result, None) };
        let after = (room.changes(), room.expires_at());
        if before == Some(after) {
            return (result, None);
        }
        let alarm = before.is_none_or(|(_, end)| after.1 < end).then_some(after.1);
        (result, Some(Change { room: serde_json::to_string(room), alarm }))
    }

    /// Writes room and alarm atomically: there is never a room on disk without an alarm that fires when it expires, or
    /// before.
    async fn write(&self, change: Change) -> worker::Result<()> {
        let put = self.storage.put_raw(KEY, change.room?);
        match change.alarm {
            Some(at) => try_join(put, self.storage.set_alarm(time(at))).await.map(drop),
            None => put.await,
        }
    }
}

/// A pending long poll, cancelled on drop.
struct PendingPoll<'a> {
    store: &'a RoomStore,
    id: PollId,
}

impl Drop for PendingPoll<'_> {
    fn drop(&mut self) {
        self.store.waiting.borrow_mut().cancel(self.id);
    }
}

/// Answers a long poll. Its client may have disconnected.
fn answer_one((ticket, outcome): Due<Ticket>) {
    let _ = ticket.send(outcome);
}

fn time(at: u64) -> ScheduledTime {
    ScheduledTime::new(js_sys::Date::new(&(at as f64).into()))
}
