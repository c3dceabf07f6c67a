//! Changes that a test makes to a [`Network`]'s Registry without the clients knowing.

use registry_core::{Config, Registry};

use super::network::{Exchange, Network};
use crate::interfaces::http::HttpResponse;

/// Replaces the Registry's response to a request.
pub type Tamper = Box<dyn Fn(&Exchange, HttpResponse) -> HttpResponse>;

impl Network {
    /// Number of rooms that are neither closed nor expired.
    pub fn live_rooms(&self) -> usize {
        let stats = self.with(|registry, now| {
            registry.tick(now);
            registry.stats()
        });
        stats.open + stats.joined + stats.paired
    }

    /// Number of pending long polls.
    pub fn waiting(&self) -> usize {
        self.registry.borrow().stats().waiting
    }

    /// Restarts the Registry, which loses every room.
    pub fn restart(&self, config: Config) {
        self.registry.replace(Registry::new(config));
    }

    pub(super) fn tampered(&self, exchange: usize, answer: HttpResponse) -> HttpResponse {
        match &*self.tamper.borrow() {
            Some(tamper) => tamper(&self.log.borrow()[exchange], answer),
            None => answer,
        }
    }
}
