use yew::prelude::*;

use super::{Glyph, icon};
use crate::markup::{classes, markup};
use crate::state::{Progress, Turn};

/// What goes on and whose turn it is, in one sentence.
pub fn progress_note(progress: Option<Progress>) -> Html {
    let note = progress.map(|progress| {
        markup! {
            <p class={classes(&["note", tone(progress.turn)])}>
                <span class="sign">{ sign(progress.turn) }</span>
                <span>{ progress.text }</span>
            </p>
        }
    });
    markup! { <div class="progress" role="status" aria-live="polite" data-testid="progress">{ note }</div> }
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
        Turn::Machines => markup! { <span class="spinner" aria-hidden="true" /> },
        Turn::Over => icon(Glyph::Alert),
    }
}
