use std::rc::Rc;

use registry_client::interfaces::webrtc::CandidatePair;
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::side::Side;
use crate::state::candidates::CandidateTable;

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
