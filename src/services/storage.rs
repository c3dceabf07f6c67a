//! What the page remembers. Where a browser keeps nothing, nothing is remembered, and nothing else changes.

use web_sys::Storage;

/// How long something is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Until the person deletes it.
    Forever,
    /// As long as the tab lives.
    ForThisTab,
}

fn storage(keep: Keep) -> Option<Storage> {
    let window = web_sys::window()?;
    match keep {
        Keep::Forever => window.local_storage(),
        Keep::ForThisTab => window.session_storage(),
    }
    .ok()?
}

/// What was remembered under this name.
pub fn read(keep: Keep, name: &str) -> Option<String> {
    storage(keep)?.get_item(name).ok()?
}

/// Remembers a text under this name; an empty one is forgotten.
pub fn write(keep: Keep, name: &str, text: &str) {
    if let Some(storage) = storage(keep) {
        let _ = if text.is_empty() { storage.remove_item(name) } else { storage.set_item(name, text) };
    }
}
