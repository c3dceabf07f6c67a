use registry_analysis::Tracks;
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::side::Side;
use crate::hooks::Session;

/// Properties of [`Faults`].
#[derive(Properties, PartialEq)]
pub struct FaultsProps {
    /// The sessions, of one peer or of both.
    pub sessions: Vec<Session>,
    /// What has been recorded: what is held changes with it.
    pub tracks: Tracks,
}

/// Faults on purpose, and messages that are held.
#[component]
pub fn Faults(props: &FaultsProps) -> Html {
    let titles: &[&str] = if props.sessions.len() > 1 { &["Host", "Guest"] } else { &["Faults on purpose"] };
    html! {
        <section class={style()} data-testid="faults" aria-label="Faults">
            for (title, session) in titles.iter().zip(&props.sessions) {
                <Side key={*title} title={*title} session={session.clone()} tracks={props.tracks.clone()} />
            }
        </section>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr));
        gap: 12px;

        h3 { margin: 16px 0 6px; font-size: 13px; font-weight: 650; }
        .row { gap: 6px; align-items: center; }
        .row > h2 { margin-right: auto; }
        label.row { font-size: 13.5px; margin-bottom: 6px; }
        p { font-size: 13px; }
        .ticks { display: flex; flex-wrap: wrap; gap: 4px 16px; }
        .tick { display: flex; gap: 7px; align-items: baseline; font-size: 13.5px; cursor: pointer; }
        .message { padding: 8px 0; border-bottom: 1px dotted var(--line); font-size: 13px; }
        .message .row { margin-top: 6px; }
        ol { list-style: none; margin: 0; padding: 0; }
        li { display: flex; align-items: center; gap: 8px; padding: 3px 0; border-bottom: 1px dotted var(--line); font-size: 12.5px; }
        li code { flex: 1; min-width: 0; overflow-wrap: anywhere; font-family: var(--mono); }
        textarea { margin: 6px 0; width: 100%; min-height: 120px; font-family: var(--mono); font-size: 12px; }
        select { max-width: 100%; }
        select, input[type="number"] { font: inherit; font-size: 13px; padding: 4px 6px; }
        .problem { color: var(--bad); }
        "#
    )
}
