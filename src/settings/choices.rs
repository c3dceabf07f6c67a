//! The settings that somebody has changed from their defaults.

use serde::{Deserialize, Serialize};

use super::PageSettings;
use crate::link::Link;

/// Declares the settings that can be chosen.
macro_rules! choices {
    ($($field:ident: $type:ty),* $(,)?) => {
        /// The settings that somebody has changed; `None` for the others.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub struct Choices {
            $(
                #[doc = concat!("[`PageSettings::", stringify!($field), "`]")]
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>,
            )*
        }

        impl Choices {
            /// What leads from one to the other.
            pub(super) fn between(before: &PageSettings, after: &PageSettings) -> Self {
                Self { $($field: (before.$field != after.$field).then(|| after.$field.clone()),)* }
            }

            /// Makes the settings what was chosen.
            pub(super) fn apply(&self, to: &mut PageSettings) {
                $(if let Some(value) = &self.$field { to.$field.clone_from(value); })*
            }

            /// Takes over what was chosen later.
            pub(super) fn take(&mut self, later: &Self) {
                $(if later.$field.is_some() { self.$field.clone_from(&later.$field); })*
            }

            /// Leaves alone what others have chosen.
            pub(super) fn leave(&mut self, others: &Self) {
                $(if others.$field.is_some() { self.$field = None; })*
            }
        }
    };
}

choices! {
    registry_url: String,
    stun_url: String,
    turn_url: String,
    more_turn: Vec<String>,
    relay_only: bool,
    host_name: String,
    guest_name: String,
}

impl Choices {
    /// What a link asks for.
    pub(super) fn of_link(link: &Link) -> Self {
        Self {
            registry_url: link.registry.clone(),
            stun_url: link.stun.as_ref().map(|list| list.join(", ")),
            turn_url: link.turn.as_ref().map(|list| list.first().cloned().unwrap_or_default()),
            more_turn: link.turn.as_ref().map(|list| list.iter().skip(1).cloned().collect()),
            relay_only: None,
            host_name: link.name.clone(),
            guest_name: link.name.clone(),
        }
    }

    /// The settings in words; `None` if there are none.
    pub fn in_words(&self) -> Option<String> {
        let named = [
            (self.registry_url.is_some(), "the Registry"),
            (self.stun_url.is_some(), "the STUN server"),
            (self.turn_url.is_some() || self.more_turn.is_some(), "the TURN server"),
            (self.relay_only.is_some(), "relay only"),
            (self.host_name.is_some() || self.guest_name.is_some(), "your name"),
        ];
        let words: Vec<_> = named.into_iter().filter_map(|(chosen, word)| chosen.then_some(word)).collect();
        match words.as_slice() {
            [] => None,
            [only] => Some((*only).to_owned()),
            [first @ .., last] => Some(format!("{} and {last}", first.join(", "))),
        }
    }
}
