use std::rc::Rc;

use registry_analysis::paths::{PairView, Relay, Selection};
use yew::prelude::*;

use super::{end_in_words, since};
use crate::components::Line;
use crate::foreign::isolated;
use crate::format;

/// Properties of [`Selections`].
#[derive(Properties, PartialEq)]
pub struct SelectionsProps {
    /// When the session began, in milliseconds of the monotonic clock.
    pub start_ms: f64,
    /// The pairs that ICE has selected, oldest first.
    pub selections: Rc<Vec<Selection>>,
    /// The selected pair as it was seen last.
    pub live: Option<PairView>,
}

/// The path between the peers: direct or relayed, and what it was before.
#[component]
pub fn Selections(props: &SelectionsProps) -> Html {
    let SelectionsProps { start_ms, selections, live } = props;
    let Some(now) = selections.last() else {
        return html! {
            <section class="card">
                <h3 class="eyebrow">{ "Path" }</h3>
                <p class="note" data-testid="path-now">{ "ICE has not selected a pair yet." }</p>
            </section>
        };
    };
    html! {
        <section class="card">
            <h3 class="eyebrow">{ "Path" }</h3>
            <p data-testid="path-now">
                <span class={classes!("badge", tone(now))}>{ now.kind() }</span>
                { " " }
                <Line text={now.relay.as_ref().map(by).unwrap_or_default()} />
                if let Some(live) = live {
                    <span class="note">{ in_numbers(live) }</span>
                }
            </p>
            <ol>
                for selection in selections.iter() {
                    <li
                        key={selection.seq}
                        class="mono note"
                        data-testid="selected-pair-history"
                        data-kind={if selection.pair.relayed() { "relayed" } else { "direct" }}
                    >
                        <Line text={in_words(*start_ms, selection)} />
                    </li>
                }
            </ol>
        </section>
    }
}

fn tone(selection: &Selection) -> &'static str {
    if selection.pair.relayed() { "tone-warn" } else { "tone-good" }
}

/// By which server, and how it is reached.
fn by(relay: &Relay) -> String {
    let server = relay.server.as_deref().map_or("a TURN server that the browser does not name".into(), isolated);
    match &relay.protocol {
        Some(protocol) => format!("by {server}, over {}. ", isolated(protocol)),
        None => format!("by {server}. "),
    }
}

fn in_numbers(pair: &PairView) -> String {
    let bytes = |count: Option<u64>| count.map_or("?".to_owned(), |count| format::bytes(count as usize));
    let round_trip = pair.round_trip_ms.map(|ms| format!("{} round trip, ", format::duration(ms))).unwrap_or_default();
    format!("{round_trip}{} out, {} in", bytes(pair.bytes_sent), bytes(pair.bytes_received))
}

fn in_words(start_ms: f64, selection: &Selection) -> String {
    let (local, remote) = (end_in_words(&selection.pair.local), end_in_words(&selection.pair.remote));
    format!("{} {}: {local} ↔ {remote}", since(start_ms, selection.at_ms), selection.kind())
}
