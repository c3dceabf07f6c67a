use stylist::yew::use_style;
use yew::prelude::*;

use super::{Button, Elapsed, Glyph, Icon, ThemeToggle, tone};
use crate::hooks::use_session;
use crate::state::Stays;
use registry_client::ConnectionState;

/// Properties of [`Header`].
#[derive(Properties, PartialEq)]
pub struct HeaderProps {
    /// The present state and the way to it.
    pub stays: Stays,
}

/// The name of the page, the present state, and the way out of every state.
#[component]
pub fn Header(props: &HeaderProps) -> Html {
    let style = use_style!(
        r#"
        position: sticky;
        top: 0;
        z-index: 2;
        display: flex;
        align-items: center;
        gap: 6px 14px;
        flex-wrap: wrap;
        min-height: 52px;
        padding: 7px 16px;
        background: var(--panel);
        border-bottom: 1px solid var(--line);

        h1 { display: flex; align-items: center; gap: 9px; font-size: 15px; font-weight: 650; white-space: nowrap; }
        .mark { width: 26px; height: 18px; fill: none; stroke: var(--ink); stroke-width: 1.6; }
        .mark .wire { stroke: var(--accent); stroke-dasharray: 2.2 1.6; }
        .mark .end { fill: var(--panel); }

        .state {
            display: inline-flex;
            align-items: center;
            gap: 8px;
            padding: 3px 12px 3px 10px;
            border: 1px solid color-mix(in srgb, var(--tone) 55%, transparent);
            border-radius: 99px;
            background: color-mix(in srgb, var(--tone) 9%, transparent);
            color: var(--tone);
        }
        .lamp { width: 9px; height: 9px; border-radius: 50%; background: var(--tone); }
        .tone-idle .lamp { background: none; border: 2px solid var(--tone); }
        .tone-busy .lamp { animation: pulse 1s infinite; }
        .tone-warn .lamp, .tone-bad .lamp { border-radius: 1px; transform: rotate(45deg); }
        .word { font-family: var(--mono); font-weight: 650; }
        .time { color: var(--muted); min-width: 4ch; text-align: right; font-size: 13px; }
        .close { margin-left: auto; min-height: 28px; }
        @media (max-width: 559px) {
            h1 { flex: 1 1 60%; }
            .state, .close { order: 1; }
        }
    "#
    );
    let session = use_session();
    let close = use_callback(session, |(), session| session.close());
    let state = props.stays.present();
    html! {
        <header class={style}>
            <h1>
                <svg class="mark" viewBox="0 0 26 18" aria-hidden="true">
                    <path class="wire" d="M5 13C9 2 17 2 21 13" />
                    <circle class="end" cx="5" cy="13" r="3.2" />
                    <circle class="end" cx="21" cy="13" r="3.2" />
                </svg>
                { "Registry harness" }
            </h1>
            <div class={classes!("state", tone(state))} data-testid="state-indicator" data-state={state.as_str()}>
                <span class="lamp" aria-hidden="true" />
                <span class="unseen">{ "State:" }</span>
                <span class="word" data-testid="state-text" data-state={state.as_str()} role="status" aria-live="polite">
                    { state.as_str() }
                </span>
                <span class="time mono" aria-hidden="true" data-testid="state-time">
                    <Elapsed since={props.stays.since_epoch_ms()} />
                </span>
            </div>
            <div class="close">
                if state != ConnectionState::Idle {
                    <Button testid="close-room-btn" class="small" onclick={close}>
                        <Icon glyph={Glyph::Cross} />
                        { "Close room" }
                    </Button>
                }
            </div>
            <ThemeToggle />
        </header>
    }
}
