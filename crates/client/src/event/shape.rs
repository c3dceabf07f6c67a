//! JSON of events that is not simply their fields.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{Event, Timer};
use crate::error::Error;
use crate::types::operation::Operation;
use crate::types::pair::CandidatePair;

/// `{}`, for an event without details.
pub(super) fn nothing<S: Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_map(Some(0))?.end()
}

/// `{state}`
pub(super) fn state<T: Serialize, S: Serializer>(state: &T, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct State<'a, T> {
        state: &'a T,
    }
    State { state }.serialize(serializer)
}

/// `{timer}`
pub(super) fn timer<S: Serializer>(timer: &Timer, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Passed<'a> {
        timer: &'a Timer,
    }
    Passed { timer }.serialize(serializer)
}

/// `{pair, relayed}`
pub(super) fn pair<S: Serializer>(pair: &CandidatePair, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Selected<'a> {
        pair: &'a CandidatePair,
        relayed: bool,
    }
    Selected { pair, relayed: pair.relayed() }.serialize(serializer)
}

/// `operation`, `method` and `path` of a request.
pub(super) fn call<S: Serializer>(operation: &Operation, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Call<'a> {
        operation: &'a Operation,
        method: &'static str,
        path: &'static str,
    }
    Call { operation, method: operation.method(), path: operation.path_template() }.serialize(serializer)
}

/// `code` and `message` of an error.
pub(super) fn cause<S: Serializer>(error: &Error, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Cause<'a> {
        code: &'a str,
        message: String,
    }
    Cause { code: error.kind.code(), message: error.to_string() }.serialize(serializer)
}

/// `name` and `details` of an event.
pub(super) fn named<S: Serializer>(event: &Event, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Named<'a> {
        name: &'static str,
        details: &'a Event,
    }
    Named { name: event.name(), details: event }.serialize(serializer)
}
