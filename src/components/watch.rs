use yew::prelude::*;

use super::{Candidates, FactsPanel, Instrument, StateMap, Timeline};
use crate::hooks::{Reveal, Session, use_action, use_opened, use_reveal, use_session, use_shown_log, use_tracks};
use crate::state::Page;

/// Properties of [`Watch`].
#[derive(Properties, PartialEq)]
pub struct WatchProps {
    /// The page's state.
    pub page: Page,
}

/// The instrument and the timeline of one peer.
#[component]
pub fn Watch(props: &WatchProps) -> Html {
    let page = &props.page;
    let tracks = use_tracks(vec![page.recorded()]);
    let session = use_session();
    let opened = use_opened();
    let log = use_shown_log(&page.log, &opened);
    let onclear = use_action(Session::clear_log);
    let reveal = use_reveal();
    html! {
        <ContextProvider<Reveal> context={reveal}>
            <Instrument {tracks} sessions={vec![session]} opened={opened.clone()}>
                if opened.get().is_some() {
                    <p class="card muted" data-testid="overview-is-live">
                        { "The overview stays with the live session. The other views and the timeline show the opened trace." }
                    </p>
                }
                <Overview page={page.clone()} />
            </Instrument>
            <Timeline {log} {onclear} />
        </ContextProvider<Reveal>>
    }
}

/// State, facts and candidates of one peer.
#[component]
pub fn Overview(props: &WatchProps) -> Html {
    let page = &props.page;
    let facts = &page.facts;
    html! {
        <>
            <StateMap stays={page.stays.clone()} />
            <FactsPanel {facts} has_room={page.room.is_some()} life={page.life} buffer={page.buffer} />
            <Candidates local={&facts.local} remote={&facts.remote} pair={facts.pair.clone()} />
        </>
    }
}
