use std::rc::Rc;

use registry_analysis::paths::CandidateLife;
use yew::prelude::*;

use super::candidate::Candidate;

/// Properties of [`Candidates`].
#[derive(Properties, PartialEq)]
pub struct CandidatesProps {
    /// When the session began, in milliseconds of the monotonic clock.
    pub start_ms: f64,
    /// `local` or `remote`.
    pub side: &'static str,
    /// Whether there will be no more.
    pub complete: bool,
    /// The candidates.
    pub lives: Rc<Vec<CandidateLife>>,
}

/// One side's candidates and what became of each.
#[component]
pub fn Candidates(props: &CandidatesProps) -> Html {
    let CandidatesProps { start_ms, side, complete, lives } = props;
    let title = if *side == "local" { "Local candidates" } else { "Remote candidates" };
    let note = if *complete { ", gathering complete" } else { "" };
    html! {
        <table role="table">
            <caption class="eyebrow">{ format!("{title} ({}{note})", lives.len()) }</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th scope="col">{ "type" }</th>
                    <th scope="col">{ "address" }</th>
                    <th class="number" scope="col">{ "priority" }</th>
                    <th scope="col">{ "foundation" }</th>
                    <th scope="col">{ "from" }</th>
                    <th scope="col">{ "life" }</th>
                </tr>
            </thead>
            <tbody role="rowgroup">
                for (index, life) in lives.iter().enumerate() {
                    <Candidate key={index} start_ms={*start_ms} side={*side} life={life.clone()} />
                }
            </tbody>
        </table>
    }
}
