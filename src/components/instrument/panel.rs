use registry_analysis::Tracks;
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::tab_bar::TabBar;
use crate::components::{Banner, Diagram, Faults, Findings, Paths, Registry, Sdp, Statistics, Traces, Waterfall};
use crate::hooks::{OpenedHandle, Session, use_view};
use crate::state::{Opened, View};

/// Properties of [`Instrument`].
#[derive(Properties, PartialEq)]
pub struct InstrumentProps {
    /// Prefix of ids, where a page has more than one.
    #[prop_or_default]
    pub scope: &'static str,
    /// What has been recorded.
    pub tracks: Tracks,
    /// The sessions that it belongs to.
    pub sessions: Vec<Session>,
    /// The trace that was opened in its place, if any.
    pub opened: OpenedHandle,
    /// The overview.
    pub children: Html,
}

/// What is wrong, if anything, and the views of what has been recorded: one at a time, by tabs.
#[component]
pub fn Instrument(props: &InstrumentProps) -> Html {
    let InstrumentProps { scope, tracks, sessions, opened, children } = props;
    let shown = use_memo((tracks.clone(), opened.get().cloned()), |(tracks, opened)| {
        opened.as_ref().map_or_else(|| tracks.clone(), Opened::tracks)
    });
    let tracks = &*shown;
    let at_ms = opened.get().map(Opened::now_ms);
    let (view, onview) = use_view();
    html! {
        <section class={classes!("column", style())} aria-label="Instrument" data-testid="instrument" data-view={view.word()}>
            <Banner opened={opened.clone()} />
            <Findings tracks={tracks.clone()} {at_ms} />
            <TabBar {scope} {view} {onview} />
            <div
                class="view"
                id={format!("{scope}view")}
                role="tabpanel"
                aria-labelledby={format!("{scope}tab-{}", view.word())}
                tabindex="0"
            >
                { match view {
                    View::Overview => children.clone(),
                    View::Diagram => html! { <Diagram tracks={tracks.clone()} /> },
                    View::Time => html! { <Waterfall tracks={tracks.clone()} live={at_ms.is_none()} /> },
                    View::Paths => html! { <Paths tracks={tracks.clone()} /> },
                    View::Sdp => html! { <Sdp tracks={tracks.clone()} /> },
                    View::Statistics => html! { <Statistics tracks={tracks.clone()} /> },
                    View::Registry => html! { <Registry tracks={tracks.clone()} {at_ms} /> },
                    View::Faults => html! { <Faults sessions={sessions.clone()} tracks={tracks.clone()} /> },
                    View::Traces => html! { <Traces tracks={tracks.clone()} opened={opened.clone()} /> },
                } }
            </div>
        </section>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        .view { display: flex; flex-direction: column; gap: 12px; min-width: 0; }
        .view:focus-visible { outline-offset: -2px; }
        "#
    )
}
