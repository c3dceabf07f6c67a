//! Whether the other side is there: greetings, and questions that it answers.
//!
//! `open` proves nothing: a browser takes twenty seconds and more to notice that its peer is gone, or never does. So
//! durable peers ask each other, on the control channel.

use std::time::Duration;

use super::lifecycle::Machine;
use super::reconnect::Rung;
use super::timers::Timer;
use crate::durable::{ControlMessage, Greeted, Greeting, Hello};
use crate::error::WebRtcError;
use crate::event::{DropReason, Event};
use crate::interfaces::state::ConnectionState;

/// A look that comes so much too late says nothing: the page was asleep, and so were the answers.
const LATE: Duration = Duration::from_secs(2);

impl Machine {
    pub(super) fn on_control_open(&mut self) {
        self.link.control_open = true;
        let hello = self.session.hello();
        self.say(hello);
    }

    pub(super) fn on_control_text(&mut self, text: &str) {
        let Some(message) = ControlMessage::from_text(text) else { return };
        // A word may overtake the news that the channel is open.
        if !self.link.control_open {
            self.on_control_open();
        }
        self.link.heard = Some(self.now.monotonic);
        if !matches!(message, ControlMessage::Hello(_)) {
            if !self.link.is_durable() {
                return;
            }
            // All but a goodbye is said only to those who have greeted.
            self.link.greeted_back |= message != ControlMessage::Goodbye;
        }
        match message {
            ControlMessage::Hello(hello) => self.on_hello(&hello),
            ControlMessage::Ack(received) => self.on_acknowledged(received),
            ControlMessage::Ping(received) => {
                self.on_acknowledged(received);
                self.answer_ping();
                // It comes over a restarted path only when the other side has restarted too.
                if self.restart_is_done() {
                    self.look_whether_back();
                }
            }
            ControlMessage::Pong(received) => {
                self.on_acknowledged(received);
                self.on_answered();
            }
            ControlMessage::Standby { room, join_code } => self.join_standby(room, join_code),
            ControlMessage::StandbyReady { room, expires_at } => self.on_standby_ready(&room, expires_at),
            ControlMessage::StandbyRefused { room } => self.on_standby_refused(&room),
            ControlMessage::Restart => self.on_restart_asked(),
            ControlMessage::Offer { attempt, description } => self.on_control_offer(attempt, description),
            ControlMessage::Answer { attempt, description } => self.on_control_answer(attempt, description),
            ControlMessage::Candidate { attempt, candidate } => self.on_control_candidate(attempt, candidate),
            ControlMessage::Goodbye => self.on_goodbye(),
        }
    }

    /// The first word on a connection; it is said once.
    fn on_hello(&mut self, hello: &Hello) {
        if self.link.is_durable() {
            return;
        }
        let replaced = self.session.awaits_greeting();
        let Greeted { delivered, unknown, overstated } = self.session.greeted(hello);
        self.delivered(delivered);
        self.drop_messages(unknown, DropReason::Unknown);
        if let Some(overstated) = overstated {
            self.on_overstated(overstated);
        }
        self.timers.cancel(Timer::Greeting);
        self.link.greeting = Greeting::Durable;
        self.record(Event::PeerKind { durable: true });
        if replaced {
            // What has waited for too long goes now, when it is known that it was not delivered.
            self.expire_messages();
        }
        self.after_greeting();
    }

    /// The other side has had its time to greet. One that has greeted before has no path to this side yet.
    pub(super) fn on_greeting_due(&mut self) {
        if self.link.greeting == Greeting::Awaited && !self.session.awaits_greeting() {
            self.link.greeting = Greeting::Plain;
            self.record(Event::PeerKind { durable: false });
            // Nobody will say what is delivered, and nobody could join what was accepted to be sent in parts.
            self.session.outbound.let_go();
            let too_large = self.session.outbound.take_larger_than(self.message_limit);
            self.drop_messages(too_large, DropReason::TooLarge);
            self.watch_buffer();
        }
    }

    /// It is known what the other side is.
    fn after_greeting(&mut self) {
        if self.state == ConnectionState::Connecting && self.link.is_open() {
            self.connected();
        } else if self.state == ConnectionState::Connected {
            self.begin_durable_life();
        }
    }

    /// Connected with a durable peer: from now on they look after each other.
    pub(super) fn begin_durable_life(&mut self) {
        if self.link.is_durable() {
            // The question also tells the other side that its greeting was heard.
            self.ask_now();
            self.plan_standby();
        }
    }

    fn look_again(&mut self) {
        self.link.look_at = self.now.monotonic + self.settings.ping_interval;
        self.timers.set(Timer::Heartbeat, self.link.look_at);
    }

    /// Asks at once whether the other side is there.
    pub(super) fn ask_now(&mut self) {
        if self.link.is_durable() {
            let received = self.session.inbound.tell();
            self.link.asked.get_or_insert(self.now.monotonic);
            self.say(ControlMessage::Ping(received));
            self.look_again();
        }
    }

    pub(super) fn on_heartbeat(&mut self) {
        if self.is_elsewhere() {
            return self.look_again();
        }
        let now = self.now.monotonic;
        let timely = now <= self.link.look_at + LATE;
        match self.link.asked.filter(|_| timely) {
            Some(asked) if now < asked + self.settings.ping_timeout => {}
            Some(_) if self.state == ConnectionState::Connected => {
                self.interrupted(WebRtcError::PeerSilent(self.settings.ping_timeout).to_string());
            }
            Some(_) => {}
            None => self.link.asked = None,
        }
        // Again and again, as the other side may have been elsewhere when it was asked first.
        self.ask_now();
    }

    /// Whether this side looks for the other elsewhere. Then it does not answer here, so that the other comes too. While
    /// it has applied nothing there it still asks; an answer tells it that it need not have gone.
    fn is_elsewhere(&self) -> bool {
        let away = self.ladder.as_ref().is_some_and(|ladder| matches!(ladder.rung, Rung::Pause | Rung::Standby));
        away && !self.restart_is_done() && !self.may_come_back()
    }

    fn answer_ping(&mut self) {
        if !self.is_elsewhere() {
            let received = self.session.inbound.tell();
            self.say(ControlMessage::Pong(received));
        }
    }

    fn on_answered(&mut self) {
        if let Some(asked) = self.link.asked.take() {
            let ms = self.now.monotonic.saturating_sub(asked).as_secs_f64() * 1000.0;
            self.record(Event::RoundTrip { ms });
        }
        self.look_whether_back();
    }

    fn on_goodbye(&mut self) {
        match self.state {
            ConnectionState::Connected | ConnectionState::Disconnected => self.on_peer_left(),
            ConnectionState::Connecting => self.fail_for_good(WebRtcError::PeerLeft),
            _ => {}
        }
    }
}
