use registry_client::ConnectionState;
use yew::prelude::*;

use super::button::yes_or_no;
use super::{elapsed, tone};
use crate::format;
use crate::markup::{classes, markup};
use crate::state::Stays;

/// Where a state stands, in percent of the map; the style sheet has the same.
fn place(state: ConnectionState) -> (u8, u8) {
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

/// The transitions that are always drawn. One more is when it was taken, and every state also leads back to `idle`, which a sentence says.
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

/// The nine states as the map of a railway: the present one lit, the way here drawn bold, and the time in each.
pub fn state_map(stays: &Stays) -> Html {
    let way_back = (ConnectionState::Error, ConnectionState::Connecting);
    let ways = WAYS.into_iter().chain(stays.went(way_back.0, way_back.1).then_some(way_back));
    markup! {
        <section class="card state-map" aria-label="Connection state" data-testid="state-map">
            <h2 class="eyebrow">{ "Connection state" }</h2>
            <div class="map">
                <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
                    { ways.map(|(from, to)| way(stays, from, to)).collect::<Html>() }
                </svg>
                <ol>
                    { ConnectionState::ALL.into_iter().map(|state| station(stays, state)).collect::<Html>() }
                </ol>
            </div>
            <p class="foot">{ "“Close room” leads from every state back to idle." }</p>
        </section>
    }
}

fn way(stays: &Stays, from: ConnectionState, to: ConnectionState) -> Html {
    let ((x1, y1), (x2, y2)) = (place(from), place(to));
    let middle = x1.midpoint(x2);
    let line = match (from, to) {
        (ConnectionState::Creating | ConnectionState::Joining, ConnectionState::Error) => {
            format!("M{x1} {y1}V{y2}H{x2}")
        }
        // Beside the way that leads there.
        (ConnectionState::Error, ConnectionState::Connecting) => {
            format!("M{x1} {y1}C{0} {1} {0} {2} {x2} {y2}", x1 - 7, y1 - 12, y2 + 12)
        }
        _ if x1 == x2 => format!("M{x1} {y1}V{y2}"),
        _ => format!("M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}"),
    };
    let (failure, taken) = (to == ConnectionState::Error, stays.went(from, to));
    let class = classes(&[if failure { "failure" } else { "" }, if taken { "taken" } else { "" }]);
    markup! { <path key={format!("{from} {to}")} class={class} d={line} /> }
}

fn station(stays: &Stays, state: ConnectionState) -> Html {
    let present = stays.present() == state;
    let visited = stays.visits(state) > 0;
    let marks = [if present { "present" } else { "" }, if visited { "visited" } else { "" }];
    let time = if present {
        Some(elapsed(stays.since_epoch_ms(), stays.spent_ms(state)))
    } else {
        visited.then(|| format::duration(stays.spent_ms(state)).into())
    };
    markup! {
        <li
            key={state.as_str()}
            class={classes(&["station", state.as_str(), tone(state), marks[0], marks[1]])}
            data-testid={format!("state-map-{state}")}
            data-visited={yes_or_no(visited)}
            aria-current={present.then_some("step")}
        >
            <span class="stop" aria-hidden="true" />
            <span class="name">{ state.as_str() }</span>
            <span class="time mono">{ time }</span>
        </li>
    }
}
