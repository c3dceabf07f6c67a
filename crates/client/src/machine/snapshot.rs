//! What the room says: its life, the other side's description, and candidates where they come with it.

use std::rc::Rc;

use registry_protocol::{ErrorCode, RoomSnapshot, RoomStatus};

use super::effect::Effect;
use super::lifecycle::Machine;
use crate::error::{ApiError, ROOM_CLOSED, RequestError, WebRtcError};
use crate::event::Event;
use crate::interfaces::registry::Operation;
use crate::interfaces::state::{ConnectionState, Role};

impl Machine {
    /// The room was read while it is unclear whether it holds this side's description.
    pub(super) fn confirm_description(&mut self, snapshot: &RoomSnapshot) {
        self.attempt.negotiation.confirming = false;
        let theirs = if self.role() == Some(Role::Host) { &snapshot.offer } else { &snapshot.answer };
        if *theirs == self.attempt.negotiation.local {
            self.description_is_posted();
        } else {
            // It was answered in an earlier attempt, and this side had not learned it.
            self.use_up_standby();
            self.fail(ApiError {
                operation: self.post_operation(),
                status: 409,
                code: ErrorCode::AlreadyPaired,
                message: String::new(),
                retryable: false,
                retry_after: None,
            });
        }
    }

    /// The room, as it is or, if it was `waited` for, as it has become.
    pub(super) fn on_room(&mut self, result: Result<RoomSnapshot, RequestError>, waited: bool) {
        self.polls.room.answered();
        match result {
            Ok(snapshot) => self.on_snapshot(snapshot, waited),
            Err(RequestError::Api(error)) if error.code == ErrorCode::NotFound => self.on_room_gone(error),
            Err(error) if error.retryable() => self.on_room_poll_failed(&error),
            Err(error) if self.state == ConnectionState::Connecting => self.fail(error),
            Err(_) => {}
        }
    }

    pub(super) fn on_room_poll_failed(&mut self, error: &RequestError) {
        if std::mem::take(&mut self.attempt.negotiation.confirming) {
            self.repeat_description(error);
        }
        self.room_poll_failed(error);
    }

    pub(super) fn on_snapshot(&mut self, mut snapshot: RoomSnapshot, waited: bool) {
        let (version, candidates) = (snapshot.version.take(), snapshot.candidates.take());
        if waited {
            self.note_version(version.filter(|_| candidates.is_some()));
        }
        let elsewhere = self.detour.is_some();
        let Some(room) = self.detour.as_mut().or(self.room.as_mut()) else { return };
        let snapshot = Rc::new(snapshot);
        let changed = room.last.replace(Rc::clone(&snapshot)).is_none_or(|last| last != snapshot);
        let renewed = room.info.expires_at != snapshot.expires_at && !elsewhere;
        room.info.expires_at = snapshot.expires_at;
        if renewed {
            let info = Box::new(room.info.clone());
            self.push(Effect::SetRoom(info));
        }
        if !self.attempt.negotiation.knows_remote() && !elsewhere {
            self.watch_expiry(snapshot.expires_at);
        }
        // The application's room is shown; what happens in another is shown by the steps of the handshake.
        if changed && !elsewhere {
            self.record(Event::Snapshot {
                status: snapshot.status.as_str().to_owned(),
                offer: snapshot.offer.is_some(),
                answer: snapshot.answer.is_some(),
                expires_at: snapshot.expires_at,
            });
        }
        if snapshot.status == RoomStatus::Closed {
            return self.on_room_gone(closed_room());
        }
        if self.state == ConnectionState::Connecting {
            if self.attempt.negotiation.confirming {
                self.confirm_description(&snapshot);
            }
            self.take_remote(&snapshot);
        }
        let any_new = candidates.is_some_and(|list| self.receive(list));
        self.room_poll_answered(changed, any_new, waited);
    }

    /// Takes the other side's description out of a snapshot, once.
    pub(super) fn take_remote(&mut self, snapshot: &RoomSnapshot) {
        let host = self.role() == Some(Role::Host);
        let answered = snapshot.status == RoomStatus::Paired;
        let Some(found) = (if host { &snapshot.answer } else { &snapshot.offer }).clone() else { return };
        match (&self.attempt.negotiation.remote, host) {
            (None, true) if !self.attempt.negotiation.posted => {}
            (None, false) if self.detour.is_some() => {
                if !answered {
                    self.take_standby_offer(found);
                } else {
                    // By an earlier attempt of this side's; the host names the next room.
                    self.use_up_standby();
                    self.go_on_to_next();
                }
            }
            (None, _) => self.apply_remote(found, host),
            // What has waited for candidates brings the descriptions again.
            (Some(known), true) if *known == found && self.polls.waits() => {}
            (Some(known), true) if *known == found => self.record(Event::AnswerDuplicate),
            (Some(_), true) => {
                let error = self.error(WebRtcError::ConflictingAnswer);
                self.record(Event::Failure(error));
            }
            // The host has replaced its offer before this side's answer was there.
            (Some(known), false)
                if self.detour.is_some() && !answered && !self.attempt.negotiation.posted && *known != found =>
            {
                self.meet_in_standby();
                self.take_standby_offer(found);
            }
            (Some(_), false) => {}
        }
    }
}

fn closed_room() -> ApiError {
    ApiError {
        operation: Operation::GetRoom,
        status: 200,
        code: ErrorCode::Other(ROOM_CLOSED.to_owned()),
        message: String::new(),
        retryable: false,
        retry_after: None,
    }
}
