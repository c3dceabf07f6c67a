//! Copying a text.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDocument, HtmlElement, HtmlTextAreaElement};

use super::dom;

/// Puts `text` into the clipboard; says whether that went well.
pub async fn copy(text: &str) -> bool {
    // A page that is not served securely has no clipboard object at all, which its binding would not tell.
    let clipboard = web_sys::window().map(|window| window.navigator().clipboard());
    match clipboard.filter(|clipboard| !clipboard.is_undefined()) {
        Some(clipboard) => JsFuture::from(clipboard.write_text(text)).await.is_ok() || copy_selection(text),
        None => copy_selection(text),
    }
}

/// The old way: selects the text in a field that nobody sees, and asks the browser to copy the selection.
fn copy_selection(text: &str) -> bool {
    let Some(document) = dom::document() else { return false };
    let field = document.create_element("textarea").ok().and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok());
    let (Some(field), Some(body)) = (field, document.body()) else { return false };
    let focused = document.active_element().and_then(|element| element.dyn_into::<HtmlElement>().ok());
    field.set_value(text);
    field.set_class_name("unseen");
    let _ = body.append_child(&field);
    field.select();
    let copied =
        document.dyn_ref::<HtmlDocument>().is_some_and(|document| document.exec_command("copy").unwrap_or(false));
    field.remove();
    if let Some(focused) = focused {
        let _ = focused.focus();
    }
    copied
}
