//! What a test does to a [`Network`]'s Registry behind everybody's back.

use registry_core::{Config, Registry};

use super::network::{Exchange, Network};
use crate::interfaces::http::HttpResponse;

/// What takes the place of the Registry's answer to a request.
pub type Tamper = Box<dyn Fn(&Exchange, HttpResponse) -> HttpResponse>;

impl Network {
    /// How many rooms are neither closed nor expired.
    pub fn live_rooms(&self) -> usize {
        let stats = self.with(|registry, now| {
            registry.tick(now);
            registry.stats()
        });
        stats.open + stats.joined + stats.paired
    }

    /// How many requests wait for news.
    pub fn waiting(&self) -> usize {
        self.registry.borrow().stats().waiting
    }

    /// The Registry is started anew, and has forgotten every room.
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
