use yew::prelude::*;

use crate::markup::{classes, markup};

/// A button that shows when what it began is under way.
#[derive(Default)]
pub struct Button {
    /// `data-testid`.
    pub testid: AttrValue,
    /// More classes: `primary`, `small`, `bare`.
    pub class: &'static str,
    /// Whether it submits the form around it.
    pub submit: bool,
    /// Whether it cannot be pressed.
    pub disabled: bool,
    /// Whether what it began is under way.
    pub busy: bool,
    /// What it is called where its content is no text.
    pub label: Option<AttrValue>,
    /// Whether what it folds is open, for a button that folds something.
    pub expanded: Option<bool>,
    /// What it does when pressed.
    pub onclick: Option<Callback<MouseEvent>>,
}

impl Button {
    /// The button with this content.
    pub fn html(self, content: Html) -> Html {
        let busy = self.busy.then(|| markup! { <span class="spinner" aria-hidden="true" /> });
        markup! {
            <button
                type={if self.submit { "submit" } else { "button" }}
                class={classes(&["button", self.class])}
                data-testid={self.testid}
                disabled={self.disabled || self.busy}
                aria-busy={self.busy.then_some("true")}
                aria-expanded={self.expanded.map(yes_or_no)}
                aria-label={self.label.clone()}
                title={self.label}
                onclick={self.onclick}
            >
                { busy }
                { content }
            </button>
        }
    }
}

/// The value of an attribute that says whether something is the case.
pub(super) fn yes_or_no(yes: bool) -> &'static str {
    if yes { "true" } else { "false" }
}
