use registry_client::ConnectionState;
use stylist::{StyleSource, css};
use yew::prelude::*;

use crate::components::{Elapsed, tone};
use crate::format;
use crate::state::Stays;

/// Where a state is on the map, in percent of its width and height; [`style`] has the same numbers.
pub fn place(state: ConnectionState) -> (u8, u8) {
    match state {
        ConnectionState::Idle => (8, 34),
        ConnectionState::Creating => (29, 12),
        ConnectionState::Created => (50, 12),
        ConnectionState::Joining => (29, 56),
        ConnectionState::Joined => (50, 56),
        ConnectionState::Connecting => (70, 34),
        ConnectionState::Connected => (90, 34),
        ConnectionState::Error => (70, 80),
        ConnectionState::Disconnected => (90, 80),
    }
}

/// Properties of [`Station`].
#[derive(Properties, PartialEq)]
pub struct StationProps {
    /// The states so far.
    pub stays: Stays,
    /// The state to show.
    pub state: ConnectionState,
}

/// A state on the map, with the time spent in it.
#[component]
pub fn Station(props: &StationProps) -> Html {
    let StationProps { stays, state } = props;
    let state = *state;
    let present = stays.present() == state;
    let visited = stays.visits(state) > 0;
    let marks = (present.then_some("present"), visited.then_some("visited"));
    html! {
        <li
            class={classes!("station", state.as_str(), tone(state), marks.0, marks.1, style())}
            data-testid={format!("state-map-{state}")}
            data-visited={visited.to_string()}
            aria-current={present.then_some("step")}
        >
            <span class="stop" aria-hidden="true" />
            <span class="name">{ state.as_str() }</span>
            <span class="time mono">
                if present {
                    <Elapsed since={stays.since_epoch_ms()} plus={stays.spent_ms(state)} />
                } else if visited {
                    { format::duration(stays.spent_ms(state)) }
                }
            </span>
        </li>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        position: absolute;
        display: flex;
        flex-direction: column;
        align-items: center;
        width: 21%;
        transform: translate(-50%, -8px);
        font-size: 12px;
        line-height: 1.25;
        text-align: center;
        color: var(--muted);
        overflow-wrap: normal;

        &.idle { left: 8%; top: 34%; }
        &.creating { left: 29%; top: 12%; }
        &.created { left: 50%; top: 12%; }
        &.joining { left: 29%; top: 56%; }
        &.joined { left: 50%; top: 56%; }
        &.connecting { left: 70%; top: 34%; }
        &.connected { left: 90%; top: 34%; }
        &.error { left: 70%; top: 80%; }
        &.disconnected { left: 90%; top: 80%; }

        .stop {
            width: 15px;
            height: 15px;
            margin-bottom: 2px;
            border: 2px solid var(--edge);
            border-radius: 50%;
            background: var(--panel);
        }
        .name { padding: 0 3px; border-radius: 3px; background: var(--panel); }
        .time { font-size: 11px; min-height: 1.25em; padding: 0 3px; background: var(--panel); }

        &.visited { color: var(--ink); }
        &.visited .stop { border-color: var(--accent); background: var(--accent); }
        &.present .stop {
            border-color: var(--tone);
            background: var(--tone);
            box-shadow: 0 0 0 3px var(--panel), 0 0 0 5px var(--tone);
        }
        &.present .name { color: var(--panel); background: var(--tone); font-weight: 650; }
        &.present.tone-busy .stop { animation: pulse 1s infinite; }

        @media (max-width: 420px) {
            font-size: 10.5px;
            .name { padding: 0 1px; }
        }

        @media (forced-colors: active) {
            .stop { forced-color-adjust: none; }
        }
        "#
    )
}
