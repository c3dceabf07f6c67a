use std::rc::Rc;

use registry_client::event::CandidateStep;
use registry_client::interfaces::webrtc::{CandidateEnd, CandidatePair};
use stylist::{StyleSource, css};
use yew::prelude::*;

use crate::components::{Foreign, Line};
use crate::foreign::{isolated, shown};
use crate::state::candidates::{CandidateRow, CandidateTable, step_word};

/// Properties of [`Candidates`].
#[derive(Properties, PartialEq)]
pub struct CandidatesProps {
    /// This side's candidates.
    pub local: Rc<CandidateTable>,
    /// The peer's candidates.
    pub remote: Rc<CandidateTable>,
    /// The pair that ICE has selected.
    pub pair: Option<CandidatePair>,
}

/// Both sides' candidates and what became of each; hidden while there are none.
#[component]
pub fn Candidates(props: &CandidatesProps) -> Html {
    let CandidatesProps { local, remote, pair } = props;
    let ends = (pair.as_ref().map(|pair| pair.local.clone()), pair.as_ref().map(|pair| pair.remote.clone()));
    html! {
        <section
            class={classes!("card", style())}
            data-testid="candidates"
            aria-label="Candidates"
            hidden={local.rows.is_empty() && remote.rows.is_empty()}
        >
            <div class="sides">
                <Side testid="local-candidates" name="Local candidates" table={local} selected={ends.0} />
                <Side testid="remote-candidates" name="Remote candidates" table={remote} selected={ends.1} />
            </div>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct SideProps {
    testid: &'static str,
    name: &'static str,
    table: Rc<CandidateTable>,
    selected: Option<CandidateEnd>,
}

/// One side's candidates.
#[component]
fn Side(props: &SideProps) -> Html {
    let SideProps { testid, name, table, selected } = props;
    let note = match (table.complete, table.malformed) {
        (true, 0) => "Gathering complete.".to_owned(),
        (false, 0) => String::new(),
        (_, malformed) => format!("{malformed} malformed, skipped."),
    };
    let is_selected = |row: &CandidateRow| selected.as_ref().is_some_and(|end| row.is_end(end));
    html! {
        <div>
            <table data-testid={*testid}>
                <caption class="eyebrow">{ format!("{name} ({})", table.rows.len()) }</caption>
                <thead>
                    <tr>
                        <th class="type" scope="col">{ "type" }</th>
                        <th scope="col">{ "address" }</th>
                        <th class="status" scope="col">{ "status" }</th>
                    </tr>
                </thead>
                <tbody class="mono">
                    for (index, row) in table.rows.iter().enumerate() {
                        <Row key={index} row={row.clone()} selected={is_selected(row)} />
                    }
                </tbody>
            </table>
            <p class="note">{ note }</p>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct RowProps {
    row: CandidateRow,
    selected: bool,
}

/// One candidate.
#[component]
fn Row(props: &RowProps) -> Html {
    let RowProps { row, selected } = props;
    let address = format!("{} {}:{}", isolated(&row.protocol), isolated(&row.address), isolated(&row.port));
    let tone = match row.step {
        CandidateStep::Posted | CandidateStep::Applied => "good",
        CandidateStep::Failed | CandidateStep::Refused | CandidateStep::Skipped => "bad",
        CandidateStep::Gathered | CandidateStep::Received => "",
    };
    html! {
        <tr class={selected.then_some("selected")} data-testid="candidate-row">
            <td><Foreign text={row.kind.clone()} /></td>
            <td class="address" title={shown(&row.candidate.candidate).into_owned()}><Line text={address} /></td>
            <td class={tone} title={row.reason.as_deref().map(|reason| shown(reason).into_owned())}>
                { if *selected { "selected" } else { step_word(row.step) } }
            </td>
        </tr>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        .sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(250px, 1fr)); gap: 14px 22px; }
        table { width: 100%; border-collapse: collapse; font-size: 12.5px; table-layout: fixed; }
        caption { text-align: left; padding-bottom: 4px; }
        th { font-weight: 550; color: var(--muted); text-align: left; }
        th, td { padding: 2px 8px 2px 0; border-bottom: 1px dotted var(--line); vertical-align: baseline; }
        .type { width: 4.3em; }
        .status { width: 6.2em; }
        .address { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
        .good { color: var(--good); }
        .bad { color: var(--bad); }
        .selected td { font-weight: 700; color: var(--good); }
        .note { font-size: 12px; color: var(--muted); margin-top: 3px; min-height: 1.45em; }
        "#
    )
}
