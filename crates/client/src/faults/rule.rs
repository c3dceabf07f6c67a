use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ms;
use crate::types::operation::Operation;

/// What is done to which calls, how often.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// The name of what asks for it, for the trace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The call; `None` for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<Operation>,
    /// What is done, and to what.
    #[serde(flatten)]
    pub effect: Effect,
    /// On the way there, on the way back; `None` for both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// How likely it is for each call, from 0 to 1.
    #[serde(default = "always")]
    pub probability: f64,
    /// How often at most; `None` for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

fn always() -> f64 {
    1.0
}

/// The way of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From the client to the Registry.
    Request,
    /// From the Registry to the client.
    Response,
}

/// What is done to a call. Times are in milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Effect {
    /// It takes longer, by a time between two.
    Delay {
        /// The shortest and the longest time.
        ms: [f64; 2],
    },
    /// It is lost: the request never arrives, or its response.
    Lose,
    /// The request arrives twice.
    Repeat,
    /// It is overtaken by the next call, or waits for so long if there is none.
    Reorder {
        /// The longest time.
        ms: f64,
    },
    /// The Registry refuses it with this status, 429 or 500 for example.
    Status {
        /// The HTTP status.
        status: u16,
        /// After how many seconds it may be repeated.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_sec: Option<f64>,
    },
    /// The response is that of the last call of its kind.
    Stale,
    /// The network is gone for a part of the time.
    Offline {
        /// How long it is gone.
        for_ms: f64,
        /// How often that begins.
        every_ms: f64,
    },
}

impl Rule {
    /// A rule about every call, always.
    pub fn new(effect: Effect) -> Self {
        Self { name: None, call: None, effect, direction: None, probability: 1.0, times: None }
    }

    pub(super) fn is_about(&self, operation: Operation, direction: Direction) -> bool {
        let directions = match self.effect {
            // These are about one of them only.
            Effect::Repeat | Effect::Offline { .. } => direction == Direction::Request,
            Effect::Stale => direction == Direction::Response,
            // A call is refused once.
            Effect::Status { .. } | Effect::Lose | Effect::Reorder { .. } => {
                direction == self.direction.unwrap_or(Direction::Request)
            }
            Effect::Delay { .. } => self.direction.is_none_or(|only| only == direction),
        };
        directions && self.call.is_none_or(|call| call == operation)
    }

    pub(super) fn is_due(&self, now: Duration, rng: &mut fastrand::Rng) -> bool {
        let in_time = match self.effect {
            Effect::Offline { for_ms, every_ms } if every_ms > 0.0 => ms(now) % every_ms < for_ms,
            _ => true,
        };
        in_time && (self.probability >= 1.0 || rng.f64() < self.probability)
    }
}

impl Effect {
    /// The effect with its times drawn.
    pub(super) fn drawn(&self, rng: &mut fastrand::Rng) -> Self {
        match self {
            Self::Delay { ms: [least, most] } => {
                let drawn = least + rng.f64() * (most - least).max(0.0);
                Self::Delay { ms: [drawn, drawn] }
            }
            other => other.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;

    #[test]
    fn a_rule_is_short_to_write() {
        let read = |text: &str| Json::from_text(text).read::<Rule>().unwrap();
        let delay = read(r#"{"effect":"delay","ms":[100,300],"call":"exchange","direction":"response","times":2}"#);
        let expected = Rule {
            call: Some(Operation::Exchange),
            direction: Some(Direction::Response),
            times: Some(2),
            ..Rule::new(Effect::Delay { ms: [100.0, 300.0] })
        };
        assert_eq!(delay, expected);
        assert_eq!(read(r#"{"effect":"lose","probability":0.1}"#).probability, 0.1);
        let status = read(r#"{"effect":"status","status":429,"retryAfterSec":2}"#);
        assert_eq!(status, Rule::new(Effect::Status { status: 429, retry_after_sec: Some(2.0) }));
        assert!(Json::from_text(r#"{"effect":"explode"}"#).read::<Rule>().is_err());
    }

    #[test]
    fn a_network_that_comes_and_goes_is_gone_for_a_part_of_the_time() {
        let rule = Rule::new(Effect::Offline { for_ms: 2_000.0, every_ms: 5_000.0 });
        let mut rng = fastrand::Rng::with_seed(1);
        let due: Vec<_> = (0..10).map(|second| rule.is_due(Duration::from_secs(second), &mut rng)).collect();
        assert_eq!(due, [true, true, false, false, false, true, true, false, false, false]);
    }

    #[test]
    fn a_delay_is_drawn_between_its_limits() {
        let mut rng = fastrand::Rng::with_seed(7);
        for _ in 0..100 {
            let drawn = Effect::Delay { ms: [10.0, 20.0] }.drawn(&mut rng);
            assert!(matches!(drawn, Effect::Delay { ms: [ms, _] } if (10.0..=20.0).contains(&ms)), "{drawn:?}");
        }
    }
}
