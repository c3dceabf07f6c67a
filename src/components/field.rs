use stylist::{StyleSource, css};
use yew::prelude::*;

use super::Input;

/// Properties of [`Field`].
#[derive(Properties, PartialEq)]
pub struct FieldProps {
    /// `data-testid`, which is also the input's `id`.
    pub testid: AttrValue,
    /// Its label.
    pub label: AttrValue,
    /// Its text.
    pub value: AttrValue,
    /// What to enter; shown below.
    #[prop_or_default]
    pub hint: &'static str,
    /// What is wrong with the text; shown in place of the hint.
    #[prop_or_default]
    pub problem: Option<&'static str>,
    /// Its `type`: `text`, `url` or `password`.
    #[prop_or("text")]
    pub kind: &'static str,
    /// `inputmode`: which keyboard a phone shows.
    #[prop_or_default]
    pub inputmode: Option<&'static str>,
    /// Shown while it is empty.
    #[prop_or_default]
    pub placeholder: &'static str,
    /// Whether it holds data rather than words.
    #[prop_or_default]
    pub mono: bool,
    /// Whether a link has set it.
    #[prop_or_default]
    pub linked: bool,
    /// Whether it is disabled.
    #[prop_or_default]
    pub disabled: bool,
    /// Called with every new text.
    pub onchange: Callback<String>,
}

/// A text field with its label, and below it a hint or what is wrong.
#[component]
pub fn Field(props: &FieldProps) -> Html {
    let (note_id, link_id) = (format!("{}-note", props.testid), format!("{}-by-link", props.testid));
    let note = props.problem.unwrap_or(props.hint);
    let descriptions = [(!note.is_empty()).then_some(&*note_id), props.linked.then_some(&*link_id)];
    let descriptions: Vec<&str> = descriptions.into_iter().flatten().collect();
    html! {
        <div class={style()}>
            <div class="name">
                <label for={&props.testid}>{ &props.label }</label>
                if props.linked {
                    <span id={link_id.clone()} class="by-link" data-testid={link_id.clone()}>{ "set by the link" }</span>
                }
            </div>
            <Input
                id={&props.testid}
                testid={&props.testid}
                kind={props.kind}
                inputmode={props.inputmode}
                value={&props.value}
                placeholder={props.placeholder}
                mono={props.mono}
                disabled={props.disabled}
                invalid={props.problem.is_some()}
                describedby={(!descriptions.is_empty()).then(|| descriptions.join(" "))}
                oninput={&props.onchange}
            />
            if !note.is_empty() {
                <p
                    id={note_id.clone()}
                    class={classes!("note", props.problem.map(|_| "problem"))}
                    aria-live="polite"
                >
                    { note }
                </p>
            }
        </div>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        display: flex;
        flex-direction: column;
        gap: 4px;
        min-width: 0;

        .name { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 8px; }
        label { font-size: 13px; font-weight: 600; }
        .by-link { font-size: 12.5px; color: var(--warn); }
        .note { font-size: 12.5px; color: var(--muted); min-height: 1.45em; }
        .note.problem { color: var(--bad); }
        "#
    )
}
