//! Reading an `RTCIceServer`. An error says what the value must be, and never what it is: it may be a secret.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// One URL, or an array of them.
#[derive(Deserialize)]
#[serde(untagged)]
enum Urls {
    One(String),
    Many(Vec<String>),
}

pub(super) fn urls<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let urls = match Urls::deserialize(deserializer) {
        Ok(Urls::One(url)) => vec![url],
        Ok(Urls::Many(urls)) => urls,
        Err(_) => Vec::new(),
    };
    let is_ice = |url: &String| ["stun:", "stuns:", "turn:", "turns:"].iter().any(|scheme| url.starts_with(scheme));
    if urls.is_empty() || !urls.iter().all(is_ice) {
        return Err(D::Error::custom("urls must be a stun:, stuns:, turn: or turns: URL, or an array of them"));
    }
    Ok(urls)
}

pub(super) fn username<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(deserializer).map_err(|_| D::Error::custom("username must be a string"))
}

pub(super) fn credential<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(deserializer).map_err(|_| D::Error::custom("credential must be a string"))
}
