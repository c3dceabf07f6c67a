//! The settings that somebody has changed from their defaults.

use registry_client::describe::Members;
use registry_client::protocol::read::{Malformed, Node, member};

use super::Settings;
use crate::link::Link;

/// Declares the settings that can be chosen: each with its type and the name under which it is remembered.
macro_rules! choices {
    ($($field:ident: $type:ty = $name:literal),* $(,)?) => {
        /// The settings that somebody has changed; `None` for the others.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Choices {
            $(#[doc = concat!("[`Settings::", stringify!($field), "`]")] pub $field: Option<$type>,)*
        }

        impl Choices {
            /// What leads from one to the other.
            pub(super) fn between(before: &Settings, after: &Settings) -> Self {
                Self { $($field: (before.$field != after.$field).then(|| after.$field.clone()),)* }
            }

            /// Makes the settings what was chosen.
            pub(super) fn apply(&self, to: &mut Settings) {
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

            /// Says what was chosen.
            pub(super) fn describe(&self, to: &mut dyn Members) {
                $(if let Some(value) = &self.$field { Remember::say(value, $name, to); })*
            }

            /// Reads what was said.
            pub(super) fn read(node: &impl Node) -> Result<Self, Malformed> {
                Ok(Self { $($field: member(node, $name)?,)* })
            }
        }
    };
}

choices! {
    registry_url: String = "registryUrl",
    stun_url: String = "stunUrl",
    turn_url: String = "turnUrl",
    relay_only: bool = "relayOnly",
    host_name: String = "hostName",
    guest_name: String = "guestName",
}

/// What can be remembered.
trait Remember {
    fn say(&self, name: &'static str, to: &mut dyn Members);
}

impl Remember for String {
    fn say(&self, name: &'static str, to: &mut dyn Members) {
        to.text(name, Some(self));
    }
}

impl Remember for bool {
    fn say(&self, name: &'static str, to: &mut dyn Members) {
        to.flag(name, *self);
    }
}

impl Choices {
    /// What a link asks for.
    pub(super) fn of_link(link: &Link) -> Self {
        Self {
            registry_url: link.registry.clone(),
            stun_url: link.stun.as_ref().map(|list| list.join(", ")),
            turn_url: link.turn.clone(),
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
            (self.turn_url.is_some(), "the TURN server"),
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
