//! The page's own address.

use web_sys::UrlSearchParams;

use crate::link::Link;

/// Where the page comes from, as the address of a Registry.
pub fn origin() -> String {
    web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}

/// The page's whole address.
pub fn href() -> String {
    web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default()
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
