use crate::link;

/// The two codes that admit a guest to a room.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Codes {
    /// The room code.
    pub room: String,
    /// The join code.
    pub join: String,
}

impl Codes {
    /// Whether neither is missing.
    pub fn are_known(&self) -> bool {
        !self.room.is_empty() && !self.join.is_empty()
    }

    /// The codes after `text` was typed or pasted into the field for the room code.
    #[must_use]
    pub fn with_room(&self, text: &str) -> Self {
        match link::pasted_codes(text) {
            Some((room, join)) => Self { room, join },
            None => Self { room: link::room_code(text), ..self.clone() },
        }
    }

    /// The codes after `text` was typed or pasted into the field for the join code.
    #[must_use]
    pub fn with_join(&self, text: &str) -> Self {
        Self { join: link::join_code(text), ..self.clone() }
    }
}
