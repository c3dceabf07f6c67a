use registry_client::RoomInfo;

/// A room as the page shows it, without its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomView {
    /// The room code.
    pub code: String,
    /// The join code, which the host shares.
    pub join_code: Option<String>,
    /// The host's name, if known.
    pub host_name: Option<String>,
    /// The guest's name, if known.
    pub guest_name: Option<String>,
    /// When the room expires according to the Registry, in milliseconds since the Unix epoch by the Registry's clock.
    pub expires_at: u64,
}

impl From<&RoomInfo> for RoomView {
    fn from(room: &RoomInfo) -> Self {
        Self {
            code: room.code.to_string(),
            join_code: room.join_code.as_ref().map(|code| code.as_str().to_owned()),
            host_name: room.host_user_name.as_ref().map(ToString::to_string),
            guest_name: room.guest_user_name.as_ref().map(ToString::to_string),
            expires_at: room.expires_at.0,
        }
    }
}
