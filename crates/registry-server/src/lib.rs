//! The Registry as an HTTP server: a thin shell around the pure [`registry_core`] crate.
//!
//! It adds what the core leaves out: sockets, TLS, the clock, a random source, logs and metrics, and what keeps it
//! answering whatever its clients do. It can also serve the harness page from a folder, so that one address is all a user
//! needs. All state is in memory; a restart loses the rooms.

mod api;
mod budget;
mod clock;
mod connections;
mod forwarded;
mod held;
mod http;
mod logging;
mod metrics;
mod open_files;
mod options;
mod page;
mod server;
mod service;
mod tls;

pub use logging::{Log, LogFormat, init as init_logging};
pub use options::{Given, Options, TooManyWaiting};
pub use server::{BindError, Server};
pub use tls::{SelfSignedError, TlsError};
