//! Where a connection is kept over a reload of the page.

/// Keeps one text across a reload of the page. The text contains secrets: it must not outlive the page's session, nor be
/// readable by another page.
pub trait SessionStore {
    /// Stores the text, replacing any other, and returns whether it did. A store that cannot (it is full, or access is denied)
    /// keeps nothing, and leaving the page then ends the connection.
    fn save(&self, text: &str) -> bool;
    /// Returns the text and removes it, so that only one page resumes the connection.
    fn take(&self) -> Option<String>;
}
