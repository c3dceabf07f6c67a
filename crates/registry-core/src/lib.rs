//! The signalling Registry as a pure function: the current time, a source of randomness and a request go in, a response
//! comes out.
//!
//! ```
//! use registry_core::{Config, Registry, Request};
//!
//! let mut registry: Registry = Registry::new(Config::default());
//! let mut random = |bytes: &mut [u8]| bytes.fill(7); // tests only: a server passes the system's random source
//! let request = Request::new("POST", "/rooms").header("X-Registry-Version", "1").body(r#"{"hostUserName":"Ann"}"#);
//! let response = registry.handle(1_763_800_000_000, &mut random, &request);
//! assert_eq!(response.status, 201);
//! ```
//!
//! There is no I/O, no clock and no random source in this crate, so a test can simulate hours in milliseconds and a
//! server is a thin shell. [`Registry`] holds many rooms, for a server that keeps them in its own memory. [`Room`] is
//! the state machine of a single room, for a platform that stores each room separately (one Durable Object per room):
//! such a platform parses a request with [`Request::call`], passes it to [`Room::handle`], and turns the outcome into a
//! response with [`Response::new`].
//!
//! # Long polling
//!
//! An exchange (`POST /exchange`) with `since` and `wait` waits for news: whatever changes in the room, except by the
//! peer itself. That costs neither a thread nor internal polling: the Registry stores the request together with a
//! ticket from the caller ([`Registry::submit`]; [`LongPolls`] for a single room), and returns the ticket with the
//! answer as soon as there is one ([`Registry::take_due`]). A request that times out is returned the same way after
//! [`Registry::tick`]; [`Registry::deadline`] tells when to call it. What an exchange posts is posted before it waits.
//!
//! # Order of checks
//!
//! Version header, body size, route, a token where one is needed, per-client limits, room exists, token and role, body,
//! room state, per-room limits. The room of an exchange is in its body, so a body that is not a JSON object is refused
//! together with the route. As a result an outsider cannot exhaust a room's limits, a request that is refused for another
//! reason does not count towards them, and an expired or closed room cannot be told from one that never existed. Whether a
//! room exists can only be found out as often as the per-client limits allow.

mod body;
mod candidates;
mod clients;
mod config;
mod cors;
mod long_polls;
#[cfg(feature = "openapi")]
mod openapi;
pub mod parse;
mod random;
mod refusal;
mod registry;
mod request;
mod response;
mod room;
mod rooms;
mod route;
mod secret;
mod shares;
mod window;

pub use clients::{Client, ClientLimit};
pub use config::{AllowedOrigins, ClientRates, Config, JoinLocks, RoomRates, Ttl};
pub use long_polls::{Due, LongPolls, PollId};
#[cfg(feature = "openapi")]
pub use openapi::openapi;
pub use random::Random;
pub use refusal::Refusal;
pub use registry::{Registry, Stats, Submitted};
pub use registry_protocol::Role;
pub use request::{READ_HEADERS, Request};
pub use response::{AccessRecord, Reply, Response};
pub use room::{Context, Handled, LongPoll, Room};
pub use route::{Action, Call};
pub use shares::{Share, Shares};
