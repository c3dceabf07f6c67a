use yew::prelude::*;

use super::{Candidates, FactsPanel, StateMap, Timeline};
use crate::state::Page;

/// Properties of [`Watch`].
#[derive(Properties, PartialEq)]
pub struct WatchProps {
    /// The page's state.
    pub page: Page,
    /// Prefix of the timeline's ids.
    pub scope: &'static str,
}

/// State, facts, candidates and timeline.
#[component]
pub fn Watch(props: &WatchProps) -> Html {
    let WatchProps { page, scope } = props;
    let facts = &page.facts;
    html! {
        <>
            <section class="column" aria-label="State and facts" tabindex="0">
                <StateMap stays={page.stays.clone()} />
                <FactsPanel {facts} has_room={page.room.is_some()} life={page.life} buffer={page.buffer} />
                <Candidates local={&facts.local} remote={&facts.remote} pair={facts.pair.clone()} />
            </section>
            <Timeline {scope} log={page.log.clone()} />
        </>
    }
}
