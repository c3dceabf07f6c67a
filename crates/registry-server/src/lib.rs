//! The Registry as an HTTP server: a thin shell around the pure [`registry`] crate.
//!
//! The shell brings what the core leaves out: sockets, the time, a random source, logs and metrics. It serves the
//! harness page from a folder too, so that one address is all a person needs. Everything is in memory; a restart
//! forgets the rooms.

mod api;
mod connections;
mod host;
mod logging;
mod metrics;
mod options;
mod page;
mod server;

pub use host::Host;
pub use logging::{LogFormat, init as init_logging};
pub use options::Options;
pub use server::{BindError, Server};
