//! Test doubles for a browser and a server: mocks of every interface, virtual time, and a [`Pair`] of complete clients that
//! connect through a real Registry in the same process, over a network with configurable faults.
//!
//! All randomness comes from one seed, so a failed run can be reproduced.

mod ether;
mod faults;
mod mocks;
mod network;
mod pair;
mod time;
mod webrtc;

pub use ether::{Ether, IceFate};
pub use faults::{Exchange, Faults, Tamper};
pub use mocks::{CountedPlaces, MemoryStore, MockHttpClient, MockRegistryClient, RecordingStateManager, SentRequest};
pub use network::{Network, NetworkClient};
pub use pair::{Pair, PairConfig};
pub use time::{Device, World};
pub use webrtc::FakeWebRtc;
