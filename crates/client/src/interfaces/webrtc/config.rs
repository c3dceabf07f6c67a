//! Reading an `RTCIceServer`. An error says what the value must be, and never what it is: it may be a secret.

use std::fmt;

use serde::de::value::SeqAccessDeserializer;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::types::ice_url::{BadIceUrl, IceUrl};

/// Reads one URL, or an array of them.
struct Urls;

impl<'de> Visitor<'de> for Urls {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a URL, or an array of them")
    }

    fn visit_str<E: Error>(self, url: &str) -> Result<Vec<String>, E> {
        Ok(vec![url.to_owned()])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Vec<String>, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list))
    }
}

pub(super) fn urls<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let urls = deserializer.deserialize_any(Urls).unwrap_or_default();
    if urls.is_empty() {
        return Err(D::Error::custom(format_args!("urls {}", BadIceUrl::Scheme)));
    }
    for url in &urls {
        IceUrl::parse(url).map_err(|problem| D::Error::custom(format_args!("urls {problem}")))?;
    }
    Ok(urls)
}

pub(super) fn username<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(deserializer).map_err(|_| D::Error::custom("username must be a string"))
}

pub(super) fn credential<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(deserializer).map_err(|_| D::Error::custom("credential must be a string"))
}
