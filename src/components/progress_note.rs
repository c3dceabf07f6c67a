use yew::prelude::*;

use super::{Glyph, icon};
use crate::state::{Progress, Turn};

/// What goes on and whose turn it is, in one sentence.
pub fn progress_note(progress: Option<Progress>) -> Html {
    html! {
        <div class="progress" role="status" aria-live="polite" data-testid="progress">
            if let Some(progress) = progress {
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
        Turn::Yours => icon(Glyph::Check),
        Turn::Theirs => icon(Glyph::Hourglass),
        Turn::Machines => html! { <span class="spinner" aria-hidden="true" /> },
        Turn::Over => icon(Glyph::Alert),
    }
}
