//! `closeRoom`: what was accepted is delivered first, as long as the peer acknowledges, for at most `closeTimeout`.

use super::Machine;
use crate::event::Event;
use crate::machine::input::CommandId;
use crate::machine::timers::Timer;

impl Machine {
    /// Closes the room once everything that was accepted is delivered, and at once where that is so already or nothing can be
    /// delivered now.
    pub(super) fn close_room(&mut self, command: CommandId) {
        if !self.still_delivers() {
            return self.close(Some(command), false);
        }
        if !self.is_closing() {
            self.cx.after(Timer::Close, self.cx.settings.close_timeout);
            let levels = self.delivery.levels();
            self.cx.record(Event::Closing { messages: levels.unacknowledged + levels.waiting });
            self.ping();
        }
        self.closing.push(command);
    }

    /// Whether the room is to be closed, and only delivers what was accepted before.
    pub(crate) fn is_closing(&self) -> bool {
        !self.closing.is_empty()
    }

    fn still_delivers(&self) -> bool {
        self.is_connected() && !self.cx.settings.close_timeout.is_zero() && !self.delivery.is_empty()
    }

    /// To be called whenever something has happened: everything may be delivered now, or cannot be any more.
    pub(super) fn close_if_delivered(&mut self) {
        if self.is_closing() && !self.still_delivers() {
            self.close_now();
        }
    }

    /// Closes the room that was to be closed.
    pub(super) fn close_now(&mut self) {
        for command in std::mem::take(&mut self.closing) {
            self.close(Some(command), false);
        }
    }
}
