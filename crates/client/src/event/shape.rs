//! JSON of events that is not simply their fields, in both directions.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// `{}`, for an event without details.
pub(super) mod nothing {
    use serde::de::IgnoredAny;
    use serde::ser::SerializeMap;

    use super::{Deserialize, Deserializer, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_map(Some(0))?.end()
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
        IgnoredAny::deserialize(deserializer).map(drop)
    }
}

/// Declares `{name}` for an event with one unnamed value.
macro_rules! member {
    ($name:ident) => {
        pub(super) mod $name {
            use super::{Deserialize, Deserializer, Serialize, Serializer};

            #[derive(Serialize, Deserialize)]
            struct Member<T> {
                $name: T,
            }

            pub(in super::super) fn serialize<T: Serialize, S: Serializer>(
                $name: &T,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                Member { $name }.serialize(serializer)
            }

            pub(in super::super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<T, D::Error> {
                Member::deserialize(deserializer).map(|member| member.$name)
            }
        }
    };
}

member!(state);
member!(timer);

/// `{pair, relayed}`
pub(super) mod pair {
    use super::{Deserialize, Deserializer, Serialize, Serializer};
    use crate::types::pair::CandidatePair;

    pub(in super::super) fn serialize<S: Serializer>(pair: &CandidatePair, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Selected<'a> {
            pair: &'a CandidatePair,
            relayed: bool,
        }
        Selected { pair, relayed: pair.relayed() }.serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<CandidatePair, D::Error> {
        #[derive(Deserialize)]
        struct Selected {
            pair: CandidatePair,
        }
        Selected::deserialize(deserializer).map(|selected| selected.pair)
    }
}

/// `operation`, `method` and `path` of a request.
pub(super) mod call {
    use super::{Deserialize, Deserializer, Serialize, Serializer};
    use crate::types::operation::Operation;

    pub(in super::super) fn serialize<S: Serializer>(operation: &Operation, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Call<'a> {
            operation: &'a Operation,
            method: &'static str,
            path: &'static str,
        }
        Call { operation, method: operation.method(), path: operation.path_template() }.serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Operation, D::Error> {
        #[derive(Deserialize)]
        struct Call {
            operation: Operation,
        }
        Call::deserialize(deserializer).map(|call| call.operation)
    }
}

/// `code` and `message` of an error.
pub(super) mod cause {
    use super::{Deserialize, Deserializer, Serialize, Serializer};
    use crate::error::{Diagnostics, Error, RecordedError, RecordedKind};

    pub(in super::super) fn serialize<S: Serializer>(error: &Error, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Cause<'a> {
            code: &'a str,
            message: String,
        }
        Cause { code: error.kind.code(), message: error.to_string() }.serialize(serializer)
    }

    /// The kind is not written: what ends an attempt to reconnect is nearly always the connection.
    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Error, D::Error> {
        #[derive(Deserialize)]
        struct Cause {
            code: String,
            message: String,
        }
        let Cause { code, message } = Cause::deserialize(deserializer)?;
        let recorded = RecordedError { kind: RecordedKind::WebRtc, code, message, retryable: false };
        Ok(Error::new(recorded, Diagnostics::default()))
    }
}
