//! Rooms that are still being made when nobody needs them any more: each is closed as soon as it is there.

use registry_protocol::RoomCreationResponse;

use super::effect::Request;
use super::input::CommandId;
use super::lifecycle::Machine;
use crate::error::RequestError;

/// A room that is being made for what has ended since.
#[derive(Debug)]
pub(super) struct Unwanted {
    /// By which the answer is known.
    number: u32,
    keepalive: bool,
    /// The command to close that waits for it.
    command: Option<CommandId>,
}

impl Machine {
    /// Nobody needs the rooms that are being made any more; says how many these are.
    pub(super) fn disown_rooms(&mut self, command: Option<CommandId>, keepalive: bool) -> u32 {
        let own = self.admission.as_mut().and_then(|admission| admission.making.take());
        let before = self.unwanted.len();
        let numbers = own.into_iter().chain(self.standby.making.take());
        self.unwanted.extend(numbers.map(|number| Unwanted { number, keepalive, command }));
        u32::try_from(self.unwanted.len() - before).unwrap_or_default()
    }

    /// A room that nobody needs is made, or it never will be.
    pub(super) fn on_unwanted_made(&mut self, number: u32, result: Result<RoomCreationResponse, RequestError>) {
        let known = self.unwanted.iter().position(|unwanted| unwanted.number == number);
        let known = known.map(|at| self.unwanted.swap_remove(at));
        let (keepalive, command) = known.map_or((false, None), |unwanted| (unwanted.keepalive, unwanted.command));
        match result {
            Ok(RoomCreationResponse { code: room, owner_token: token, .. }) => {
                self.request(Request::CloseRoom { room, token, keepalive, command });
            }
            Err(_) => self.on_parted(command),
        }
    }
}
