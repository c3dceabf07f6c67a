use gloo_utils::window;
use registry_client::ClientConfig;
use registry_client::browser::js;
use registry_client::interfaces::webrtc::IceTransportPolicy;
use registry_client::types::environment::Environment;
use web_sys::Url;

/// Where the page runs, and how its client is configured, without any secret.
pub(super) fn look(config: &ClientConfig) -> Environment {
    let (window, peer) = (window(), &config.peer);
    Environment {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        user_agent: window.navigator().user_agent().unwrap_or_default(),
        page_origin: window.location().origin().unwrap_or_default(),
        secure_context: js::get(&window, "isSecureContext").is_truthy(),
        has_web_rtc: js::get_function(&window, "RTCPeerConnection").is_some(),
        // A browser that does not say so has a network.
        online: js::get(&window.navigator(), "onLine") != false,
        registry_url: absolute(&config.registry_api_url),
        ice_servers: peer.ice_servers.iter().flat_map(|server| server.urls.iter().cloned()).collect(),
        relay_only: peer.ice_transport_policy == IceTransportPolicy::Relay,
    }
}

/// A URL as the browser resolves it on this page, without user name and password.
fn absolute(url: &str) -> String {
    let base = window().location().href().unwrap_or_default();
    let Ok(resolved) = Url::new_with_base(url, &base) else { return String::new() };
    resolved.set_username("");
    resolved.set_password("");
    resolved.href()
}
