//! The Registry as an HTTP server: a thin shell around the pure [`registry_core`] crate.
//!
//! It adds what the core leaves out: sockets, the clock, a random source, logs and metrics. It can also serve the
//! harness page from a folder, so that one address is all a user needs. All state is in memory; a restart loses the
//! rooms.

mod api;
mod connections;
mod logging;
mod metrics;
mod options;
mod page;
mod server;
mod service;

pub use logging::{LogFormat, init as init_logging};
pub use options::Options;
pub use server::{BindError, Server};
pub use service::Service;
