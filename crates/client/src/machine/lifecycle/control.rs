//! The control channel: greetings, acknowledgements, and pings that the peer answers.
//!
//! `open` proves nothing: a browser takes twenty seconds and more to notice that its peer is gone, or never does. So durable
//! peers ask each other.

use super::Machine;
use crate::error::WebRtcError;
use crate::event::Event;
use crate::interfaces::webrtc::ChannelEvent;
use crate::machine::control::{CONTROL_VERSION, ControlMessage, Hello};
use crate::machine::delivery::Overstated;
use crate::machine::link::PeerKind;
use crate::types::state::{ConnectionState, Role};

impl Machine {
    pub(super) fn on_control(&mut self, event: ChannelEvent) {
        match event {
            ChannelEvent::Open => self.on_control_open(),
            ChannelEvent::Message(text) => self.on_control_text(&text),
            ChannelEvent::Close => self.link.on_control_closed(),
            _ => {}
        }
    }

    fn on_control_open(&mut self) {
        if self.link.on_control_open() {
            let name = self.room.as_ref().and_then(|room| match room.role() {
                Role::Host => room.info().host_user_name.clone(),
                Role::Guest => room.info().guest_user_name.clone(),
            });
            let hello = self.delivery.hello(name);
            self.cx.send(ControlMessage::Hello(hello));
        }
    }

    fn on_control_text(&mut self, text: &str) {
        let Some(message) = ControlMessage::from_text(text) else { return };
        // A message may overtake the event that the channel is open.
        self.on_control_open();
        if self.link.on_heard(&self.cx, &message) {
            self.on_control_message(message);
        }
    }

    fn on_control_message(&mut self, message: ControlMessage) {
        match message {
            ControlMessage::Hello(hello) => self.on_hello(&hello),
            ControlMessage::Ack(received) => self.on_acknowledged(received),
            ControlMessage::Ping(received) => {
                self.on_acknowledged(received);
                self.answer_ping();
                // It comes over a restarted path only when the peer has restarted too.
                if self.restart_is_done() {
                    self.look_whether_back();
                }
            }
            ControlMessage::Pong(received) => {
                self.on_acknowledged(received);
                self.link.on_pong(&mut self.cx);
                self.look_whether_back();
            }
            ControlMessage::Standby { room, join_code } => {
                if let Some(own) = &self.room {
                    self.fallback.on_named(&mut self.cx, own.info(), room, join_code);
                }
            }
            ControlMessage::StandbyReady { room, expires_at } => {
                self.fallback.on_ready(&mut self.cx, &room, expires_at);
            }
            ControlMessage::StandbyRefused { room } => self.fallback.on_refused(&mut self.cx, &room),
            ControlMessage::Restart => self.on_restart_asked(),
            ControlMessage::Offer { attempt, description } => self.on_control_offer(attempt, description),
            ControlMessage::Answer { attempt, description } => self.on_control_answer(attempt, description),
            ControlMessage::Candidate { attempt, candidate } => self.on_control_candidate(attempt, candidate),
            ControlMessage::Goodbye => self.on_goodbye(),
        }
    }

    /// The first message on a connection; it comes once.
    fn on_hello(&mut self, hello: &Hello) {
        let replaced = self.delivery.awaits_greeting();
        let greeted = self.delivery.on_greeting(&mut self.cx, hello);
        self.report_overstated(greeted);
        if let (Some(room), Some(name)) = (&mut self.room, &hello.name) {
            room.set_peer_name(&mut self.cx, name);
        }
        self.link.set_peer(&mut self.cx, PeerKind::Durable);
        if hello.version != CONTROL_VERSION {
            self.cx.record(Event::PeerVersion { version: hello.version });
        }
        if replaced {
            // What has waited for too long is given up now, when it is known that it was not delivered.
            self.delivery.expire(&mut self.cx);
        }
        if self.is_connecting() && self.link.is_open() {
            self.connected();
        } else if self.is_connected() {
            self.begin_durable_life();
        }
    }

    /// The peer has had its time to greet. One that has greeted before has no path to this side yet.
    pub(super) fn on_greeting_due(&mut self) {
        if self.link.peer() == PeerKind::Unknown && !self.delivery.awaits_greeting() {
            self.link.set_peer(&mut self.cx, PeerKind::Plain);
            self.delivery.on_plain_peer(&mut self.cx);
        }
    }

    /// Connected with a durable peer: from now on they look after each other.
    pub(super) fn begin_durable_life(&mut self) {
        if !self.link.is_durable() {
            return;
        }
        // The ping also tells the peer that its greeting was received.
        self.ping();
        if let Some(room) = &self.room {
            self.fallback.plan(&mut self.cx, room);
        }
    }

    fn on_acknowledged(&mut self, received: u64) {
        let acknowledged = self.delivery.on_acknowledged(&mut self.cx, received);
        self.report_overstated(acknowledged);
    }

    fn report_overstated(&mut self, acknowledged: Result<(), Overstated>) {
        if let Err(Overstated { delivered, sent }) = acknowledged {
            self.report(WebRtcError::Overstated { delivered, sent });
        }
    }

    /// Tells the peer how many messages have been received, if there is anything new.
    pub(super) fn acknowledge(&mut self) {
        if let Some(received) = self.delivery.acknowledgement(&mut self.cx) {
            self.cx.send(ControlMessage::Ack(received));
        }
    }

    /// Asks a durable peer at once whether it is there.
    pub(super) fn ping(&mut self) {
        if self.link.is_durable() {
            let received = self.delivery.received();
            self.link.ping(&mut self.cx, received);
        }
    }

    fn answer_ping(&mut self) {
        if !self.is_elsewhere() {
            let received = self.delivery.received();
            self.cx.send(ControlMessage::Pong(received));
        }
    }

    pub(super) fn on_heartbeat(&mut self) {
        if self.is_elsewhere() {
            return self.link.plan_heartbeat(&mut self.cx);
        }
        let silent = self.link.on_heartbeat(&self.cx);
        if silent && self.is_connected() {
            self.interrupted(WebRtcError::PeerSilent(self.cx.settings.ping_timeout).to_string());
        }
        // Again and again, as the peer may have been elsewhere when it was asked first.
        self.ping();
    }

    fn on_goodbye(&mut self) {
        match self.state {
            ConnectionState::Connected | ConnectionState::Disconnected => self.on_peer_gone(WebRtcError::PeerLeft),
            ConnectionState::Connecting => self.fail_for_good(WebRtcError::PeerLeft),
            _ => {}
        }
    }

    pub(super) fn is_host(&self) -> bool {
        self.role() == Some(Role::Host)
    }
}
