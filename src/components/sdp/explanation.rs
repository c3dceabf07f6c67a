use registry_analysis::sdp::{Meaning, meaning, sections};
use stylist::{StyleSource, css};
use yew::prelude::*;

use crate::components::Foreign;

/// Properties of [`Explanation`].
#[derive(Properties, PartialEq)]
pub struct ExplanationProps {
    /// The line.
    pub text: String,
}

/// What a line means.
#[component]
pub fn Explanation(props: &ExplanationProps) -> Html {
    let found = sections(&props.text).iter().flat_map(|section| &section.lines).find_map(meaning);
    let Some(Meaning { words, source, parts }) = found else {
        return html! {
            <div class={style()} data-testid="sdp-explanation">
                <p>{ "No line of the standards for data channels and media: a browser ignores what it does not know." }</p>
            </div>
        };
    };
    html! {
        <div class={style()} data-testid="sdp-explanation">
            <p>{ words }</p>
            if !parts.is_empty() {
                <dl>
                    for (index, (name, value)) in parts.into_iter().enumerate() {
                        <dt key={format!("name {index}")}>{ name }</dt>
                        <dd key={format!("value {index}")} class="mono"><Foreign text={value} /></dd>
                    }
                </dl>
            }
            <p class="muted">{ source }</p>
        </div>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        margin: 2px 0 8px;
        padding: 6px 10px 7px;
        border-left: 2px solid var(--accent);
        background: var(--sunken);
        font-size: 13px;

        dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 1px 12px; margin: 4px 0; font-size: 12.5px; }
        dt { color: var(--muted); }
        "#
    )
}
