//! The pure machine that decides everything about the protocol.
//! Specification: *RoomManager Interface*, *WebRTC Connection Establishment Flow*.
//!
//! [`Machine::handle`] takes one [`Input`] with the present time and returns the [`Effect`]s to be carried out, in order. The
//! machine itself (`lifecycle`) owns the nine states and routes; each part owns the rest behind private fields, takes what it
//! needs to know as arguments, and returns what has happened:
//!
//! - `admission`: making and joining a room
//! - `signalling`: one place where two peers exchange descriptions and candidates: polls, long polls, posts, limits
//! - `handshake`: one attempt: offer, answer, and the candidates of both sides
//! - `link`: one peer connection: what it reports, and whether the peer is still there
//! - `delivery`: messages: accepted, in flight, acknowledged; received, counted
//! - `recovery`: from a lost connection back to one, with the fallback rooms in which the peers meet
//! - `ending`: what is still to be done for a session that is over
//!
//! All of them work with a `context`: settings, time, [timers](Timer), and where effects go. `control` has what durable peers
//! say to each other, `saved` what a page keeps over a reload, `registry_clock` what time it is at the Registry.

mod admission;
mod backoff;
mod budget;
mod context;
mod control;
mod delivery;
mod effect;
mod ending;
#[cfg(test)]
mod fixtures;
mod handshake;
mod input;
mod lifecycle;
mod link;
mod recovery;
mod registry_clock;
mod saved;
mod signalling;
mod timers;

pub(crate) use control::ControlMessage;
pub(crate) use delivery::{Frame, SAFE_MESSAGE_BYTES};
pub(crate) use effect::{Effect, Posting, Request, RoomCall, RtcAction};
pub(crate) use input::{Command, CommandId, Input, Outcome, PeerEvent, RoomAnswer, RtcOutcome};
pub(crate) use lifecycle::Machine;
