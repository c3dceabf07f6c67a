use registry_analysis::Tracks;
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::peer::PeerPaths;

/// Properties of [`Paths`].
#[derive(Properties, PartialEq)]
pub struct PathsProps {
    /// The tracks to show.
    pub tracks: Tracks,
}

/// Candidates and pairs of candidates, of each peer that was recorded.
#[component]
pub fn Paths(props: &PathsProps) -> Html {
    let tracks = &props.tracks;
    html! {
        <div class={style()} data-testid="paths">
            for index in 0..tracks.len() {
                <PeerPaths key={index} tracks={tracks.clone()} {index} />
            }
        </div>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        display: flex;
        flex-direction: column;
        gap: 12px;
        min-width: 0;
        container-type: inline-size;

        h2 { font-size: 17px; }
        h3 { margin-bottom: 6px; }
        .card > * + h3 { margin-top: 14px; }
        .servers { font-size: 13px; }
        .note { font-size: 12.5px; color: var(--muted); }
        .mono { overflow-wrap: anywhere; }
        .badge {
            display: inline-block;
            padding: 0 7px;
            border: 1px solid color-mix(in srgb, var(--tone) 55%, transparent);
            border-radius: 99px;
            background: color-mix(in srgb, var(--tone) 9%, transparent);
            color: var(--tone);
            font-size: 12px;
            font-weight: 600;
            white-space: nowrap;
        }
        .mark { padding: 0 4px; border: 1px solid var(--line); border-radius: 3px; font-size: 11px; color: var(--muted); }

        table { width: 100%; border-collapse: collapse; font-size: 12.5px; }
        caption { text-align: left; padding-bottom: 4px; }
        th { font-weight: 550; color: var(--muted); text-align: left; }
        th, td { padding: 4px 10px 4px 0; border-bottom: 1px dotted var(--line); vertical-align: baseline; }
        .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        tr.selected { background: color-mix(in srgb, var(--good) 8%, transparent); }
        .life { display: flex; flex-wrap: wrap; gap: 0 8px; }
        .life span { white-space: nowrap; }
        .life .now { font-weight: 650; color: var(--tone); }
        .reason { flex-basis: 100%; color: var(--bad); }

        @container (max-width: 719px) {
            thead { display: none; }
            tbody, caption { display: block; }
            tr { display: flex; flex-wrap: wrap; gap: 0 10px; padding: 6px 0; border-bottom: 1px solid var(--line); }
            td { border: 0; padding: 0; }
            tr:last-child { border-bottom: 0; }
            td.wide { flex-basis: 100%; }
            td.most { flex: 1 1 60%; }
            td[data-name]::before { content: attr(data-name) " "; color: var(--muted); font-family: system-ui, sans-serif; }
            td:empty { display: none; }
            .number { text-align: left; }
        }
        "#
    )
}
