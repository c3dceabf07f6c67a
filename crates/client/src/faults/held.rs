//! Messages that are held, until somebody decides what becomes of each.

use std::cell::{Cell, RefCell};

use futures::channel::oneshot;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Direction;
use crate::json::Json;
use crate::types::operation::Operation;

/// What is held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Holds {
    /// Requests with an offer.
    pub offers: bool,
    /// Requests with an answer.
    pub answers: bool,
    /// Requests with candidates.
    pub candidates: bool,
    /// Every response of the Registry.
    pub responses: bool,
}

/// A message that is held.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeldMessage {
    /// Its number.
    pub number: u32,
    /// The call that it belongs to.
    pub call: Operation,
    /// Request or response.
    pub direction: Direction,
    /// What it carries, in words.
    pub carries: String,
    /// Since when, by the monotonic clock in milliseconds.
    pub since_ms: f64,
    /// Its content, if that may be seen and edited: it has no token and no join code, but the ICE password of a description.
    #[serde(skip)]
    pub content: Option<Json>,
}

/// What becomes of a message that is held.
#[derive(Clone, Debug, PartialEq)]
pub enum Release {
    /// It goes on.
    AsItIs,
    /// It goes on with another content.
    Edited(Json),
    /// It is lost.
    Dropped,
    /// It goes on, and once more: only a request can.
    Repeated,
}

/// Why a message cannot be released.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HeldProblem {
    /// There is none.
    #[error("no message of this number is held")]
    Unknown,
    /// It has no content that can be edited, or it is a response that cannot be repeated.
    #[error("this message can be released or dropped, but not this")]
    Impossible,
    /// The edited text is not a message of its kind.
    #[error("the edited text is not a message of this kind: {0}")]
    Malformed(String),
}

/// Whether a JSON is a content of some kind.
type Check = dyn Fn(&Json) -> Result<(), String>;

/// A message that is held, and who waits for the decision.
pub(super) struct Held {
    pub(super) message: HeldMessage,
    /// Whether an edited content is one of its kind.
    pub(super) check: Box<Check>,
    pub(super) decide: oneshot::Sender<Release>,
}

/// Where messages are held.
#[derive(Default)]
pub(super) struct Desk {
    holds: Cell<Holds>,
    next: Cell<u32>,
    held: RefCell<Vec<Held>>,
}

impl Desk {
    pub(super) fn holds(&self) -> Holds {
        self.holds.get()
    }

    pub(super) fn set_holds(&self, holds: Holds) {
        self.holds.set(holds);
    }

    pub(super) fn messages(&self) -> Vec<HeldMessage> {
        // Whoever has given up no longer waits.
        self.held.borrow_mut().retain(|held| !held.decide.is_canceled());
        self.held.borrow().iter().map(|held| held.message.clone()).collect()
    }

    pub(super) fn number(&self) -> u32 {
        self.next.set(self.next.get() + 1);
        self.next.get()
    }

    pub(super) fn put(&self, held: Held) {
        self.held.borrow_mut().push(held);
    }

    pub(super) fn release(&self, number: u32, how: Release) -> Result<(), HeldProblem> {
        let held = {
            let mut all = self.held.borrow_mut();
            let at = all.iter().position(|held| held.message.number == number).ok_or(HeldProblem::Unknown)?;
            let held = &all[at];
            match &how {
                Release::Edited(_) if held.message.content.is_none() => return Err(HeldProblem::Impossible),
                Release::Edited(json) => (held.check)(json).map_err(HeldProblem::Malformed)?,
                Release::Repeated if held.message.direction == Direction::Response => {
                    return Err(HeldProblem::Impossible);
                }
                Release::Repeated | Release::AsItIs | Release::Dropped => {}
            }
            all.remove(at)
        };
        held.decide.send(how).map_err(|_| HeldProblem::Unknown)
    }

    pub(super) fn release_all(&self) {
        for held in self.held.take() {
            let _ = held.decide.send(Release::AsItIs);
        }
    }
}
