use registry_client::event::CandidateStep;
use yew::prelude::*;

use crate::components::{Foreign, Line};
use crate::foreign::{isolated, shown};
use crate::state::candidates::{CandidateRow, step_word};

/// Properties of [`Row`].
#[derive(Properties, PartialEq)]
pub struct RowProps {
    /// The candidate.
    pub row: CandidateRow,
    /// Whether it is part of the selected pair.
    pub selected: bool,
}

/// One candidate.
#[component]
pub fn Row(props: &RowProps) -> Html {
    let RowProps { row, selected } = props;
    let address =
        format!("{} {}:{}", isolated(&row.parts.protocol), isolated(&row.parts.address), isolated(&row.parts.port));
    let tone = match row.step {
        CandidateStep::Posted | CandidateStep::Applied => "good",
        CandidateStep::Failed | CandidateStep::Refused | CandidateStep::Skipped => "bad",
        CandidateStep::Gathered | CandidateStep::Received => "",
    };
    html! {
        <tr class={selected.then_some("selected")} data-testid="candidate-row">
            <td><Foreign text={row.parts.kind.clone()} /></td>
            <td class="address" title={shown(&row.candidate.candidate).into_owned()}><Line text={address} /></td>
            <td class={tone} title={row.reason.as_deref().map(|reason| shown(reason).into_owned())}>
                { if *selected { "selected" } else { step_word(row.step) } }
            </td>
        </tr>
    }
}
