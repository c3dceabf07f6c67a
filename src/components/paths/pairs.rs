use std::rc::Rc;

use registry_analysis::paths::PairView;
use yew::prelude::*;

use super::{end_in_words, since};
use crate::components::{Foreign, Line};
use crate::format;

/// Properties of [`Pairs`].
#[derive(Properties, PartialEq)]
pub struct PairsProps {
    /// When the session began, in milliseconds of the monotonic clock.
    pub start_ms: f64,
    /// The pairs.
    pub pairs: Rc<Vec<PairView>>,
}

/// The pairs of candidates that ICE checks.
#[component]
pub fn Pairs(props: &PairsProps) -> Html {
    let PairsProps { start_ms, pairs } = props;
    html! {
        <table role="table">
            <caption class="eyebrow">{ format!("Pairs ({})", pairs.len()) }</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th scope="col">{ "state" }</th>
                    <th scope="col">{ "local" }</th>
                    <th scope="col">{ "remote" }</th>
                    <th class="number" scope="col">{ "checks" }</th>
                    <th class="number" scope="col">{ "round trip" }</th>
                    <th class="number" scope="col">{ "out" }</th>
                    <th class="number" scope="col">{ "in" }</th>
                </tr>
            </thead>
            <tbody role="rowgroup">
                for (index, pair) in pairs.iter().enumerate() {
                    <Pair key={index} start_ms={*start_ms} pair={pair.clone()} />
                }
            </tbody>
        </table>
    }
}

#[derive(Properties, PartialEq)]
struct PairProps {
    start_ms: f64,
    pair: PairView,
}

/// One pair.
#[component]
fn Pair(props: &PairProps) -> Html {
    let PairProps { start_ms, pair } = props;
    let tone = match pair.state.as_str() {
        "succeeded" => "tone-good",
        "failed" => "tone-bad",
        "in-progress" => "tone-busy",
        _ => "tone-idle",
    };
    let bytes = |count: Option<u64>| count.map(|count| format::bytes(count as usize));
    html! {
        <tr role="row" class={pair.selected.then_some("selected")} data-testid="path-pair" data-state={pair.state.clone()}>
            <td role="cell">
                <span class={classes!("badge", tone)} title={pair.since_ms.map(|at_ms| format!("since {}", since(*start_ms, at_ms)))}>
                    <Foreign text={pair.state.replace('-', " ")} />
                </span>
                if pair.selected {
                    { " " }<span class="mark">{ "selected" }</span>
                } else if pair.nominated {
                    { " " }<span class="mark">{ "nominated" }</span>
                }
            </td>
            <td role="cell" class="mono"><Line text={end_in_words(&pair.local)} /></td>
            <td role="cell" class="mono" data-name="↔"><Line text={end_in_words(&pair.remote)} /></td>
            <td role="cell" class="number" data-name="checks" title="sent, answered, and received from the peer">{ checks(pair) }</td>
            <td role="cell" class="number" data-name="round trip">{ pair.round_trip_ms.map_or("?".into(), format::duration) }</td>
            <td role="cell" class="number" data-name="out">{ bytes(pair.bytes_sent) }</td>
            <td role="cell" class="number" data-name="in">{ bytes(pair.bytes_received) }</td>
        </tr>
    }
}

/// Checks sent and answered, and those of the peer.
fn checks(pair: &PairView) -> String {
    let count = |number: Option<u64>| number.map_or("?".to_owned(), |number| number.to_string());
    let [sent, answered, received] = [pair.requests_sent, pair.responses_received, pair.requests_received].map(count);
    format!("{sent} sent, {answered} answered, {received} received")
}
