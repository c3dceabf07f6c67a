use stylist::{StyleSource, css};
use yew::prelude::*;

use crate::components::CopyButton;

/// Properties of [`Code`].
#[derive(Properties, PartialEq)]
pub struct CodeProps {
    /// The caption.
    pub name: &'static str,
    /// `data-testid` of the code.
    pub testid: &'static str,
    /// `data-testid` of the copy button.
    pub copy: &'static str,
    /// What it is, in words: `the room code`.
    pub what: &'static str,
    /// The code.
    pub code: AttrValue,
}

/// A code with its copy button.
#[component]
pub fn Code(props: &CodeProps) -> Html {
    let text = use_callback(props.code.clone(), |(), code| code.to_string());
    html! {
        <div class={style()}>
            <span class="eyebrow">{ props.name }</span>
            <span class="value mono" data-testid={props.testid}>{ &props.code }</span>
            <CopyButton testid={props.copy} what={props.what} {text} />
        </div>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        display: flex;
        flex-direction: column;
        align-items: flex-start;
        gap: 4px;
        min-width: 0;

        .value { font-size: 23px; font-weight: 600; letter-spacing: 0.06em; line-height: 1.2; user-select: all; }
        "#
    )
}
