//! The room's life: the pure machine that decides, and the manager that does.
//! Specification: *RoomManager Interface*, *WebRTC Connection Establishment Flow*.

mod backoff;
mod effect;
mod handshake;
mod input;
mod machine;
mod manager;
mod outbox;
mod polling;
mod tasks;
mod timers;

pub use effect::{Effect, Request, RtcAction};
pub use input::{Command, CommandId, Input};
pub use machine::Machine;
pub use manager::RoomManager;
pub use timers::Timer;
