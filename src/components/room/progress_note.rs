use stylist::{StyleSource, css};
use yew::prelude::*;

use crate::components::{Glyph, Icon, Spinner};
use crate::state::retries::Retry;
use crate::state::{Progress, Turn};

/// Properties of [`ProgressNote`].
#[derive(Properties, PartialEq)]
pub struct ProgressNoteProps {
    /// What is going on.
    pub progress: Option<Progress>,
    /// The Registry request that keeps failing, if any.
    pub trouble: Option<Retry>,
}

/// What is going on and whose turn it is, in a sentence, and any Registry request that keeps failing.
#[component]
pub fn ProgressNote(props: &ProgressNoteProps) -> Html {
    html! {
        <div class={style()} role="status" aria-live="polite" data-testid="progress">
            if let Some(progress) = props.progress {
                <p class={classes!("note", tone(progress.turn))}>
                    <span class="sign">{ sign(progress.turn) }</span>
                    <span>{ progress.text }</span>
                </p>
            }
            if let Some(retry) = &props.trouble {
                <p class="note tone-warn" data-testid="registry-trouble">
                    <span class="sign"><Icon glyph={Glyph::Alert} /></span>
                    <span>{ format!("Retrying: {}", retry.reason) }</span>
                </p>
            }
        </div>
    }
}

fn tone(turn: Turn) -> &'static str {
    match turn {
        Turn::Yours => "tone-ready",
        Turn::Theirs => "tone-busy",
        Turn::Machines => "tone-idle",
        Turn::Over => "tone-warn",
    }
}

fn sign(turn: Turn) -> Html {
    match turn {
        Turn::Yours => html! { <Icon glyph={Glyph::Check} /> },
        Turn::Theirs => html! { <Icon glyph={Glyph::Hourglass} /> },
        Turn::Machines => html! { <Spinner /> },
        Turn::Over => html! { <Icon glyph={Glyph::Alert} /> },
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        display: grid;
        gap: 8px;

        /* Takes no room in the stack, but stays in the document: a live region must exist before its text. */
        &:empty { margin-top: -12px; }
        .note {
            display: flex;
            gap: 9px;
            min-height: 2.9em;
            padding-left: 11px;
            border-left: 3px solid var(--tone);
            font-size: 14px;
        }
        .sign { display: flex; align-items: center; height: 1.45em; color: var(--tone); }
        "#
    )
}
