//! Where a connection is kept over a reload of the page.

/// Keeps one text over a reload of the page. The text holds secrets: it must not outlive the session of the page, nor be
/// read by another.
pub trait SessionStore {
    /// Keeps the text, in the place of any other; says whether it does. A store that cannot (it is full, or forbidden) keeps
    /// nothing, and then leaving the page ends the connection.
    fn save(&self, text: &str) -> bool;
    /// Gives the text back, and forgets it: so that only one page goes on with it.
    fn take(&self) -> Option<String>;
}
