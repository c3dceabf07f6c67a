use super::{ControlMessage, Hello, Inbound, Message, Outbound, Overstated};

/// What is known of the other side of a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Greeting {
    /// It has not greeted yet; it may.
    #[default]
    Awaited,
    /// It knows the specification and no more.
    Plain,
    /// It has greeted.
    Durable,
}

/// What the other side's greeting says about this side's messages.
#[derive(Debug, Default)]
pub(crate) struct Greeted {
    /// The numbers of those that it has delivered.
    pub(crate) delivered: Vec<u64>,
    /// Those of which nobody knows whether they were delivered, as it has lost its memory.
    pub(crate) unknown: Vec<Message>,
    /// It claims to have more than was sent to it.
    pub(crate) overstated: Option<Overstated>,
}

/// What two peers have between them, over all the connections that they ever have.
#[derive(Debug, Default)]
pub(crate) struct Session {
    id: String,
    peer: Option<String>,
    pub(crate) outbound: Outbound,
    pub(crate) inbound: Inbound,
    /// A new connection replaces one that was lost: nothing goes out until the other side has said what it has.
    awaits_greeting: bool,
    /// Which peer connection of the other side was the last to carry messages, by its SDP.
    pub(crate) peer_origin: Option<String>,
}

impl Session {
    /// A session that continues what waits in `outbound`.
    pub(crate) fn new(id: String, outbound: Outbound) -> Self {
        Self { id, outbound: outbound.for_next_session(), ..Self::default() }
    }

    /// A session as it was before a reload.
    pub(crate) fn resumed(id: String, peer: String, inbound: Inbound, outbound: Outbound) -> Self {
        Self { id, peer: Some(peer), outbound, inbound, awaits_greeting: true, peer_origin: None }
    }

    /// This side's name in it.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The other side's name in it.
    pub(crate) fn peer(&self) -> Option<&str> {
        self.peer.as_deref()
    }

    /// What to say first on a new connection.
    pub(crate) fn hello(&mut self) -> ControlMessage {
        let (session, peer) = (self.id.clone(), self.peer.clone());
        ControlMessage::Hello(Hello { version: 1, session, peer, received: self.inbound.tell() })
    }

    /// A connection takes the place of one that was lost.
    pub(crate) fn connection_replaced(&mut self) {
        self.awaits_greeting = true;
        self.inbound.forget_parts();
    }

    /// Whether messages must wait for the other side's greeting.
    pub(crate) fn awaits_greeting(&self) -> bool {
        self.awaits_greeting
    }

    /// The other side has greeted.
    pub(crate) fn greeted(&mut self, hello: &Hello) -> Greeted {
        let known = self.peer.as_ref().is_none_or(|peer| *peer == hello.session);
        let knows = hello.peer.as_ref().is_none_or(|peer| *peer == self.id);
        self.peer = Some(hello.session.clone());
        let replaced = std::mem::take(&mut self.awaits_greeting);
        if !(known && knows) {
            self.inbound = Inbound::default();
            return Greeted { unknown: self.outbound.restart(0), ..Greeted::default() };
        }
        let greeted = match self.outbound.acknowledge(hello.received) {
            Ok(delivered) => Greeted { delivered, ..Greeted::default() },
            // From now on its count is the one that counts.
            Err(overstated) => {
                let unknown = self.outbound.restart(hello.received);
                Greeted { unknown, overstated: Some(overstated), ..Greeted::default() }
            }
        };
        if replaced {
            self.outbound.rewind();
        }
        greeted
    }
}
