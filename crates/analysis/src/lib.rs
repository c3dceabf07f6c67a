//! What a trace means. Every module is a pure view of the same events: nothing here knows a browser, draws or waits, so the
//! page shows it live, and a trace that somebody has sent is looked at in the same way.
//!
//! [`Track`] is what one client has recorded, [`Tracks`] are those that are looked at together: of one peer, or of both.

mod calls;
pub mod candidate;
mod cargo;
pub mod comparison;
pub mod diagnosis;
pub mod inspection;
mod moments;
pub mod paths;
pub mod recording;
pub mod sdp;
pub mod sequence;
mod server_url;
pub mod snapshot;
pub mod statistics;
mod track;
pub mod waterfall;

pub use track::{Sample, Track, Tracks};
