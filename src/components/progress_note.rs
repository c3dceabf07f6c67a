use stylist::yew::use_style;
use yew::prelude::*;

use super::{Glyph, Icon};
use crate::state::{Progress, Turn};

/// Properties of [`ProgressNote`].
#[derive(Properties, PartialEq)]
pub struct ProgressNoteProps {
    /// What goes on, if there is anything to say.
    pub progress: Option<Progress>,
}

/// What goes on and whose turn it is, in one sentence.
#[component]
pub fn ProgressNote(props: &ProgressNoteProps) -> Html {
    let style = use_style!(
        r#"
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
    );
    html! {
        <div class={style} role="status" aria-live="polite" data-testid="progress">
            if let Some(progress) = props.progress {
                <p class={classes!("note", tone(progress.turn))}>
                    <span class="sign">{ sign(progress.turn) }</span>
                    <span>{ progress.text }</span>
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
        Turn::Machines => html! { <span class="spinner" aria-hidden="true" /> },
        Turn::Over => html! { <Icon glyph={Glyph::Alert} /> },
    }
}
