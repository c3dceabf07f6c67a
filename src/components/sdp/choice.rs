use registry_analysis::sdp::{Kind, Life, Side, lives};
use registry_analysis::{Track, Tracks};

/// A description that can be chosen, and whose it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Its name: `local offer`, `host’s local offer`.
    pub name: String,
    /// The description and its steps.
    pub life: Life,
}

/// All descriptions of the tracks' latest sessions, in the order in which they began.
pub fn choices(tracks: &Tracks) -> Vec<Choice> {
    let several = tracks.len() > 1;
    let named = |track: &Track, life: Life| match track.role().filter(|_| several) {
        Some(role) => Choice { name: format!("{role}’s {}", life.name()), life },
        None => Choice { name: life.name(), life },
    };
    let mut all: Vec<Choice> =
        tracks.iter().flat_map(|track| lives(track).into_iter().map(move |life| named(track, life))).collect();
    all.sort_by(|one, other| began(one).total_cmp(&began(other)));
    all
}

fn began(choice: &Choice) -> f64 {
    choice.life.steps.first().map_or(f64::INFINITY, |passed| passed.epoch_ms)
}

/// The two that are shown unless others are chosen: the latest offer and the latest answer, those of this side first.
pub fn usual(choices: &[Choice]) -> [usize; 2] {
    let last = |kind: Kind| {
        let of_kind = |choice: &Choice| choice.life.kind == kind;
        let number = choices.iter().filter(|choice| of_kind(choice)).map(|choice| choice.life.number).max()?;
        let latest = |choice: &Choice| of_kind(choice) && choice.life.number == number;
        let own = choices.iter().position(|choice| latest(choice) && choice.life.side == Side::Local);
        own.or_else(|| choices.iter().position(latest))
    };
    let offer = last(Kind::Offer).unwrap_or_default();
    [offer, last(Kind::Answer).unwrap_or(offer)]
}
