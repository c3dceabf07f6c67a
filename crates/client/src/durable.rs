//! What makes a connection durable, apart from time and the network: what is still to be delivered, what has been, and
//! what two durable peers say to each other beside the application.
//!
//! The application channel is ordered and reliable, so the n-th message is known by counting: nothing is added to it.
//! Counts, greetings and all else travel on a second, pre-negotiated channel that a peer which knows only the
//! specification never sees.

mod control;
mod inbound;
mod message;
mod outbound;
mod saved;
mod session;

pub(crate) use control::{ControlMessage, Hello, Note};
pub(crate) use inbound::Inbound;
pub(crate) use message::{Frame, Message, Overstated, Refused};
pub(crate) use outbound::Outbound;
pub(crate) use saved::{Saved, SavedStandby, StandbyRoom};
pub(crate) use session::{Greeted, Greeting, Session};
