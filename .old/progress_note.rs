use yew::prelude::*;

use super::{Glyph, icon};
use crate::markup::{classes, markup};
use crate::state::retries::Retry;
use crate::state::{Progress, Turn};

/// What goes on and whose turn it is, in one sentence; and, for as long as that lasts, which call of the Registry fails
/// and is repeated.
pub fn progress_note(progress: Option<Progress>, trouble: Option<&Retry>) -> Html {
    markup! {
        <div class="progress" role="status" aria-live="polite" data-testid="progress">
            { progress.map(|progress| note(tone(progress.turn), sign(progress.turn), progress.text.into())) }
            { trouble.map(trouble_note) }
        </div>
    }
}

fn trouble_note(retry: &Retry) -> Html {
    let text = format!("Trying again: {}", retry.reason);
    markup! { <div data-testid="registry-trouble">{ note("tone-warn", icon(Glyph::Alert), text.into()) }</div> }
}

fn note(tone: &'static str, sign: Html, text: AttrValue) -> Html {
    markup! {
        <p class={classes(&["note", tone])}>
            <span class="sign">{ sign }</span>
            <span>{ text }</span>
        </p>
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
        Turn::Machines => markup! { <span class="spinner" aria-hidden="true" /> },
        Turn::Over => icon(Glyph::Alert),
    }
}
