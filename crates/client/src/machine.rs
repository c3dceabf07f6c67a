//! The pure machine that decides everything about the protocol.
//! Specification: *RoomManager Interface*, *WebRTC Connection Establishment Flow*.
//!
//! `Machine::handle` takes one `Input` with the present time and returns the `Effect`s to be done, in order. It is spread
//! over one file a concern: `admission` (making and joining a room), `negotiation` and `snapshot` (offer and answer),
//! `candidates` (trickle ICE, both ways), `signalling` (which room they go through, and whose its answers are), `polling`
//! and `waiting` (what is asked of the Registry, and when), `life` and `registry_clock` (how long the room lives, and what
//! time it is at the Registry), `liveness` (what the peer connection and the data channel say), `closing` and `ending`
//! (closed, failed, given up) and `unwanted` (the rooms that are being made at that moment). For durable connections:
//! `delivery` (messages, both ways), `heartbeat` (whether the other side is there), `standby` and `joining` (the room to
//! meet in when it is lost), `reconnect`, `restart` and `rendezvous` (the way back), `resume` (after a reload).

mod admission;
mod attempt;
mod backoff;
mod budget;
mod candidates;
mod closing;
mod delivery;
mod effect;
mod ending;
mod heartbeat;
mod input;
mod joining;
mod life;
mod lifecycle;
mod link;
mod liveness;
mod negotiation;
mod polling;
mod reconnect;
mod registry_clock;
mod rendezvous;
mod restart;
mod resume;
mod signalling;
mod snapshot;
mod standby;
mod timers;
mod unwanted;
mod waiting;

pub(crate) use delivery::SAFE_MESSAGE_BYTES;
pub(crate) use effect::{Effect, Request, RoomCall, RtcAction};
pub(crate) use input::{Command, CommandId, Input, Outcome, PeerEvent, RoomAnswer, RtcOutcome};
pub(crate) use lifecycle::Machine;
pub use timers::Timer;
