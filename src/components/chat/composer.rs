use gloo_utils::{body, document};
use stylist::{StyleSource, css};
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::components::{Button, Glyph, Icon, Input};
use crate::hooks::use_session;

/// Properties of [`Composer`].
#[derive(Properties, PartialEq)]
pub struct ComposerProps {
    /// Whether messages can be sent now.
    pub open: bool,
    /// Whether the room is closing.
    pub closing: bool,
}

/// Where a message is written.
#[component]
pub fn Composer(props: &ComposerProps) -> Html {
    let ComposerProps { open, closing } = *props;
    let placeholder = match (open, closing) {
        (true, _) => "Write a message",
        (false, true) => "Closing…",
        (false, false) => "Not connected",
    };
    let session = use_session();
    let draft = use_state(String::new);
    let node = use_node_ref();
    use_effect_with((open, node.clone()), |(open, node)| {
        if *open {
            focus_if_lost(node);
        }
    });
    let onsubmit = use_callback((session, draft.clone()), |event: SubmitEvent, (session, draft)| {
        event.prevent_default();
        if !draft.trim().is_empty() && session.send(draft) {
            draft.set(String::new());
        }
    });
    let oninput = use_callback(draft.setter(), |text, draft| draft.set(text));
    html! {
        <form class={style()} {onsubmit}>
            <Input
                testid="chat-input"
                label="Message"
                prose={true}
                {placeholder}
                disabled={!open}
                value={(*draft).clone()}
                {node}
                {oninput}
            />
            <Button testid="send-message-btn" class="primary" submit={true} disabled={!open}>
                <Icon glyph={Glyph::Send} />
                { "Send" }
            </Button>
        </form>
    }
}

/// Focuses the element if nothing has the focus: the control that had it may just have been removed.
fn focus_if_lost(node: &NodeRef) {
    let lost = document().active_element().is_none_or(|active| active == *body());
    if lost && let Some(element) = node.cast::<HtmlElement>() {
        let _ = element.focus();
    }
}

fn style() -> StyleSource {
    css!("display: flex; gap: 8px;")
}
