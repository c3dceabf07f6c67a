use yew::prelude::*;

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
    /// Whether it cannot be pressed.
    #[prop_or_default]
    pub disabled: bool,
    /// Whether what it began is under way.
    #[prop_or_default]
    pub busy: bool,
    /// What it is called where its content is no text.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// Whether what it folds is open, for a button that folds something.
    #[prop_or_default]
    pub expanded: Option<bool>,
    /// What it does when pressed.
    #[prop_or_default]
    pub onclick: Callback<()>,
    /// Its content.
    pub children: Html,
}

/// A button that shows when what it began is under way.
#[component]
pub fn Button(props: &ButtonProps) -> Html {
    let onclick = use_callback(props.onclick.clone(), |_: MouseEvent, onclick| onclick.emit(()));
    html! {
        <button
            type={if props.submit { "submit" } else { "button" }}
            class={classes!("button", props.class.clone())}
            data-testid={&props.testid}
            disabled={props.disabled || props.busy}
            aria-busy={props.busy.then_some("true")}
            aria-expanded={props.expanded.map(|open| open.to_string())}
            aria-label={props.label.clone()}
            title={props.label.clone()}
            {onclick}
        >
            if props.busy {
                <span class="spinner" aria-hidden="true" />
            }
            { props.children.clone() }
        </button>
    }
}
