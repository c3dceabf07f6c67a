use std::rc::Rc;

use yew::prelude::*;

use super::button::yes_or_no;
use super::line;
use crate::format;
use crate::markup::{classes, markup};
use crate::state::{Kind, LogEntry};

/// Height of a row in pixels; the style sheet of the timeline has the same.
pub const ROW: f64 = 24.0;

/// Properties of [`TimelineRow`].
#[derive(Properties)]
pub struct TimelineRowProps {
    /// What happened.
    pub entry: Rc<LogEntry>,
    /// What its id begins with.
    pub scope: &'static str,
    /// Its place in the timeline.
    pub index: usize,
    /// Whether its details are shown.
    pub selected: bool,
    /// By how many minutes local time is ahead of UTC.
    pub offset: f64,
    /// Told the place when it is pressed.
    pub onselect: Callback<usize>,
}

impl PartialEq for TimelineRowProps {
    fn eq(&self, other: &Self) -> bool {
        // An entry never changes.
        self.index == other.index
            && self.selected == other.selected
            && Rc::ptr_eq(&self.entry, &other.entry)
            && self.onselect == other.onselect
    }
}

/// One event in a line.
#[component]
pub fn TimelineRow(props: &TimelineRowProps) -> Html {
    let entry = &props.entry;
    let index = props.index;
    let onclick = props.onselect.reform(move |_: MouseEvent| index);
    let marks = [if entry.bad { "bad" } else { "" }, if props.selected { "selected" } else { "" }];
    markup! {
        <li
            id={format!("{}entry-{}", props.scope, props.index)}
            class={classes(&["entry", kind_class(entry.kind), marks[0], marks[1]])}
            role="option"
            aria-selected={yes_or_no(props.selected)}
            data-testid="debug-entry"
            data-name={entry.event.event.name()}
            onclick={onclick}
        >
            <span class="when">{ format::time_of_day(entry.event.epoch_ms, props.offset) }</span>
            <span class="kind">{ entry.kind.word() }</span>
            <span class="name">{ entry.event.event.name() }</span>
            <span class="what">{ line(&entry.summary) }</span>
        </li>
    }
}

/// The class that gives a row the colour of its kind.
pub(super) fn kind_class(kind: Kind) -> &'static str {
    match kind {
        Kind::State => "kind-state",
        Kind::Http => "kind-http",
        Kind::Signal => "kind-signal",
        Kind::Ice => "kind-ice",
        Kind::Channel => "kind-channel",
        Kind::Timing => "kind-timing",
        Kind::Error => "kind-error",
    }
}
