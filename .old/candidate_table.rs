use registry_client::event::CandidateStep;
use registry_client::interfaces::webrtc::{CandidateEnd, CandidatePair};
use yew::prelude::*;

use super::{foreign, line};
use crate::foreign::{isolated, shown};
use crate::markup::markup;
use crate::state::candidates::{CandidateRow, CandidateTable, step_word};

/// Both sides' candidates and what became of each; nothing while there are none.
pub fn candidate_tables(local: &CandidateTable, remote: &CandidateTable, pair: Option<&CandidatePair>) -> Html {
    let empty = local.rows.is_empty() && remote.rows.is_empty();
    markup! {
        <section class="card candidates" data-testid="candidates" aria-label="Candidates" hidden={empty}>
            <div class="sides">
                { side("local-candidates", "Local candidates", local, pair.map(|pair| &pair.local)) }
                { side("remote-candidates", "Remote candidates", remote, pair.map(|pair| &pair.remote)) }
            </div>
        </section>
    }
}

fn side(testid: &'static str, name: &'static str, table: &CandidateTable, chosen: Option<&CandidateEnd>) -> Html {
    let note = match (table.complete, table.malformed) {
        (true, 0) => "All gathered.".to_owned(),
        (false, 0) => String::new(),
        (_, malformed) => format!("{malformed} malformed, skipped."),
    };
    markup! {
        <div>
            <table data-testid={testid}>
                <caption class="eyebrow">{ format!("{name} ({})", table.rows.len()) }</caption>
                <thead>
                    <tr>
                        <th class="type" scope="col">{ "type" }</th>
                        <th scope="col">{ "address" }</th>
                        <th class="fate" scope="col">{ "fate" }</th>
                    </tr>
                </thead>
                <tbody class="mono">
                    { table.rows.iter().enumerate().map(|(index, line)| row(index, line, chosen)).collect::<Html>() }
                </tbody>
            </table>
            <p class="note">{ note }</p>
        </div>
    }
}

fn row(index: usize, row: &CandidateRow, chosen: Option<&CandidateEnd>) -> Html {
    let chosen = chosen.is_some_and(|end| row.is_end(end));
    let address = format!("{} {}:{}", isolated(&row.protocol), isolated(&row.address), isolated(&row.port));
    let tone = match row.step {
        CandidateStep::Posted | CandidateStep::Applied => "good",
        CandidateStep::Failed | CandidateStep::Refused | CandidateStep::Skipped => "bad",
        CandidateStep::Gathered | CandidateStep::Received => "",
    };
    markup! {
        <tr key={index.to_string()} class={chosen.then_some("chosen")} data-testid="candidate-row">
            <td>{ foreign(&row.kind) }</td>
            <td class="address" title={shown(&row.candidate.candidate).into_owned()}>{ line(&address) }</td>
            <td class={tone} title={row.reason.as_deref().map(|reason| shown(reason).into_owned())}>{ if chosen { "selected" } else { step_word(row.step) } }</td>
        </tr>
    }
}
