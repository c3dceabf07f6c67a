use yew::prelude::*;

use super::{Button, Glyph, ThemeToggle, elapsed, icon, tone};
use crate::hooks::Session;
use crate::markup::{classes, markup};
use crate::state::{Page, Stays};
use registry_client::ConnectionState;

/// The name of the page, what else belongs at its top, and the theme. `index.html` begins with the same header.
pub fn masthead(content: Html) -> Html {
    markup! {
        <header class="masthead">
            <h1>
                <svg class="mark" viewBox="0 0 26 18" aria-hidden="true">
                    <path class="wire" d="M5 13C9 2 17 2 21 13" />
                    <circle class="end" cx="5" cy="13" r="3.2" />
                    <circle class="end" cx="21" cy="13" r="3.2" />
                </svg>
                { "Registry harness" }
            </h1>
            { content }
            { html! { <ThemeToggle /> } }
        </header>
    }
}

/// The present state, and the way out of every state.
pub fn status(session: &Session, page: &Page) -> Html {
    markup! { { present_state(&page.stays) }{ way_out(session, page) } }
}

/// The present state and how long it has lasted.
fn present_state(stays: &Stays) -> Html {
    let state = stays.present();
    markup! {
        <div class={classes(&["state", tone(state)])} data-testid="state-indicator" data-state={state.as_str()}>
            <span class="lamp" aria-hidden="true" />
            <span class="unseen">{ "State:" }</span>
            <span class="word" data-testid="state-text" data-state={state.as_str()} role="status" aria-live="polite">
                { state.as_str() }
            </span>
            <span class="time mono" aria-hidden="true" data-testid="state-time">
                { elapsed(stays.since_epoch_ms(), 0.0) }
            </span>
        </div>
    }
}

/// The button that closes the room, and shows when that takes a while.
fn way_out(session: &Session, page: &Page) -> Html {
    let button = Button {
        testid: "close-room-btn".into(),
        class: "small",
        busy: page.closing,
        onclick: Some(session.on(Session::close)),
        ..Button::default()
    };
    let content = if page.closing {
        "Delivering…".into()
    } else {
        markup! { { icon(Glyph::Cross) }{ "Close room" } }
    };
    markup! {
        <div class="close">
            { (page.state() != ConnectionState::Idle).then(|| button.html(content)) }
        </div>
    }
}
