use stylist::{StyleSource, css};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`Input`].
#[derive(Properties, PartialEq)]
pub struct InputProps {
    /// `data-testid`.
    pub testid: AttrValue,
    /// `id`, where a label refers to it.
    #[prop_or_default]
    pub id: Option<AttrValue>,
    /// `type`.
    #[prop_or(AttrValue::Static("text"))]
    pub kind: AttrValue,
    /// `inputmode`: which keyboard a phone shows.
    #[prop_or_default]
    pub inputmode: Option<AttrValue>,
    /// Its text.
    pub value: AttrValue,
    /// Shown while it is empty.
    #[prop_or_default]
    pub placeholder: AttrValue,
    /// Accessible name, where no label refers to it.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// `id`s of the elements that describe it.
    #[prop_or_default]
    pub describedby: Option<AttrValue>,
    /// Whether it holds data rather than words.
    #[prop_or_default]
    pub mono: bool,
    /// Whether it holds sentences, in any language.
    #[prop_or_default]
    pub prose: bool,
    /// Whether its text is invalid.
    #[prop_or_default]
    pub invalid: bool,
    /// Whether it is disabled.
    #[prop_or_default]
    pub disabled: bool,
    /// Called with every new text.
    pub oninput: Callback<String>,
    /// The element.
    #[prop_or_default]
    pub node: NodeRef,
}

/// A single-line text input.
#[component]
pub fn Input(props: &InputProps) -> Html {
    let oninput = props.oninput.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    html! {
        <input
            id={props.id.clone()}
            data-testid={&props.testid}
            class={classes!("input", props.mono.then_some("mono"), style())}
            type={&props.kind}
            inputmode={props.inputmode.clone()}
            dir={props.prose.then_some("auto")}
            value={&props.value}
            placeholder={&props.placeholder}
            disabled={props.disabled}
            autocomplete="off"
            autocapitalize={(!props.prose).then_some("none")}
            spellcheck={(!props.prose).then_some("false")}
            aria-label={props.label.clone()}
            aria-invalid={props.invalid.then_some("true")}
            aria-describedby={props.describedby.clone()}
            ref={&props.node}
            {oninput}
        />
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        width: 100%;
        min-width: 0;
        min-height: 36px;
        padding: 6px 10px;
        border: 1px solid var(--edge);
        border-radius: var(--radius);
        background: light-dark(#ffffff, #101216);

        &:disabled { background: var(--sunken); border-color: var(--line); color: var(--muted); }
        &[aria-invalid="true"] { border-color: var(--bad); }
        &::placeholder { color: var(--muted); opacity: 0.8; }
        "#
    )
}
