//! Where an object keeps its room: in memory while it is awake, and on disk for when it is not.

use std::cell::RefCell;

use futures::future::try_join;
use registry::{Refusal, Room};
use worker::{ScheduledTime, Storage};

use crate::system::failed;

/// The one value that is stored.
const KEY: &str = "room";

/// The place of one room.
pub(crate) struct Place {
    storage: Storage,
    /// `None` until it has been looked up on disk. Borrowed between two awaits and never across one.
    room: RefCell<Option<Option<Room>>>,
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
        Self { storage, room: RefCell::default() }
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
        result
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
                self.room.take();
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

fn time(at: u64) -> ScheduledTime {
    ScheduledTime::new(js_sys::Date::new(&(at as f64).into()))
}
