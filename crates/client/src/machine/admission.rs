//! Making, joining and leaving a room.

use std::time::Duration;

use registry_protocol::{
    EpochMs, ErrorCode, JoinCode, PublicRoomInfo, RoomCode, RoomCreationResponse, RoomJoinResponse, UserName,
};

use super::attempt::Room;
use super::effect::{Effect, Request, RoomCall};
use super::input::CommandId;
use super::lifecycle::Machine;
use super::polling::Polls;
use super::timers::Timer;
use crate::durable::Session;
use crate::error::{ApiError, ErrorKind, RequestError, TimeoutError};
use crate::event::Event;
use crate::interfaces::registry::Operation;
use crate::interfaces::state::{ConnectionState, Role, RoomInfo};

/// A Registry that wants longer than this before creating or joining is repeated is an error, not a wait.
const LONGEST_ADMISSION_PAUSE: Duration = Duration::from_secs(15);
/// A room that should have expired but is there, or of which nothing is heard, is asked for again after this.
const NEXT_EXPIRY_CHECK: Duration = Duration::from_secs(10);
/// And any room at the latest after this.
const LATEST_EXPIRY_CHECK: Duration = Duration::from_secs(900);
/// How much later than it should have expired the room is asked for.
const EXPIRY_MARGIN: Duration = Duration::from_secs(1);

/// A room that is being made or joined.
#[derive(Debug)]
pub(super) struct Admission {
    pub(super) command: CommandId,
    kind: AdmissionKind,
    host_user_name: Option<UserName>,
    /// The room is being made; by this the answer is known.
    pub(super) making: Option<u32>,
}

#[derive(Debug)]
enum AdmissionKind {
    Create(UserName),
    Join { room: RoomCode, join_code: JoinCode, guest_user_name: UserName },
}

impl Machine {
    pub(super) fn create(&mut self, command: CommandId, name: UserName) {
        if self.admit(command, ConnectionState::Creating) {
            let kind = AdmissionKind::Create(name.clone());
            self.admission = Some(Admission { command, kind, host_user_name: Some(name), making: None });
            self.send_admission();
        }
    }

    pub(super) fn join(&mut self, command: CommandId, room: RoomCode, join_code: JoinCode, guest: UserName) {
        if self.admit(command, ConnectionState::Joining) {
            // Only for the host's name, and only while the room is open: whatever comes of it, joining goes on.
            self.request(Request::GetPublicRoomInfo { room: room.clone() });
            let kind = AdmissionKind::Join { room, join_code, guest_user_name: guest };
            self.admission = Some(Admission { command, kind, host_user_name: None, making: None });
        }
    }

    fn admit(&mut self, command: CommandId, to: ConnectionState) -> bool {
        if let Err(error) = self.state.check(to) {
            self.refuse(command, error);
            return false;
        }
        self.abandon_room(None, false);
        self.room = None;
        // A Registry's limits are per room: what an earlier one has used is not charged to this one.
        self.polls = Polls::default();
        self.retry.reset();
        self.number += 1;
        self.enter(to, None);
        true
    }

    pub(super) fn on_public_room_info(&mut self, result: Result<PublicRoomInfo, RequestError>) {
        if let (Some(admission), Ok(info)) = (self.admission.as_mut(), result) {
            admission.host_user_name = Some(info.host_user_name);
        }
        self.send_admission();
    }

    /// Sends the call that makes or joins the room.
    pub(super) fn send_admission(&mut self) {
        let Some(admission) = &mut self.admission else { return };
        let request = match &admission.kind {
            AdmissionKind::Create(name) => {
                self.creations.spend(self.now.monotonic);
                admission.making = Some(self.number);
                Request::CreateRoom { host_user_name: name.clone() }
            }
            AdmissionKind::Join { room, join_code, guest_user_name } => Request::JoinRoom {
                room: room.clone(),
                join_code: join_code.clone(),
                guest_user_name: guest_user_name.clone(),
            },
        };
        self.request(request);
    }

    pub(super) fn on_room_created(&mut self, number: u32, result: Result<RoomCreationResponse, RequestError>) {
        let making = self.admission.as_mut().and_then(|admission| admission.making.take_if(|made| *made == number));
        if making.is_none() {
            return self.on_unwanted_made(number, result);
        }
        let Some(response) = self.admitted(Operation::CreateRoom, result) else { return };
        let Some(admission) = self.admission.take() else { return };
        let info = RoomInfo {
            code: response.code,
            host_user_name: admission.host_user_name,
            guest_user_name: None,
            role: Role::Host,
            token: response.owner_token,
            join_code: Some(response.join_code),
            expires_at: response.expires_at,
        };
        self.enter_room(admission.command, info, ConnectionState::Created);
    }

