use serde::{Deserialize, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

use super::{Direction, Effect, Rule};

/// Rules for a kind of network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Preset {
    /// Slow, with losses, and gone for three seconds three times a minute.
    Train,
    /// Slow by very different amounts, with losses and overtaking.
    CongestedMobile,
    /// There for three seconds, gone for two.
    Flapping,
    /// The Registry refuses a third of all calls.
    BusyRegistry,
}

as_str!(Preset);

impl Preset {
    /// What it is like, in a few words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Train => "slow, with losses, and gone for 3 s three times a minute",
            Self::CongestedMobile => "slow by very different amounts, with losses and overtaking",
            Self::Flapping => "there for 3 s, gone for 2 s",
            Self::BusyRegistry => "the Registry refuses a third of all calls (429)",
        }
    }

    /// Its rules.
    pub fn rules(self) -> Vec<Rule> {
        let named =
            |effect, probability| Rule { name: Some(self.as_str().to_owned()), probability, ..Rule::new(effect) };
        match self {
            Self::Train => vec![
                named(Effect::Offline { for_ms: 3_000.0, every_ms: 20_000.0 }, 1.0),
                named(Effect::Delay { ms: [50.0, 250.0] }, 1.0),
                named(Effect::Lose, 0.05),
            ],
            Self::CongestedMobile => vec![
                named(Effect::Delay { ms: [50.0, 800.0] }, 1.0),
                named(Effect::Reorder { ms: 1_000.0 }, 0.1),
                Rule { direction: Some(Direction::Response), ..named(Effect::Lose, 0.03) },
            ],
            Self::Flapping => vec![named(Effect::Offline { for_ms: 2_000.0, every_ms: 5_000.0 }, 1.0)],
            Self::BusyRegistry => {
                vec![named(Effect::Status { status: 429, retry_after_sec: Some(1.0) }, 0.33)]
            }
        }
    }
}
