//! The timeline: the client's trace, entry by entry.

mod list;
mod panel;
mod row;
mod tools;

pub use panel::Timeline;

use crate::state::Kind;

/// The class that gives an element the colour of an entry's kind; defined in the style of [`Timeline`].
fn kind_class(kind: Kind) -> &'static str {
    match kind {
        Kind::State => "kind-state",
        Kind::Http => "kind-http",
        Kind::Signal => "kind-signal",
        Kind::Ice => "kind-ice",
        Kind::Channel => "kind-channel",
        Kind::Timing => "kind-timing",
        Kind::Error => "kind-error",
    }
}
