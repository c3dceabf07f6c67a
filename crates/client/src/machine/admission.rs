//! Making or joining a room. Specification: *Phase 1: Room Setup*.

use std::time::Duration;

use registry_protocol::{JoinCode, PublicRoomInfo, RoomCode, RoomCreationResponse, RoomJoinResponse, UserName};

use super::context::{Context, ms};
use super::effect::Request;
use super::input::CommandId;
use crate::error::RequestError;
use crate::event::Event;
use crate::machine::backoff::Backoff;
use crate::machine::timers::Timer;
use crate::types::operation::Operation;
use crate::types::state::{Role, RoomInfo};

/// A Registry that wants longer than this before creating or joining is repeated is an error, not a wait.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// A room that is being made or joined.
#[derive(Debug)]
pub(super) struct Admission {
    command: CommandId,
    kind: Kind,
    host_user_name: Option<UserName>,
    /// The room is being made; by this number the answer is known.
    making: Option<u32>,
    retry: Backoff,
}

#[derive(Debug)]
enum Kind {
    Create,
    Join { room: RoomCode, join_code: JoinCode, guest_user_name: UserName },
}

/// What an answer means.
#[derive(Debug)]
pub(super) enum Admitted {
    /// This side is in the room, of which it may know a version for which it can wait.
    Room(RoomInfo, Option<u64>),
    /// The call is repeated later.
    Later,
    /// It has failed for good.
    Failed(RequestError),
}

impl Admission {
    /// Making a room.
    pub(super) fn create(command: CommandId, name: UserName) -> Self {
        Self { command, kind: Kind::Create, host_user_name: Some(name), making: None, retry: Backoff::default() }
    }

    /// Joining a room.
    pub(super) fn join(command: CommandId, room: RoomCode, join_code: JoinCode, guest_user_name: UserName) -> Self {
        let kind = Kind::Join { room, join_code, guest_user_name };
        Self { command, kind, host_user_name: None, making: None, retry: Backoff::default() }
    }

    /// Who waits for it.
    pub(super) fn command(&self) -> CommandId {
        self.command
    }

    /// Whether it makes a room.
    pub(super) fn creates(&self) -> bool {
        matches!(self.kind, Kind::Create)
    }

    /// Makes the first call.
    pub(super) fn begin(&mut self, cx: &mut Context) {
        match &self.kind {
            Kind::Create => self.send(cx),
            // Only for the host's name, and only while the room is open: joining follows, whatever comes of it.
            Kind::Join { room, .. } => cx.request(Request::GetPublicRoomInfo { room: room.clone() }),
        }
    }

    /// Makes the call that makes or joins the room.
    pub(super) fn send(&mut self, cx: &mut Context) {
        let request = match (&self.kind, &self.host_user_name) {
            (Kind::Create, Some(name)) => {
                self.making = Some(cx.attempt());
                Request::CreateRoom { host_user_name: name.clone() }
            }
            (Kind::Create, None) => return,
            (Kind::Join { room, join_code, guest_user_name }, _) => Request::JoinRoom {
                room: room.clone(),
                join_code: join_code.clone(),
                guest_user_name: guest_user_name.clone(),
            },
        };
        cx.request(request);
    }

    /// What anybody may know of the room that is to be joined.
    pub(super) fn on_public_room_info(&mut self, cx: &mut Context, result: Result<PublicRoomInfo, RequestError>) {
        if let Ok(info) = result {
            self.host_user_name = Some(info.host_user_name);
        }
        self.send(cx);
    }

    /// Whether the answer with this number is about the room that is being made. It is not awaited any more then.
    pub(super) fn take_making(&mut self, number: u32) -> bool {
        self.making.take_if(|making| *making == number).is_some()
    }

    /// Nobody needs the room that is being made any more. Returns by what number its answer is known.
    pub(super) fn disown_making(&mut self) -> Option<u32> {
        self.making.take()
    }

    /// The Registry has answered to making the room.
    pub(super) fn on_created(
        &mut self,
        cx: &mut Context,
        result: Result<RoomCreationResponse, RequestError>,
    ) -> Admitted {
        match result {
            Ok(response) => {
                let info = RoomInfo {
                    code: response.code,
                    host_user_name: self.host_user_name.clone(),
                    guest_user_name: None,
                    role: Role::Host,
                    token: response.owner_token,
                    join_code: Some(response.join_code),
                    expires_at: response.expires_at,
                    exchange: response.exchange,
                };
                Admitted::Room(info, None)
            }
            Err(error) => self.retry(cx, Operation::CreateRoom, error),
        }
    }

    /// The Registry has answered to joining the room.
    pub(super) fn on_joined(&mut self, cx: &mut Context, result: Result<RoomJoinResponse, RequestError>) -> Admitted {
        match (result, &self.kind) {
            (Ok(response), Kind::Join { room, guest_user_name, .. }) => {
                let info = RoomInfo {
                    code: room.clone(),
                    host_user_name: self.host_user_name.clone(),
                    guest_user_name: Some(guest_user_name.clone()),
                    role: Role::Guest,
                    token: response.guest_token,
                    join_code: None,
                    expires_at: response.expires_at,
                    exchange: response.exchange,
                };
                Admitted::Room(info, response.version)
            }
            (Ok(_), Kind::Create) => Admitted::Later,
            (Err(error), _) => self.retry(cx, Operation::JoinRoom, error),
        }
    }

    /// Repeats the call where that may help.
    fn retry(&mut self, cx: &mut Context, operation: Operation, error: RequestError) -> Admitted {
        // Without an answer nobody knows whether the call took effect, and a join code works only once.
        let refused = matches!(&error, RequestError::Api(api) if api.retryable);
        let patient = error.retry_after().is_none_or(|after| after <= LONGEST_PAUSE);
        if !(refused && patient && self.retry.failures() < cx.settings.admission_retries) {
            return Admitted::Failed(error);
        }
        let pause = self.retry.next(cx, error.retry_after(), cx.settings.retry_backoff_max);
        let (failures, reason) = (self.retry.failures(), error.to_string());
        cx.record(Event::Retry { operation, failures, delay_ms: ms(pause), reason });
        cx.after(Timer::Admission, pause);
        Admitted::Later
    }
}

#[cfg(test)]
mod tests;
