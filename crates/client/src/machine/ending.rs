//! What is still to be done when a room is closed: calls that outlive the session, and the commands that wait for them.

use registry_protocol::{ErrorCode, RoomCreationResponse};

use super::context::Context;
use super::effect::{Effect, Request};
use super::input::CommandId;
use crate::error::RequestError;
use crate::event::Event;

/// A command to close, and how much of it is still to be done.
#[derive(Debug)]
struct Closing {
    command: CommandId,
    left: u32,
    /// Commands to close that came meanwhile.
    joined: Vec<CommandId>,
    /// A room could not be closed, and that was reported.
    failed: bool,
}

/// A room that is being made for what has ended since. It is closed as soon as it is there.
#[derive(Debug)]
struct Unwanted {
    /// By which the answer is known.
    number: u32,
    keepalive: bool,
    /// The command to close that waits for it.
    command: Option<CommandId>,
}

/// What is still to be done for sessions that are over.
#[derive(Debug, Default)]
pub(super) struct Ending {
    closing: Vec<Closing>,
    unwanted: Vec<Unwanted>,
}

impl Ending {
    /// `command` has its outcome when so many things are done.
    pub(super) fn await_steps(&mut self, command: CommandId, steps: u32) {
        self.closing.push(Closing { command, left: steps, joined: Vec::new(), failed: false });
    }

    /// A further `command` to close has its outcome together with the latest; returns whether there is one.
    pub(super) fn join(&mut self, command: CommandId) -> bool {
        let latest = self.closing.last_mut();
        latest.map(|closing| closing.joined.push(command)).is_some()
    }

    /// Something of what closing takes is done; with the last of it the command has its outcome.
    pub(super) fn on_step(&mut self, cx: &mut Context, command: Option<CommandId>) {
        let Some(at) = self.closing.iter().position(|closing| Some(closing.command) == command) else { return };
        self.closing[at].left -= 1;
        if self.closing[at].left == 0 {
            let Closing { command, joined, .. } = self.closing.remove(at);
            cx.record(Event::CleanupComplete);
            for command in [command].into_iter().chain(joined) {
                cx.push(Effect::Settle(command, Ok(())));
            }
        }
    }

    /// A room could not be closed. Returns the error if it is to be reported: only to somebody who asked for it, and once. A
    /// room that is gone already is as good as closed, and one that cannot be reached expires by itself.
    pub(super) fn on_close_failed(&mut self, command: Option<CommandId>, error: RequestError) -> Option<RequestError> {
        let closing = self.closing.iter_mut().find(|closing| Some(closing.command) == command)?;
        let report = error.code() != Some(&ErrorCode::NotFound) && !std::mem::replace(&mut closing.failed, true);
        report.then_some(error)
    }

    /// Nobody needs the rooms that are being made, known by these numbers. Returns how many these are.
    pub(super) fn disown(
        &mut self,
        numbers: impl IntoIterator<Item = u32>,
        command: Option<CommandId>,
        keepalive: bool,
    ) -> u32 {
        let before = self.unwanted.len();
        self.unwanted.extend(numbers.into_iter().map(|number| Unwanted { number, keepalive, command }));
        u32::try_from(self.unwanted.len() - before).unwrap_or_default()
    }

    /// A room that nobody needs is made, or it never will be.
    pub(super) fn on_unwanted_made(
        &mut self,
        cx: &mut Context,
        number: u32,
        result: Result<RoomCreationResponse, RequestError>,
    ) {
        let known = self.unwanted.iter().position(|unwanted| unwanted.number == number);
        let known = known.map(|at| self.unwanted.swap_remove(at));
        let (keepalive, command) = known.map_or((false, None), |unwanted| (unwanted.keepalive, unwanted.command));
        match result {
            Ok(RoomCreationResponse { code: room, owner_token: token, .. }) => {
                cx.request(Request::CloseRoom { room, token, keepalive, command });
            }
            Err(_) => self.on_step(cx, command),
        }
    }
}

#[cfg(test)]
mod tests;
