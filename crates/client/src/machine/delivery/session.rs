//! The session of two durable peers: it outlives their connections, and reloads of the page.

use std::time::Duration;

use registry_protocol::UserName;

use super::inbound::Inbound;
use super::message::Overstated;
use super::outbound::Outbound;
use super::{Delivery, drop_messages};
use crate::event::DropReason;
use crate::machine::context::Context;
use crate::machine::control::{CONTROL_VERSION, Hello};
use crate::machine::saved::SavedOutbound;
use crate::machine::timers::Timer;

/// What a reloaded page needs to continue the session.
#[derive(Debug)]
pub(in crate::machine) struct SavedDelivery {
    pub(in crate::machine) session: String,
    pub(in crate::machine) peer: String,
    pub(in crate::machine) received: u64,
    pub(in crate::machine) outbound: SavedOutbound,
}

impl Delivery {
    /// A new session under this name, with whatever peer comes. What still waits is for that peer.
    pub(in crate::machine) fn begin_session(&mut self, session: String) {
        *self = Self::new(session, std::mem::take(&mut self.outbound).for_next_session());
    }

    /// Continues the session of a page that was reloaded: what was in flight is in flight.
    pub(in crate::machine) fn resume(&mut self, cx: &mut Context, saved: SavedDelivery) {
        let SavedDelivery { session, peer, received, outbound } = saved;
        *self = Self {
            peer: Some(peer),
            inbound: Inbound::resumed(received),
            awaits_greeting: true,
            ..Self::new(session, Outbound::restored(outbound, cx.now()))
        };
        self.watch_buffer(cx);
    }

    /// Reports everything that a page had saved, as it cannot go on.
    pub(in crate::machine) fn drop_saved(cx: &mut Context, saved: SavedOutbound) {
        let messages = Outbound::restored(saved, cx.now()).into_messages();
        drop_messages(cx, messages, DropReason::Closed);
    }

    /// What a reloaded page needs to continue; `None` without a durable peer.
    pub(in crate::machine) fn save(&self, now: Duration) -> Option<SavedDelivery> {
        Some(SavedDelivery {
            session: self.session.clone(),
            peer: self.peer.clone()?,
            received: self.inbound.received(),
            outbound: self.outbound.saved(now),
        })
    }

    /// Whether the peer has ever greeted: a plain one does not.
    pub(in crate::machine) fn knows_peer(&self) -> bool {
        self.peer.is_some()
    }

    /// Whether messages must wait for the peer's greeting.
    pub(in crate::machine) fn awaits_greeting(&self) -> bool {
        self.awaits_greeting
    }

    /// What to say first on a new connection, to one who is to know this user name.
    pub(in crate::machine) fn hello(&mut self, name: Option<UserName>) -> Hello {
        let (session, peer) = (self.session.clone(), self.peer.clone());
        Hello { version: CONTROL_VERSION, session, peer, received: self.inbound.acknowledge(), name }
    }

    /// A connection takes the place of one that was lost.
    pub(in crate::machine) fn on_connection_replaced(&mut self) {
        self.awaits_greeting = true;
        self.refused = false;
        self.inbound.forget_parts();
    }

    /// The peer has greeted: what it has received is delivered, what it lacks goes out again.
    ///
    /// # Errors
    /// [`Overstated`] if it claims to have received more than was sent. From now on its count is the one that counts.
    pub(in crate::machine) fn on_greeting(&mut self, cx: &mut Context, hello: &Hello) -> Result<(), Overstated> {
        let known = self.peer.as_ref().is_none_or(|peer| *peer == hello.session);
        let knows_us = hello.peer.as_ref().is_none_or(|peer| *peer == self.session);
        self.peer = Some(hello.session.clone());
        let replaced = std::mem::take(&mut self.awaits_greeting);
        if !(known && knows_us) {
            self.inbound = Inbound::default();
            drop_messages(cx, self.outbound.restart(0), DropReason::Unknown);
            return Ok(());
        }
        let acknowledged = self.on_acknowledged(cx, hello.received);
        if acknowledged.is_err() {
            drop_messages(cx, self.outbound.restart(hello.received), DropReason::Unknown);
        }
        if replaced {
            self.outbound.rewind();
        }
        acknowledged
    }

    /// The peer is plain: it acknowledges nothing, and cannot join what was accepted to be sent in parts.
    pub(in crate::machine) fn on_plain_peer(&mut self, cx: &mut Context) {
        self.outbound.let_go();
        let too_large = self.outbound.take_larger_than(self.message_limit);
        drop_messages(cx, too_large, DropReason::TooLarge);
        self.watch_buffer(cx);
    }

    /// Reports everything that was not delivered, unless it is kept for the next session.
    pub(in crate::machine) fn end_session(&mut self, cx: &mut Context, keep: bool) {
        cx.cancel(Timer::BufferExpiry);
        if !keep {
            let undelivered = self.outbound.drain();
            drop_messages(cx, undelivered, DropReason::Closed);
        }
    }
}
