//! The page's own URL.

use gloo_utils::window;
use web_sys::UrlSearchParams;

use crate::link::{self, Link};
use crate::settings::PageSettings;

/// The page's origin, which is also the default Registry URL.
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// The page's whole URL.
pub fn href() -> String {
    window().location().href().unwrap_or_default()
}

/// The invitation link to a room on the Registry in `settings`.
pub fn invitation(room: &str, join: &str, settings: &PageSettings) -> String {
    let registry = Some(settings.registry_url.trim()).filter(|url| url.trim_end_matches('/') != origin());
    link::invitation(&href(), registry, room, join)
}

/// The parameters in the page's URL.
pub fn link() -> Link {
    let location = window().location();
    let query = pairs(&location.search().unwrap_or_default());
    let fragment = pairs(location.hash().unwrap_or_default().trim_start_matches('#'));
    Link::read(&query, &fragment)
}

/// The page with two peers, and otherwise as this one.
pub fn with_two_peers() -> String {
    let search = window().location().search().unwrap_or_default();
    let Ok(query) = UrlSearchParams::new_with_str(&search) else { return "?peers=2".to_owned() };
    query.delete("role");
    query.set("peers", "2");
    format!("?{}", query.to_string())
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let Ok(params) = UrlSearchParams::new_with_str(text) else { return Vec::new() };
    let mut pairs = Vec::new();
    for entry in js_sys::Array::from(&params.into()).iter() {
        let entry = js_sys::Array::from(&entry);
        pairs.extend(entry.get(0).as_string().zip(entry.get(1).as_string()));
    }
    pairs
}
