//! The page's own address.

use web_sys::UrlSearchParams;

use crate::link::{self, Link};
use crate::settings::Settings;

/// Where the page comes from, as the address of a Registry.
pub fn origin() -> String {
    web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}

/// The page's whole address.
pub fn href() -> String {
    web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default()
}

/// The link that invites to a room of this page's Registry.
pub fn invitation(room: &str, join: &str, settings: &Settings) -> String {
    let registry = Some(settings.registry_url.trim()).filter(|url| url.trim_end_matches('/') != origin());
    link::invitation(&href(), registry, room, join)
}

/// What the page's address asks for.
pub fn link() -> Link {
    let Some(location) = web_sys::window().map(|window| window.location()) else { return Link::default() };
    let query = pairs(&location.search().unwrap_or_default());
    let fragment = pairs(location.hash().unwrap_or_default().trim_start_matches('#'));
    Link::read(&query, &fragment)
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
