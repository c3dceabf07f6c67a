use std::rc::Rc;

use registry_client::interfaces::webrtc::CandidateEnd;
use yew::prelude::*;

use super::row::Row;
use crate::state::candidates::{CandidateRow, CandidateTable};

/// Properties of [`Side`].
#[derive(Properties, PartialEq)]
pub struct SideProps {
    /// `data-testid`.
    pub testid: &'static str,
    /// The caption.
    pub name: &'static str,
    /// The candidates.
    pub table: Rc<CandidateTable>,
    /// This side of the selected pair.
    pub selected: Option<CandidateEnd>,
}

/// One side's candidates.
#[component]
pub fn Side(props: &SideProps) -> Html {
    let SideProps { testid, name, table, selected } = props;
    let note = match (table.complete, table.malformed) {
        (true, 0) => "Gathering complete.".to_owned(),
        (false, 0) => String::new(),
        (_, malformed) => format!("{malformed} malformed, skipped."),
    };
    let is_selected = |row: &CandidateRow| selected.as_ref().is_some_and(|end| row.parts.is_end(end));
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
