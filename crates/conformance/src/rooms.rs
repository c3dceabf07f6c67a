use std::time::Duration;

use serde_json::json;

use crate::check::{Failure, number, text};
use crate::context::Context;
use crate::room::Room;
use crate::{HttpRequest, HttpResponse};

/// The maximum age of a shared room.
const SHARED_AGE: Duration = Duration::from_secs(100);

impl Context<'_> {
    /// Creates an open room for this case alone.
    pub(crate) fn new_room(&mut self) -> Result<Room, Failure> {
        let response = self.send(&HttpRequest::post("/rooms").json(&json!({"hostUserName": "Host_1"})))?;
        self.created_room(response.expect_status(201)?)
    }

    /// The room described by the response to a creation request.
    pub(crate) fn created_room(&mut self, response: &HttpResponse) -> Result<Room, Failure> {
        let body = response.json()?;
        number(&body, "expiresAt")?;
        self.extended.get_or_insert(body["exchange"] == true);
        let (join_code, host) = (text(&body, "joinCode")?, text(&body, "ownerToken")?);
        self.secrets.extend([join_code.clone(), host.clone()]);
        let since = self.transport.now();
        Ok(Room { code: text(&body, "code")?, join_code, host, guest: String::new(), since })
    }

    /// Creates a joined room for this case alone.
    pub(crate) fn new_joined(&mut self) -> Result<Room, Failure> {
        let mut room = self.new_room()?;
        self.join(&mut room)?;
        Ok(room)
    }

    /// Joins a room as the guest.
    pub(crate) fn join(&mut self, room: &mut Room) -> Result<(), Failure> {
        let body = self.send(&room.join())?.expect_status(200)?.json()?;
        number(&body, "expiresAt")?;
        room.guest = text(&body, "guestToken")?;
        room.since = self.transport.now();
        self.secrets.push(room.guest.clone());
        Ok(())
    }

    /// Creates a paired room for this case alone.
    pub(crate) fn new_paired(&mut self) -> Result<Room, Failure> {
        let room = self.new_joined()?;
        self.send(&room.offer())?.expect_status(204)?;
        self.send(&room.answer())?.expect_status(204)?;
        Ok(room)
    }

    /// A shared open room, which must not be changed.
    pub(crate) fn open(&mut self) -> Result<Room, Failure> {
        if let Some(room) = self.fresh(self.shared.open.clone()) {
            return Ok(room);
        }
        let room = self.new_room()?;
        self.shared.open = Some(room.clone());
        Ok(room)
    }

    /// A shared joined room without an offer, which must not be changed.
    pub(crate) fn joined(&mut self) -> Result<Room, Failure> {
        if let Some(room) = self.fresh(self.shared.joined.clone()) {
            return Ok(room);
        }
        let room = self.new_joined()?;
        self.shared.joined = Some(room.clone());
        Ok(room)
    }

    fn fresh(&self, room: Option<Room>) -> Option<Room> {
        room.filter(|room| self.transport.now() - room.since < SHARED_AGE)
    }
}
