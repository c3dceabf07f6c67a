//! `replaceJoinCode`: the host has another join code for its room, such as when somebody was locked out of it.

use registry_protocol::{JoinCodeResponse, RoomCode};

use super::Machine;
use crate::error::{ErrorKind, RequestError, StateError};
use crate::event::Event;
use crate::machine::effect::Request;
use crate::machine::input::CommandId;

impl Machine {
    /// Asks the Registry for another join code. While it is being asked, whoever wants another waits for the same.
    pub(super) fn replace_join_code(&mut self, command: CommandId) {
        let Some(room) = self.room.as_ref().filter(|room| room.admits_guest()) else {
            return self.refuse(command, StateError::NoOpenRoom);
        };
        if !room.info().exchange {
            return self.refuse(command, StateError::NotSupported);
        }
        let (room, token) = (room.info().code.clone(), room.info().token.clone());
        let asked = self.replacing.iter().any(|(of, _)| *of == room);
        self.replacing.push((room.clone(), command));
        if !asked {
            self.cx.request(Request::ReplaceJoinCode { room, token });
        }
    }

    /// The Registry has answered. The application's room may be another by now.
    pub(super) fn on_join_code_replaced(&mut self, room: &RoomCode, result: Result<JoinCodeResponse, RequestError>) {
        let commands: Vec<_> =
            self.replacing.extract_if(.., |(of, _)| of == room).map(|(_, command)| command).collect();
        let error: ErrorKind = match (result, self.room.as_mut().filter(|own| own.info().code == *room)) {
            (Ok(response), Some(own)) => {
                let expires_at = response.expires_at;
                own.set_join_code(&mut self.cx, response);
                self.cx.record(Event::JoinCodeReplaced { expires_at });
                return commands.into_iter().for_each(|command| self.settle(Some(command), Ok(())));
            }
            (Ok(_), None) => StateError::Closed.into(),
            (Err(error), _) => error.into(),
        };
        for command in commands {
            self.refuse(command, error.clone());
        }
    }
}
