use std::rc::Rc;

use yew::prelude::*;

use super::long_text::LongText;
use crate::foreign::{is_short, unseen};

/// Properties of [`ForeignText`].
#[derive(Properties, PartialEq)]
pub struct ForeignTextProps {
    /// The text.
    pub text: Rc<str>,
    /// How many characters of its end are no longer kept.
    #[prop_or_default]
    pub lost: usize,
    /// What it is, in words: `the message`.
    pub what: &'static str,
    /// Called with `true` when the user collapses it and with `false` when they expand it.
    #[prop_or_default]
    pub onfold: Callback<bool>,
}

/// Text from elsewhere, whatever it contains and however long it is: a long text is collapsed, and one that consists of
/// invisible characters says so.
#[component]
pub fn ForeignText(props: &ForeignTextProps) -> Html {
    let ForeignTextProps { text, lost, what, onfold } = props;
    foreign_text(text, *lost, what, onfold)
}

/// The same as a part of a component that is drawn many times.
pub fn foreign_text(text: &Rc<str>, lost: usize, what: &'static str, onfold: &Callback<bool>) -> Html {
    if let Some(words) = unseen(text) {
        return html! { <em class="muted" data-testid="invisible-text">{ words }</em> };
    }
    if is_short(text) {
        return html! { <bdi class="text">{ AttrValue::Rc(Rc::clone(text)) }</bdi> };
    }
    html! { <LongText {text} {lost} {what} {onfold} /> }
}
