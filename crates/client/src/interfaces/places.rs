//! How many calls may wait at a Registry at the same time.

use std::any::Any;

use futures::future::LocalBoxFuture;

/// One call that may wait, until this is dropped.
pub type Place = Box<dyn Any>;

/// The places for calls that wait at a Registry (long polls), which all clients share that share their connections to it.
///
/// A browser has at most six connections to an origin over HTTP/1.1, for all its tabs together. If waiting calls occupied all
/// of them, nothing else would get through.
pub trait WaitingPlaces {
    /// Resolves, without delay, to a place at the Registry with this URL, or to `None` if all are taken: then the client polls
    /// at intervals instead.
    fn take(&self, registry_api_url: &str) -> LocalBoxFuture<'static, Option<Place>>;
}
