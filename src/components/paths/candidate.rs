use registry_analysis::candidate::kind_in_words;
use registry_analysis::paths::{CandidateLife, Stage};
use registry_client::event::CandidateStep;
use yew::prelude::*;

use super::since;
use crate::components::{Foreign, Line};
use crate::foreign::{isolated, shown};

/// Properties of [`Candidate`].
#[derive(Properties, PartialEq)]
pub struct CandidateProps {
    /// When the session began, in milliseconds of the monotonic clock.
    pub start_ms: f64,
    /// `local` or `remote`.
    pub side: &'static str,
    /// The candidate and its life.
    pub life: CandidateLife,
}

/// One candidate: what it is, and what became of it.
#[component]
pub fn Candidate(props: &CandidateProps) -> Html {
    let CandidateProps { start_ms, side, life } = props;
    let of = &life.candidate;
    let tcp = of.tcp_type.as_ref().map(|kind| format!(" {}", isolated(kind))).unwrap_or_default();
    let address = format!("{}{tcp} {}:{}", isolated(&of.protocol), isolated(&of.address), isolated(&of.port));
    let from = match (&life.server, &life.relay_protocol) {
        (Some(server), Some(protocol)) => format!("{} over {}", isolated(server), isolated(protocol)),
        (Some(server), None) => isolated(server).into_owned(),
        (None, Some(protocol)) => format!("relay over {}", isolated(protocol)),
        (None, None) => String::new(),
    };
    let stage = life.stage;
    html! {
        <tr
            role="row"
            class={(stage == Stage::Selected).then_some("selected")}
            data-testid="path-candidate"
            data-side={*side}
            data-type={of.kind.clone()}
            data-life={stage.word()}
        >
            <td role="cell" title={kind_in_words(&of.kind)}><span class="badge tone-idle"><Foreign text={of.kind.clone()} /></span></td>
            <td role="cell" class="mono most" title={shown(&life.line).into_owned()}>
                <Line text={address} />
                if of.is_mdns() {
                    { " " }<span class="mark" title="A name in place of an address, to be found by multicast">{ "mDNS" }</span>
                }
            </td>
            <td role="cell" class="number" data-name="priority">{ of.priority.map(|priority| priority.to_string()) }</td>
            <td role="cell" data-name="foundation"><Foreign text={of.foundation.clone()} /></td>
            <td role="cell" class="mono" data-name={(!from.is_empty()).then_some("from")}>
                if !from.is_empty() {
                    <Line text={from} />
                }
            </td>
            <td role="cell" class="wide">
                <div class={classes!("life", tone(stage))}>
                    for passed in life.passed.iter() {
                        <span key={passed.stage.word()} class={(passed.stage == stage).then_some("now")}>
                            { format!("{} {}", passed.stage.word(), since(*start_ms, passed.at_ms)) }
                        </span>
                    }
                    if let Some(reason) = life.reason() {
                        <span class="reason"><Line text={isolated(reason).into_owned()} /></span>
                    }
                </div>
            </td>
        </tr>
    }
}

fn tone(stage: Stage) -> &'static str {
    match stage {
        stage if stage.is_bad() => "tone-bad",
        Stage::Selected | Stage::Step(CandidateStep::Posted | CandidateStep::Applied) => "tone-good",
        _ => "tone-plain",
    }
}
