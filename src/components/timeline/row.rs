use std::rc::Rc;

use registry_client::Role;
use yew::prelude::*;

use super::kind_class;
use crate::components::line;
use crate::format;
use crate::state::LogEntry;

/// Properties of [`Row`].
#[derive(Properties)]
pub struct RowProps {
    /// The entry.
    pub entry: Rc<LogEntry>,
    /// Prefix of its id.
    pub scope: &'static str,
    /// Its index in the timeline.
    pub index: usize,
    /// Whether its details are shown.
    pub selected: bool,
    /// Minutes by which local time is ahead of UTC.
    pub offset: f64,
    /// Called with the index when the row is clicked.
    pub onselect: Callback<usize>,
}

impl PartialEq for RowProps {
    fn eq(&self, other: &Self) -> bool {
        // An entry never changes.
        self.index == other.index
            && self.selected == other.selected
            && Rc::ptr_eq(&self.entry, &other.entry)
            && self.onselect == other.onselect
    }
}

/// An event on one line.
#[component]
pub fn Row(props: &RowProps) -> Html {
    let RowProps { entry, scope, index, selected, offset, onselect } = props;
    let name = entry.event.event.name();
    let index = *index;
    html! {
        <li
            id={format!("{scope}entry-{index}")}
            class={classes!(
                "entry",
                kind_class(entry.kind),
                entry.bad.then_some("bad"),
                selected.then_some("selected"),
            )}
            role="option"
            aria-selected={selected.to_string()}
            data-testid="debug-entry"
            data-name={name}
            data-peer={entry.peer.map(Role::as_str)}
            onclick={onselect.reform(move |_| index)}
        >
            if let Some(peer) = entry.peer {
                <span class="peer" title={peer.as_str()}>{ if peer == Role::Host { "H" } else { "G" } }</span>
            }
            <span class="when">{ format::time_of_day(entry.event.epoch_ms, *offset) }</span>
            <span class="kind">{ entry.kind.word() }</span>
            <span class="name">{ name }</span>
            <span class="what">{ line(&entry.summary) }</span>
        </li>
    }
}
