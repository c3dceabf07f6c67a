use registry_protocol::{EpochMs, JoinCode, RoomCode, Token};
use serde::{Deserialize, Serialize};

use crate::types::state::RoomInfo;

/// What a page that is reloaded needs to go on with its connection. All of it is secret.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Saved {
    /// The application's room.
    pub(crate) room: RoomInfo,
    /// This side's and the peer's name in the session.
    pub(crate) session: String,
    pub(crate) peer: String,
    /// Which peer connection of the peer was the last to carry messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) peer_origin: Option<String>,
    /// How many messages were delivered here.
    pub(crate) received: u64,
    pub(crate) outbound: SavedOutbound,
    #[serde(rename = "standby")]
    pub(crate) fallback: SavedFallback,
    /// By how much the Registry's clock was ahead of the device's, in milliseconds, where that was known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ahead_ms: Option<f64>,
}

/// What was accepted and is not known to be delivered.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct SavedOutbound {
    pub(crate) last_id: u64,
    pub(crate) acknowledged: u64,
    pub(crate) messages: Vec<SavedMessage>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SavedMessage {
    pub(crate) id: u64,
    pub(crate) text: String,
    /// How long it had waited, in milliseconds.
    pub(crate) age_ms: u64,
    pub(crate) handed: bool,
}

/// The rooms in which the peer can be met. Their names in JSON are those of earlier versions: a page may be updated while it is
/// reloaded.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct SavedFallback {
    #[serde(rename = "rooms")]
    pub(crate) ready: Vec<FallbackRoom>,
    #[serde(rename = "told", skip_serializing_if = "Option::is_none")]
    pub(crate) announced: Option<FallbackRoom>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<FallbackRoom>,
    #[serde(rename = "next_told")]
    pub(crate) next_announced: bool,
    /// The one in which the peers were about to meet.
    #[serde(rename = "detour", skip_serializing_if = "Option::is_none")]
    pub(crate) meeting: Option<FallbackRoom>,
    /// Whether that is used up.
    #[serde(rename = "detour_used")]
    pub(crate) meeting_used: bool,
    /// The newest attempt in it, if it is a lasting room.
    #[serde(default)]
    pub(crate) attempt: u64,
}

/// A room that this side can use when its connection is lost.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct FallbackRoom {
    pub(crate) code: RoomCode,
    #[serde(serialize_with = "Token::expose")]
    pub(crate) token: Token,
    /// What admits the guest; a host knows it.
    #[serde(default, serialize_with = "JoinCode::expose_option", skip_serializing_if = "Option::is_none")]
    pub(crate) join_code: Option<JoinCode>,
    pub(crate) expires_at: EpochMs,
}

impl SavedFallback {
    /// Whether there is a room that may live on; `is_over` says of a moment whether that is certain to be over.
    pub(crate) fn is_usable(&self, is_over: impl Fn(EpochMs) -> bool) -> bool {
        let mut rooms = self.ready.iter().chain(&self.announced).chain(&self.next).chain(&self.meeting);
        rooms.any(|room| !is_over(room.expires_at))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::json::Json;

    /// What a page of this version saves, with everything in it.
    fn whole() -> Value {
        let room = json!({ "code": "ABCD2345", "token": "t", "join_code": "123456", "expires_at": 7 });
        let bare = json!({ "code": "ABCD2345", "token": "t", "expires_at": 7 });
        json!({
            "room": {
                "code": "ACDE2345", "hostUserName": "Ann", "guestUserName": "Bob", "role": "host", "token": "secret",
                "joinCode": "654321", "expiresAt": 1_763_800_000_000_u64,
            },
            "session": "a", "peer": "b", "peer_origin": "c", "received": 3,
            "outbound": {
                "last_id": 2, "acknowledged": 1,
                "messages": [{ "id": 2, "text": "{\"a\":1}", "age_ms": 5, "handed": true }],
            },
            "standby": {
                "rooms": [room, bare], "told": room, "next": bare, "next_told": true, "detour": bare,
                "detour_used": false, "attempt": 3,
            },
            "ahead_ms": 1.5,
        })
    }

    #[test]
    fn what_is_saved_keeps_its_json() {
        for gone in [&[][..], &["peer_origin", "ahead_ms"]] {
            let mut saved = whole();
            gone.iter().for_each(|name| drop(saved.as_object_mut().unwrap().remove(*name)));
            if !gone.is_empty() {
                saved["standby"] = json!({ "rooms": [], "next_told": false, "detour_used": true, "attempt": 0 });
                saved["room"] = json!({ "code": "ACDE2345", "role": "guest", "token": "secret", "expiresAt": 7 });
            }
            let read: Saved = Json::from(&saved).read().unwrap();
            assert_eq!(Json::of(&read).value(), saved);
        }
    }

    #[test]
    fn what_is_no_saved_connection_is_malformed() {
        for name in ["room", "session", "peer", "received", "outbound", "standby"] {
            let mut saved = whole();
            saved.as_object_mut().unwrap().remove(name);
            assert!(Json::from(&saved).read::<Saved>().is_err(), "{name}");
        }
        assert!(Json::from(json!("host")).read::<Saved>().is_err());
    }
}
