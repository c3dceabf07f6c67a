//! Copying text.

use gloo_utils::{body, document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDocument, HtmlElement, HtmlTextAreaElement};

/// Copies `text` to the clipboard and returns whether that succeeded.
pub async fn copy(text: &str) -> bool {
    let clipboard = window().navigator().clipboard();
    // Outside a secure context there is no clipboard object, although the binding's type says that there is.
    if clipboard.is_undefined() {
        return copy_selection(text);
    }
    JsFuture::from(clipboard.write_text(text)).await.is_ok() || copy_selection(text)
}

/// The fallback: selects the text in an invisible field and has the browser copy the selection.
fn copy_selection(text: &str) -> bool {
    let document = document();
    let field = document.create_element("textarea").ok().and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok());
    let Some(field) = field else { return false };
    let focused = document.active_element().and_then(|element| element.dyn_into::<HtmlElement>().ok());
    field.set_value(text);
    field.set_class_name("unseen");
    let _ = body().append_child(&field);
    field.select();
    let copied =
        document.dyn_ref::<HtmlDocument>().is_some_and(|document| document.exec_command("copy").unwrap_or(false));
    field.remove();
    if let Some(focused) = focused {
        let _ = focused.focus();
    }
    copied
}
