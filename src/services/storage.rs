//! What the page stores. A browser may block storage; then nothing is stored, and everything else still works. (The
//! types of gloo-storage panic there.)

use gloo_utils::window;
use web_sys::Storage;

/// How long a value is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Until the user deletes it.
    Forever,
    /// Until the tab is closed.
    ForThisTab,
}

fn storage(keep: Keep) -> Option<Storage> {
    match keep {
        Keep::Forever => window().local_storage(),
        Keep::ForThisTab => window().session_storage(),
    }
    .ok()?
}

/// The value stored under this name.
pub fn read(keep: Keep, name: &str) -> Option<String> {
    storage(keep)?.get_item(name).ok()?
}

/// Stores a value under this name; an empty one is removed.
pub fn write(keep: Keep, name: &str, text: &str) {
    if let Some(storage) = storage(keep) {
        let _ = if text.is_empty() { storage.remove_item(name) } else { storage.set_item(name, text) };
    }
}
