//! Statistics: what `RTCPeerConnection.getStats` reports, how it changes over time, and as a file for other tools.

mod curves;
mod dump;
mod pairs;
mod readings;
mod report;

pub use curves::{Curve, Metric, Unit, curves, thinned};
pub use dump::internals_dump;
pub use pairs::{given_up, have_changed, summary};
pub use readings::Readings;
pub use report::{CandidateStats, ChannelStats, PairStats, Report, TransportStats};
