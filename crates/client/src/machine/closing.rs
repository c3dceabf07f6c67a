//! `closeRoom`: what was accepted is delivered first, as long as the peer acknowledges, for at most `closeTimeout`.

use super::input::CommandId;
use super::lifecycle::Machine;
use super::timers::Timer;
use crate::event::Event;
use crate::interfaces::state::ConnectionState;

impl Machine {
    /// Closes the room once everything that was accepted is delivered, and at once where that is so already or nothing can
    /// be delivered now.
    pub(super) fn close_room(&mut self, command: CommandId) {
        if !self.still_delivers() {
            return self.close(Some(command), false);
        }
        if !self.is_closing() {
            self.after(Timer::Close, self.settings.close_timeout);
            let (in_flight, waiting, _) = self.session.outbound.levels();
            self.record(Event::Closing { messages: in_flight + waiting });
            self.ask_now();
        }
        self.close_commands.push(command);
    }

    /// Whether the room is to be closed, and only delivers what was accepted before.
    pub(crate) fn is_closing(&self) -> bool {
        !self.close_commands.is_empty()
    }

    fn still_delivers(&self) -> bool {
        let connected = self.state == ConnectionState::Connected;
        connected && !self.settings.close_timeout.is_zero() && !self.session.outbound.is_empty()
    }

    /// To be called whenever something has happened: all may be delivered now, or cannot be any more.
    pub(super) fn close_if_delivered(&mut self) {
        if self.is_closing() && !self.still_delivers() {
            self.close_now();
        }
    }

    /// Closes the room that was to be closed.
    pub(super) fn close_now(&mut self) {
        for command in std::mem::take(&mut self.close_commands) {
            self.close(Some(command), false);
        }
    }
}
