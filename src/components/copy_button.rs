use gloo_timers::callback::Timeout;
use stylist::{StyleSource, css};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{Glyph, Icon, button};
use crate::services::clipboard;

/// How long the button shows the outcome, in milliseconds.
const FEEDBACK_MS: u32 = 1_800;

/// Properties of [`CopyButton`].
#[derive(Properties, PartialEq)]
pub struct CopyButtonProps {
    /// `data-testid`.
    pub testid: &'static str,
    /// What it copies, in words, for its accessible name and the announcement.
    pub what: &'static str,
    /// Its text.
    #[prop_or("Copy")]
    pub label: &'static str,
    /// The icon before the text.
    #[prop_or(Glyph::Copy)]
    pub glyph: Glyph,
    /// Whether there is nothing to copy.
    #[prop_or_default]
    pub disabled: bool,
    /// Makes the text when the button is clicked.
    pub text: Callback<(), String>,
}

#[derive(Clone, Copy, PartialEq)]
enum Outcome {
    None,
    Copied,
    Failed,
}

/// A button that copies a text and shows whether that succeeded.
#[component]
pub fn CopyButton(props: &CopyButtonProps) -> Html {
    let outcome = use_state(|| Outcome::None);
    use_effect_with((*outcome, outcome.setter()), |(outcome, setter)| {
        let setter = setter.clone();
        let reset = (*outcome != Outcome::None).then(|| Timeout::new(FEEDBACK_MS, move || setter.set(Outcome::None)));
        move || drop(reset)
    });
    let onclick = use_callback((props.text.clone(), outcome.setter()), |_: MouseEvent, (text, setter)| {
        let (text, setter) = (text.emit(()), setter.clone());
        spawn_local(async move {
            setter.set(if clipboard::copy(&text).await { Outcome::Copied } else { Outcome::Failed });
        });
    });
    let (class, glyph, announcement) = match *outcome {
        Outcome::None => ("", props.glyph, String::new()),
        Outcome::Copied => ("copied", Glyph::Check, format!("Copied {}.", props.what)),
        Outcome::Failed => ("failed", Glyph::Alert, format!("The browser did not allow copying {}.", props.what)),
    };
    let faces = [(Outcome::None, props.label), (Outcome::Copied, "Copied"), (Outcome::Failed, "Failed")];
    html! {
        <>
            <button
                type="button"
                class={classes!("button", button::style(), "small", style(), class)}
                data-testid={props.testid}
                disabled={props.disabled}
                aria-label={format!("Copy {}", props.what)}
                title={format!("Copy {}", props.what)}
                {onclick}
            >
                <Icon {glyph} />
                // All of them take up room, so that the button does not change its width.
                <span class="faces" aria-hidden="true">
                    for (of, face) in faces {
                        <span key={face} class={(of != *outcome).then_some("off")}>{ face }</span>
                    }
                </span>
            </button>
            <span class="unseen" role="status">{ announcement }</span>
        </>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        &.copied { color: var(--good); border-color: var(--good); }
        &.failed { color: var(--bad); border-color: var(--bad); }

        .faces { display: grid; }
        .faces span { grid-area: 1 / 1; text-align: left; }
        .faces .off { visibility: hidden; }
        "#
    )
}
