use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

/// Which of the two peers in a room.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Role {
    /// Created the room; posts the offer.
    #[default]
    Host,
    /// Joined the room; posts the answer.
    Guest,
}

impl Role {
    /// The peer's role.
    pub fn other(self) -> Self {
        match self {
            Self::Host => Self::Guest,
            Self::Guest => Self::Host,
        }
    }

    /// The role as JSON and JavaScript have it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
