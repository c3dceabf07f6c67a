use registry_client::RoomInfo;
use serde::Serialize;

/// A room as the page shows it and reports it to an embedding page, without its token; `docs/EMBEDDING.md` has its JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoomView {
    /// The room code.
    #[serde(rename = "room")]
    pub code: String,
    /// The join code, which the host shares.
    #[serde(rename = "join", skip_serializing_if = "Option::is_none")]
    pub join_code: Option<String>,
    /// The host's name, if known.
    #[serde(rename = "host", skip_serializing_if = "Option::is_none")]
    pub host_name: Option<String>,
    /// The guest's name, if known.
    #[serde(rename = "guest", skip_serializing_if = "Option::is_none")]
    pub guest_name: Option<String>,
    /// When the room expires according to the Registry, in milliseconds since the Unix epoch by the Registry's clock.
    #[serde(rename = "expiresAt")]
    pub expires_at: u64,
    /// Whether the Registry has the extensions to the base contract.
    #[serde(skip)]
    pub extended: bool,
}

impl From<&RoomInfo> for RoomView {
    fn from(room: &RoomInfo) -> Self {
        Self {
            code: room.code.to_string(),
            join_code: room.join_code.as_ref().map(|code| code.as_str().to_owned()),
            host_name: room.host_user_name.as_ref().map(ToString::to_string),
            guest_name: room.guest_user_name.as_ref().map(ToString::to_string),
            expires_at: room.expires_at.0,
            extended: room.exchange,
        }
    }
}
