//! The Registry itself: a function of the time, a random source and a request.
//!
//! ```
//! use registry::{Config, Registry, Request};
//!
//! let mut registry: Registry = Registry::new(Config::default());
//! let mut random = |bytes: &mut [u8]| bytes.fill(7); // tests only; a host passes the system's source
//! let request = Request::new("POST", "/rooms").header("X-Registry-Version", "1").body(r#"{"hostUserName":"Ann"}"#);
//! let response = registry.handle(1_763_800_000_000, &mut random, &request);
//! assert_eq!(response.status, 201);
//! ```
//!
//! There is no I/O, no clock and no random source in here, so a test runs hours of it in a moment and a host is a thin
//! shell. [`Registry`] holds many rooms, for a server with memory of its own. [`Room`] is one room's state machine, for
//! a host that keeps each room in a place of its own (one Durable Object a room): such a host takes a request apart with
//! [`Request::call`], lets the room [`handle`](Room::handle) it, and dresses the outcome with [`Response::new`].
//!
//! # Waiting
//!
//! A reading request may wait for news (`?wait=`). It costs no thread and no polling: the Registry keeps it with a ticket
//! of the host's ([`Registry::submit`], [`Waiting`] for a single room), and hands the ticket back with the answer as soon
//! as there is one ([`Registry::take_due`]). A request whose time is up comes back from
//! [`Registry::tick`] in the same way; [`Registry::due_by`] says when.
//!
//! # Order of checks
//!
//! Version header, size of the body, route, limits per client, room exists, token and role, body, state of the room,
//! limits per room. So a stranger cannot use up a room's limits, a request that is refused for another reason costs none
//! of them, and a room that is gone looks to everybody like one that never was.

mod body;
mod candidates;
mod clients;
mod config;
mod cors;
#[cfg(feature = "openapi")]
mod openapi;
pub mod parse;
mod query;
mod random;
mod refusal;
mod registry;
mod request;
mod response;
mod room;
mod rooms;
mod route;
mod secret;
mod waiting;
mod window;

pub use clients::{ClientLimit, client_key};
pub use config::{AllowedOrigins, Config, Rates, Ttl};
#[cfg(feature = "openapi")]
pub use openapi::openapi;
pub use random::Random;
pub use refusal::{Refusal, Role};
pub use registry::{Registry, Stats, Submitted};
pub use request::{READ_HEADERS, Request};
pub use response::{Event, Reply, Response};
pub use room::{Context, Room, Step, Wait};
pub use route::{Action, Call};
pub use waiting::{Due, WaitId, Waiting};
