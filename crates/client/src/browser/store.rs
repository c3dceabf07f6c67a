use web_sys::Storage;

use crate::interfaces::store::SessionStore;

/// Keeps a connection in the tab's `sessionStorage` under a given key.
///
/// The entry exists only from unloading a page until the next page takes it, so duplicating a tab copies nothing.
#[derive(Debug)]
pub struct TabStore {
    name: String,
}

impl TabStore {
    /// Creates a store that uses this key; clients of one page need different ones.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

impl SessionStore for TabStore {
    fn save(&self, text: &str) -> bool {
        let Some(storage) = storage() else { return false };
        let saved = storage.set_item(&self.name, text).is_ok();
        if !saved {
            let _ = storage.remove_item(&self.name);
        }
        saved
    }

    fn take(&self) -> Option<String> {
        let storage = storage()?;
        let text = storage.get_item(&self.name).ok()?;
        let _ = storage.remove_item(&self.name);
        text
    }
}
