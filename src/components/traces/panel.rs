use registry_analysis::Tracks;
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::compare::Compare;
use super::open::Open;
use super::save::Save;
use crate::hooks::OpenedHandle;

/// Properties of [`Traces`].
#[derive(Properties, PartialEq)]
pub struct TracesProps {
    /// What is shown.
    pub tracks: Tracks,
    /// The trace that was opened, if any.
    pub opened: OpenedHandle,
}

/// Traces as files: to save, to open, to compare.
#[component]
pub fn Traces(props: &TracesProps) -> Html {
    let TracesProps { tracks, opened } = props;
    html! {
        <section class={classes!("card", "stack", style())} data-testid="traces" aria-label="Traces">
            <Save tracks={tracks.clone()} />
            <Open opened={opened.clone()} />
            <Compare tracks={tracks.clone()} />
        </section>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        gap: 20px;

        h3 { margin-bottom: 4px; font-size: 14px; font-weight: 650; }
        p { font-size: 13.5px; margin-bottom: 8px; }
        .tick { display: flex; gap: 8px; align-items: baseline; margin-bottom: 6px; font-size: 14px; cursor: pointer; }
        .problem { color: var(--bad); margin: 8px 0 0; }
        .comparison { margin-top: 10px; }
        dl { margin: 0 0 10px; font-size: 13px; }
        dl div { display: flex; gap: 10px; padding: 2px 0; border-bottom: 1px dotted var(--line); }
        dt { flex: none; width: 4.5em; color: var(--muted); }
        dd { margin: 0; min-width: 0; font-family: var(--mono); font-size: 12.5px; }
        table { width: 100%; border-collapse: collapse; font-size: 12.5px; table-layout: fixed; }
        th { font-weight: 550; color: var(--muted); text-align: left; }
        th, td { padding: 2px 8px 2px 0; border-bottom: 1px dotted var(--line); overflow: hidden; text-overflow: ellipsis; }
        "#
    )
}
