//! Where an object keeps its room: in memory while it is awake, and on disk for when it is not.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use futures::channel::oneshot;
use futures::future::{Either, select, try_join};
use registry::{Due, Refusal, Reply, Room, Wait, WaitId, Waiting};
use worker::{Delay, ScheduledTime, Storage};

use crate::system::{failed, now};

/// The one value that is stored.
const KEY: &str = "room";

/// By which a request that waits for news is answered.
type Ticket = oneshot::Sender<Result<Reply, Refusal>>;

/// The place of one room.
pub(crate) struct Place {
    storage: Storage,
    /// `None` until it has been looked up on disk. Borrowed between two awaits and never across one.
    room: RefCell<Option<Option<Room>>>,
    /// The requests that wait for news of the room; only while the object is awake, and they keep it so.
    waiting: RefCell<Waiting<Ticket>>,
    waits: Cell<u64>,
}

/// What must be written.
struct Change {
    room: serde_json::Result<String>,
    /// When the alarm must go off, if that is another time than before.
    alarm: Option<u64>,
}

impl Place {
    /// A place that has not been looked at.
    pub(crate) fn new(storage: Storage) -> Self {
        Self { storage, room: RefCell::default(), waiting: RefCell::default(), waits: Cell::new(0) }
    }

    /// Does something with the room, or with the place where there is none, and writes down what changed. The platform
    /// holds an answer back until what was written before it is safe.
    ///
    /// # Errors
    /// What `act` returns, or [`Refusal::Internal`] if the disk fails.
    pub(crate) async fn with<T>(
        &self,
        act: impl FnOnce(&mut Option<Room>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.look_up().await.map_err(failed)?;
        let (result, change) = self.change(act);
        if let Some(change) = change {
            self.write(change).await.map_err(|error| {
                // Memory must not know more than the disk.
                self.room.take();
                failed(error)
            })?;
        }
        self.tell();
        result
    }

    /// Waits for news of the room, for as long as the request may.
    ///
    /// # Errors
    /// What the room refuses: there is none any more.
    pub(crate) async fn wait(&self, wait: Wait) -> Result<Reply, Refusal> {
        let id = WaitId(self.waits.replace(self.waits.get() + 1));
        let (ticket, mut answer) = oneshot::channel();
        let replaced = match &*self.room.borrow() {
            Some(Some(room)) => self.waiting.borrow_mut().keep(now(), room, id, wait, ticket),
            _ => return Err(Refusal::NoRoom),
        };
        let _waiter = Waiter { place: self, id };
        replaced.into_iter().for_each(answer_one);
        loop {
            // There may have been news since the request was looked at, or its time may be up.
            self.tell();
            let Some(at) = self.due_by(id) else { return answer.await.unwrap_or(Err(Refusal::Internal)) };
            let rest = Duration::from_millis(at.saturating_sub(now()).max(1));
            match select(answer, Delay::from(rest)).await {
                Either::Left((outcome, _)) => return outcome.unwrap_or(Err(Refusal::Internal)),
                Either::Right(((), rest)) => answer = rest,
            }
        }
    }

    /// Answers the waiting requests for which there is news, or whose time is up.
    fn tell(&self) {
        let due = match &*self.room.borrow() {
            Some(Some(room)) => self.waiting.borrow_mut().take_due(now(), room),
            Some(None) => self.waiting.borrow_mut().take_all(|_| Err(Refusal::NoRoom)),
            None => return,
        };
        due.into_iter().for_each(answer_one);
    }

    /// When a waiting request is due without news, or its room over.
    fn due_by(&self, id: WaitId) -> Option<u64> {
        let until = self.waiting.borrow().until(id)?;
        let end = self.room.borrow().as_ref().and_then(|room| room.as_ref().map(Room::expires_at));
        Some(until.min(end.unwrap_or(until)))
    }

    /// Removes everything if the room is over at `now`; if it is not, sets the alarm again.
    ///
    /// # Errors
    /// The disk fails; the platform calls again.
    pub(crate) async fn clear(&self, now: u64) -> worker::Result<()> {
        self.look_up().await?;
        let end = self.room.borrow().as_ref().and_then(|room| room.as_ref().map(Room::expires_at));
        match end.filter(|end| now < *end) {
            Some(end) => self.storage.set_alarm(time(end)).await,
            None => {
                self.room.replace(Some(None));
                self.tell();
                self.storage.delete_all().await
            }
        }
    }

    async fn look_up(&self) -> worker::Result<()> {
        if self.room.borrow().is_some() {
            return Ok(());
        }
        let stored: Option<String> = self.storage.get(KEY).await?;
        // What another version of the Worker wrote may be beyond us: then the room is lost, and the alarm removes it.
        let stored = stored.and_then(|text| serde_json::from_str(&text).map_err(failed).ok());
        // Somebody may have been faster.
        self.room.borrow_mut().get_or_insert(stored);
        Ok(())
    }

    /// Does something with the room, and tells what of it must be written.
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
        let alarm = (before.map(|(_, end)| end) != Some(after.1)).then_some(after.1);
        (result, Some(Change { room: serde_json::to_string(room), alarm }))
    }

    /// Writes room and alarm as one: there is never a room on disk that no alarm will remove.
    async fn write(&self, change: Change) -> worker::Result<()> {
        let put = self.storage.put_raw(KEY, change.room?);
        match change.alarm {
            Some(at) => try_join(put, self.storage.set_alarm(time(at))).await.map(drop),
            None => put.await,
        }
    }
}

/// A request that waits for as long as this lives.
struct Waiter<'a> {
    place: &'a Place,
    id: WaitId,
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.place.waiting.borrow_mut().cancel(self.id);
    }
}

/// Answers a request that has waited; one whose client has gone needs no answer.
fn answer_one((ticket, outcome): Due<Ticket>) {
    let _ = ticket.send(outcome);
}

fn time(at: u64) -> ScheduledTime {
    ScheduledTime::new(js_sys::Date::new(&(at as f64).into()))
}
