use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{Glyph, icon};
use crate::hooks::use_effect_on;
use crate::markup::{classes, markup};
use crate::services::clipboard;

/// How long the button says that it has copied, in milliseconds.
const FEEDBACK_MS: u32 = 1_800;

/// Properties of [`CopyButton`].
#[derive(Properties, PartialEq)]
pub struct CopyButtonProps {
    /// `data-testid`.
    pub testid: &'static str,
    /// What it copies, in words: its accessible name, and what is announced.
    pub what: &'static str,
    /// What stands on it.
    #[prop_or("Copy")]
    pub label: &'static str,
    /// What it shows before the label.
    #[prop_or(Glyph::Copy)]
    pub glyph: Glyph,
    /// Whether there is nothing to copy.
    #[prop_or_default]
    pub disabled: bool,
    /// Makes the text when the button is pressed.
    pub text: Callback<(), String>,
}

#[derive(Clone, Copy, PartialEq)]
enum Outcome {
    None,
    Copied,
    Failed,
}

/// A button that copies a text and says so.
#[component]
pub fn CopyButton(props: &CopyButtonProps) -> Html {
    let outcome = use_state(|| Outcome::None);
    use_effect_on((*outcome, outcome.setter()), |(outcome, setter)| {
        let setter = setter.clone();
        let reset = (*outcome != Outcome::None).then(|| Timeout::new(FEEDBACK_MS, move || setter.set(Outcome::None)));
        move || drop(reset)
    });
    let onclick = {
        let (text, setter) = (props.text.clone(), outcome.setter());
        move |_: MouseEvent| {
            let (text, setter) = (text.emit(()), setter.clone());
            spawn_local(async move {
                setter.set(if clipboard::copy(&text).await { Outcome::Copied } else { Outcome::Failed });
            });
        }
    };
    let (class, glyph, announcement) = match *outcome {
        Outcome::None => ("", props.glyph, String::new()),
        Outcome::Copied => ("copied", Glyph::Check, format!("Copied {}.", props.what)),
        Outcome::Failed => ("failed", Glyph::Alert, format!("The browser does not let the page copy {}.", props.what)),
    };
    let face = |shown: bool| if shown { "" } else { "off" };
    markup! {
        <button
            type="button"
            class={classes(&["button", "small", "copy", class])}
            data-testid={props.testid}
            disabled={props.disabled}
            aria-label={format!("Copy {}", props.what)}
            title={format!("Copy {}", props.what)}
            onclick={Callback::from(onclick)}
        >
            { icon(glyph) }
            <span class="faces" aria-hidden="true">
                <span class={face(*outcome == Outcome::None)}>{ props.label }</span>
                <span class={face(*outcome == Outcome::Copied)}>{ "Copied" }</span>
                <span class={face(*outcome == Outcome::Failed)}>{ "Failed" }</span>
            </span>
        </button>
        <span class="unseen" role="status">{ announcement }</span>
    }
}
