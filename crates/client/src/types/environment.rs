//! Where a client runs, and how it is configured.

use serde::{Deserialize, Serialize};

/// Where a client runs, and how it is configured, without any secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Environment {
    /// Version of the client.
    pub version: String,
    /// The browser's name for itself (`navigator.userAgent`).
    pub user_agent: String,
    /// Origin of the page.
    pub page_origin: String,
    /// Whether it is a secure context.
    pub secure_context: bool,
    /// Whether the browser has `RTCPeerConnection`.
    pub has_web_rtc: bool,
    /// Whether the device has a network (`navigator.onLine`).
    pub online: bool,
    /// URL of the Registry.
    pub registry_url: String,
    /// URLs of the STUN and TURN servers.
    pub ice_servers: Vec<String>,
    /// Whether only relayed candidates may be used.
    pub relay_only: bool,
}
