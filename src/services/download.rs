//! Files that the page hands to the user, and files that the user hands to the page.

use gloo_utils::document;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, HtmlAnchorElement, HtmlInputElement, Url};

/// Hands a text to the user as a file of this name and media type. Nothing happens if the browser does not allow that.
pub fn save(name: &str, media_type: &str, text: &str) {
    let _ = saved(name, media_type, text);
}

fn saved(name: &str, media_type: &str, text: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.dyn_into()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The browser has taken hold of the content by now.
    Url::revoke_object_url(&url)
}

/// The file that was chosen in an input, if any. The input is emptied, so that the same file can be chosen again.
pub fn chosen(input: &HtmlInputElement) -> Option<File> {
    let file = input.files()?.get(0);
    input.set_value("");
    file
}

/// The content of a file as text.
///
/// # Errors
/// The browser's words.
pub async fn text_of(file: &File) -> Result<String, String> {
    let text = JsFuture::from(file.text()).await;
    let words = |thrown: JsValue| registry_client::browser::js::describe(&thrown);
    text.map_err(words)?.as_string().ok_or_else(|| "it has no text".to_owned())
}
