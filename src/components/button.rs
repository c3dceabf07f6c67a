use stylist::{StyleSource, css};
use yew::prelude::*;

use super::Spinner;

/// Properties of [`Button`].
#[derive(Properties, PartialEq)]
pub struct ButtonProps {
    /// `data-testid`.
    pub testid: AttrValue,
    /// More classes: `primary`, `small`, `bare`.
    #[prop_or_default]
    pub class: Classes,
    /// Whether it submits the form around it.
    #[prop_or_default]
    pub submit: bool,
    /// Whether it is disabled.
    #[prop_or_default]
    pub disabled: bool,
    /// Whether what it started is under way: it shows a spinner and is disabled.
    #[prop_or_default]
    pub busy: bool,
    /// Accessible name, for a button whose content is not text.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// Whether what it folds is open, for a button that folds something.
    #[prop_or_default]
    pub expanded: Option<bool>,
    /// Click handler.
    #[prop_or_default]
    pub onclick: Callback<MouseEvent>,
    /// Its content.
    pub children: Html,
}

/// A button.
#[component]
pub fn Button(props: &ButtonProps) -> Html {
    html! {
        <button
            type={if props.submit { "submit" } else { "button" }}
            class={classes!("button", style(), props.class.clone())}
            data-testid={&props.testid}
            disabled={props.disabled || props.busy}
            aria-busy={props.busy.then_some("true")}
            aria-expanded={props.expanded.map(|expanded| expanded.to_string())}
            aria-label={props.label.clone()}
            title={props.label.clone()}
            onclick={&props.onclick}
        >
            if props.busy {
                <Spinner />
            }
            { props.children.clone() }
        </button>
    }
}

/// Shared with the copy button.
pub(super) fn style() -> StyleSource {
    css!(
        r#"
        display: inline-flex;
        align-items: center;
        justify-content: center;
        gap: 7px;
        flex: none;
        white-space: nowrap;
        min-height: 36px;
        padding: 6px 14px;
        border: 1px solid var(--edge);
        border-radius: var(--radius);
        background: transparent;
        font-weight: 550;
        cursor: pointer;
        transition: background-color 120ms, border-color 120ms, transform 80ms;

        &:hover { background: var(--accent-soft); border-color: var(--accent); }
        &:active { transform: translateY(1px); }
        &.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
        &.primary:hover { background: color-mix(in srgb, var(--accent) 86%, var(--ink)); }
        &.small { min-height: 28px; padding: 2px 9px; font-size: 13px; }
        &.bare { border-color: transparent; }

        &:disabled, &.primary:disabled {
            cursor: default;
            transform: none;
            background: var(--sunken);
            border-color: var(--line);
            color: var(--muted);
        }
        "#
    )
}
