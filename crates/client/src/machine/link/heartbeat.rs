//! Whether the peer is there: what it says on the control channel, and pings that it answers.

use std::time::Duration;

use super::{Link, PeerKind};
use crate::event::Event;
use crate::machine::context::{Context, ms};
use crate::machine::control::ControlMessage;
use crate::machine::timers::Timer;

/// A heartbeat that is so late proves nothing: the page was asleep, and so were the replies.
const LATE: Duration = Duration::from_secs(2);
/// A control channel on which the peer was heard so recently still works.
const STILL_ALIVE: Duration = Duration::from_secs(3);

impl Link {
    /// Whether the peer was heard on the control channel a moment ago.
    pub(in crate::machine) fn is_alive(&self, cx: &Context) -> bool {
        self.heard.is_some_and(|heard| heard + STILL_ALIVE >= cx.now())
    }

    /// The peer was heard on the control channel. Returns whether it may say that: only durable peers say more than a
    /// greeting.
    pub(in crate::machine) fn on_heard(&mut self, cx: &Context, message: &ControlMessage) -> bool {
        self.heard = Some(cx.now());
        if matches!(message, ControlMessage::Hello(_)) {
            return !self.is_durable();
        }
        if self.is_durable() {
            // Everything but a goodbye is sent only to those who have greeted.
            self.greeted_back |= *message != ControlMessage::Goodbye;
        }
        self.is_durable()
    }

    /// The peer is of this kind.
    pub(in crate::machine) fn set_peer(&mut self, cx: &mut Context, kind: PeerKind) {
        cx.cancel(Timer::Greeting);
        self.peer = kind;
        cx.record(Event::PeerKind { durable: kind == PeerKind::Durable });
    }

    /// Waits for the peer's greeting, as long as it is not known of what kind it is.
    pub(in crate::machine) fn await_greeting(&self, cx: &mut Context) {
        if self.peer == PeerKind::Unknown {
            cx.after(Timer::Greeting, cx.settings.greeting_timeout);
        }
    }

    /// Asks whether the peer is there, and tells it how many messages have been `received`.
    pub(in crate::machine) fn ping(&mut self, cx: &mut Context, received: u64) {
        self.pinged.get_or_insert(cx.now());
        cx.send(ControlMessage::Ping(received));
        self.plan_heartbeat(cx);
    }

    /// A ping that is not answered yet does not count: the path has changed.
    pub(in crate::machine) fn forget_ping(&mut self) {
        self.pinged = None;
    }

    pub(in crate::machine) fn plan_heartbeat(&mut self, cx: &mut Context) {
        self.heartbeat_at = cx.now() + cx.settings.ping_interval;
        cx.at(Timer::Heartbeat, self.heartbeat_at);
    }

    /// A heartbeat is due. Returns whether the peer has been silent for too long.
    pub(in crate::machine) fn on_heartbeat(&mut self, cx: &Context) -> bool {
        let is_late = cx.now() > self.heartbeat_at + LATE;
        self.pinged.take_if(|_| is_late);
        self.pinged.is_some_and(|pinged| cx.now() >= pinged + cx.settings.ping_timeout)
    }

    /// The peer has answered a ping.
    pub(in crate::machine) fn on_pong(&mut self, cx: &mut Context) {
        if let Some(pinged) = self.pinged.take() {
            cx.record(Event::RoundTrip { ms: ms(cx.now().saturating_sub(pinged)) });
        }
    }
}