    pub(super) fn on_room_joined(&mut self, result: Result<RoomJoinResponse, RequestError>) {
        let Some(response) = self.admitted(Operation::JoinRoom, result) else { return };
        let Some(Admission { command, kind, host_user_name, .. }) = self.admission.take() else { return };
        let AdmissionKind::Join { room, guest_user_name, .. } = kind else { return };
        let info = RoomInfo {
            code: room,
            host_user_name,
            guest_user_name: Some(guest_user_name),
            role: Role::Guest,
            token: response.guest_token,
            join_code: None,
            expires_at: response.expires_at,
        };
        self.enter_room(command, info, ConnectionState::Joined);
    }

    /// The response, or nothing where the call is repeated or has failed for good.
    fn admitted<T>(&mut self, operation: Operation, result: Result<T, RequestError>) -> Option<T> {
        let error = match result {
            Ok(response) => return Some(response),
            Err(error) => error,
        };
        // Without an answer nobody knows whether the call took effect, and a join code works only once.
        let refused = matches!(&error, RequestError::Api(api) if api.retryable);
        let patient = error.retry_after().is_none_or(|after| after <= LONGEST_ADMISSION_PAUSE);
        if refused && patient && self.retry.failures() < self.settings.admission_retries {
            let pause = self.plan_retry(operation, &error);
            self.after(Timer::Admission, pause);
        } else {
            self.fail(error);
        }
        None
    }

    /// Counts a failure, and says how long to wait before the call is repeated.
    pub(super) fn plan_retry(&mut self, operation: Operation, error: &RequestError) -> Duration {
        let longest = self.longest_retry_pause();
        let pause = self.retry.next(error.retry_after(), &self.settings, longest, &mut self.rng);
        self.record(Event::Retry {
            operation,
            failures: self.retry.failures(),
            delay_ms: pause.as_secs_f64() * 1000.0,
            reason: error.to_string(),
        });
        pause
    }

    /// From now on this is the application's room, and shown to it.
    pub(super) fn take_room(&mut self, room: Room) {
        let info = &room.info;
        let event = Event::Room {
            code: info.code.clone(),
            role: info.role,
            host_user_name: info.host_user_name.clone(),
            expires_at: info.expires_at,
        };
        self.push(Effect::SetRoom(Box::new(info.clone())));
        self.record(event);
        self.room = Some(room);
    }

    fn enter_room(&mut self, command: CommandId, info: RoomInfo, to: ConnectionState) {
        self.retry.reset();
        let expires_at = info.expires_at;
        self.take_room(Room { info, last: None, gone: false, used: false });
        let id = format!("{:016x}", self.rng.u64(..));
        self.session = Session::new(id, std::mem::take(&mut self.session.outbound));
        self.watch_expiry(expires_at);
        self.enter(to, None);
        self.settle(Some(command), Ok(()));
    }

    /// Plans to ask for the room when it should have expired.
    pub(super) fn watch_expiry(&mut self, expires_at: EpochMs) {
        let left = self.time_until(expires_at).min(LATEST_EXPIRY_CHECK);
        let pause = if left.is_zero() { NEXT_EXPIRY_CHECK } else { left + EXPIRY_MARGIN };
        self.after(Timer::RoomExpiry, pause);
    }

    /// The room should have expired. A Registry that does not answer cannot say so; otherwise it is asked, outside of
    /// a handshake by this, inside by the polls.
    pub(super) fn on_expiry_due(&mut self) {
        if self.ladder.is_some() {
            return;
        }
        let connecting = self.state == ConnectionState::Connecting;
        let failing = self.retry.failures() > 0 || self.room_poll_is_failing();
        if connecting && failing && self.should_have_expired() {
            return self.fail(self.expired());
        }
        self.after(Timer::RoomExpiry, NEXT_EXPIRY_CHECK);
        if !connecting && self.room.as_ref().is_some_and(|room| !room.gone) {
            self.ask_room(RoomCall::Read);
        }
    }

    /// Whether its time is up, by the last that the Registry has said.
    fn should_have_expired(&self) -> bool {
        self.room.as_ref().is_some_and(|room| self.time_until(room.info.expires_at) <= EXPIRY_MARGIN)
    }

    fn expired(&self) -> TimeoutError {
        let room = self.room.as_ref().filter(|room| room.expiry_is_known());
        TimeoutError::RoomExpired { at: room.map(|room| room.info.expires_at) }
    }

    /// The Registry does not know the room any more (404), or says that it is closed.
    pub(super) fn on_room_gone(&mut self, error: ApiError) {
        if self.detour.is_some() {
            return self.on_standby_gone(error);
        }
        let time_is_up = self.should_have_expired();
        let Some(room) = self.room.as_mut() else { return };
        room.gone = true;
        let time_is_up = time_is_up && room.expiry_is_known();
        let forgotten = error.code == ErrorCode::NotFound;
        let kind: ErrorKind = if time_is_up && forgotten { self.expired().into() } else { error.into() };
        self.timers.cancel(Timer::RoomExpiry);
        match self.state {
            ConnectionState::Connecting => self.fail(kind),
            // A connection that is there needs no room.
            ConnectionState::Connected | ConnectionState::Disconnected => {}
            _ => {
                let error = self.error(kind);
                self.record(Event::Failure(error));
            }
        }
    }
}
