use yew::prelude::*;

use crate::services::dom;

/// Properties of [`Field`].
#[derive(Properties, PartialEq)]
pub struct FieldProps {
    /// `data-testid`; the element's id, too.
    pub testid: AttrValue,
    /// What it is called.
    pub label: AttrValue,
    /// What is in it.
    pub value: AttrValue,
    /// What is to be entered; stands below.
    #[prop_or_default]
    pub hint: AttrValue,
    /// What is wrong with it; takes the place of the hint.
    #[prop_or_default]
    pub problem: Option<AttrValue>,
    /// `text`, `url` or `password`.
    #[prop_or(AttrValue::Static("text"))]
    pub kind: AttrValue,
    /// Which keyboard a telephone shows.
    #[prop_or_default]
    pub inputmode: Option<AttrValue>,
    /// Shown while it is empty.
    #[prop_or_default]
    pub placeholder: AttrValue,
    /// Whether it is data rather than language.
    #[prop_or_default]
    pub mono: bool,
    /// Whether it cannot be changed.
    #[prop_or_default]
    pub disabled: bool,
    /// Told every new text.
    pub onchange: Callback<String>,
}

/// A text field with its label, its hint and what is wrong with it.
#[component]
pub fn Field(props: &FieldProps) -> Html {
    let style = stylist::yew::use_style!(
        r#"
        display: flex;
        flex-direction: column;
        gap: 4px;
        min-width: 0;

        label { font-size: 13px; font-weight: 600; }
        .note { font-size: 12.5px; color: var(--muted); min-height: 1.45em; }
        .note.problem { color: var(--bad); }
    "#
    );
    let oninput =
        use_callback(props.onchange.clone(), |event: InputEvent, onchange| onchange.emit(dom::value_of(&event)));
    let note_id = format!("{}-note", props.testid);
    let note = props.problem.as_ref().unwrap_or(&props.hint);
    html! {
        <div class={style}>
            <label for={&props.testid}>{ &props.label }</label>
            <input
                id={&props.testid}
                data-testid={&props.testid}
                class={classes!("input", props.mono.then_some("mono"))}
                type={&props.kind}
                inputmode={props.inputmode.clone()}
                value={&props.value}
                placeholder={&props.placeholder}
                disabled={props.disabled}
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-invalid={props.problem.is_some().then_some("true")}
                aria-describedby={(!note.is_empty()).then(|| note_id.clone())}
                {oninput}
            />
            if !note.is_empty() {
                <p
                    id={note_id}
                    class={classes!("note", props.problem.is_some().then_some("problem"))}
                    aria-live="polite"
                >
                    { note }
                </p>
            }
        </div>
    }
}
