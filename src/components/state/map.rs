use registry_client::ConnectionState;
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::station::{Station, place};
use crate::state::Stays;

/// The transitions that are always drawn. The way back from an error is drawn once it was taken; the one from every state
/// to `idle` is described in words.
const WAYS: [(ConnectionState, ConnectionState); 14] = {
    use ConnectionState::{Connected, Connecting, Created, Creating, Disconnected, Error, Idle, Joined, Joining};
    [
        (Idle, Creating),
        (Creating, Created),
        (Created, Connecting),
        (Idle, Joining),
        (Joining, Joined),
        (Joined, Connecting),
        (Connecting, Connected),
        (Connected, Disconnected),
        (Disconnected, Connecting),
        (Connecting, Error),
        (Connected, Error),
        (Disconnected, Error),
        (Creating, Error),
        (Joining, Error),
    ]
};

/// Properties of [`StateMap`].
#[derive(Properties, PartialEq)]
pub struct StateMapProps {
    /// The states so far.
    pub stays: Stays,
}

/// The nine states as a map: the current one is lit, the transitions taken are bold, and each shows the time spent there.
#[component]
pub fn StateMap(props: &StateMapProps) -> Html {
    let stays = &props.stays;
    let way_back = (ConnectionState::Error, ConnectionState::Connecting);
    let ways = WAYS.into_iter().chain(stays.went(way_back.0, way_back.1).then_some(way_back));
    html! {
        <section class={classes!("card", style())} aria-label="Connection state" data-testid="state-map">
            <h2 class="eyebrow">{ "Connection state" }</h2>
            <div class="map">
                <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
                    for (from, to) in ways {
                        <path
                            key={format!("{from} {to}")}
                            class={classes!(
                                (to == ConnectionState::Error).then_some("failure"),
                                stays.went(from, to).then_some("taken"),
                            )}
                            d={way(from, to)}
                        />
                    }
                </svg>
                <ol>
                    for state in ConnectionState::ALL {
                        <Station key={state.as_str()} stays={stays.clone()} {state} />
                    }
                </ol>
            </div>
            <p class="foot">{ "“Close room” returns to idle from any state." }</p>
        </section>
    }
}

/// The line of a transition as path data.
fn way(from: ConnectionState, to: ConnectionState) -> String {
    let ((x1, y1), (x2, y2)) = (place(from), place(to));
    let middle = x1.midpoint(x2);
    match (from, to) {
        (ConnectionState::Creating | ConnectionState::Joining, ConnectionState::Error) => {
            format!("M{x1} {y1}V{y2}H{x2}")
        }
        // Beside the line in the other direction.
        (ConnectionState::Error, ConnectionState::Connecting) => {
            format!("M{x1} {y1}C{0} {1} {0} {2} {x2} {y2}", x1 - 7, y1 - 12, y2 + 12)
        }
        _ if x1 == x2 => format!("M{x1} {y1}V{y2}"),
        _ => format!("M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}"),
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        .map {
            position: relative;
            height: 224px;
            margin-top: 10px;
            background-image: radial-gradient(var(--line) 1px, transparent 1px);
            background-size: 14px 14px;
            background-position: center;
            border-radius: 4px;
        }
        svg { position: absolute; inset: 0; width: 100%; height: 100%; }
        path { fill: none; stroke: var(--edge); stroke-width: 1.5; vector-effect: non-scaling-stroke; opacity: 0.6; }
        path.failure { stroke-dasharray: 3 4; }
        path.taken { stroke: var(--accent); stroke-width: 3; opacity: 1; }
        path.failure.taken { stroke: var(--bad); stroke-dasharray: 5 4; }
        .foot { margin-top: 8px; font-size: 12.5px; color: var(--muted); }

        @media (prefers-contrast: more) {
            .map { background-image: none; }
        }
        "#
    )
}
