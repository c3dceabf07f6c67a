//! The fallback rooms that this side knows, by what they are good for.

use crate::machine::saved::{FallbackRoom, SavedFallback};

/// The rooms for the time after the present one.
#[derive(Debug, Default)]
pub(super) struct Rooms {
    /// Those that can be used, the newest last. A host knows that the guest is in its one; a guest keeps two.
    pub(super) ready: Vec<FallbackRoom>,
    /// Made by the host and announced to the guest, which has not confirmed yet that it is in it.
    pub(super) announced: Option<FallbackRoom>,
    /// To be used after the room in which the peers meet now.
    pub(super) next: Option<FallbackRoom>,
    /// The host has named that room in the present one.
    pub(super) next_announced: bool,
}

impl Rooms {
    pub(super) fn restored(saved: SavedFallback) -> Self {
        let SavedFallback { ready, announced, next, next_announced, .. } = saved;
        Self { ready, announced, next, next_announced }
    }

    pub(super) fn save(&self) -> SavedFallback {
        SavedFallback {
            ready: self.ready.clone(),
            announced: self.announced.clone(),
            next: self.next.clone(),
            next_announced: self.next_announced,
            meeting: None,
            meeting_used: false,
            attempt: 0,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ready.is_empty() && self.announced.is_none() && self.next.is_none()
    }

    /// Whether the next room is known to both sides, as far as this side can tell.
    pub(super) fn next_is_known(&self) -> bool {
        self.next.as_ref().is_some_and(|next| next.join_code.is_none() || self.next_announced)
    }

    /// Takes the host's next room, if it has not been named to the guest.
    pub(super) fn take_unknown(&mut self) -> Option<FallbackRoom> {
        let announced = self.next_announced;
        self.next.take_if(|next| next.join_code.is_some() && !announced)
    }

    /// All rooms, which nobody needs any more.
    pub(super) fn into_iter(self) -> impl Iterator<Item = FallbackRoom> {
        self.ready.into_iter().chain(self.announced).chain(self.next)
    }
}
