use std::ops::Range;
use std::rc::Rc;

use yew::prelude::*;

use super::timeline_row::ROW;
use super::{Button, Glyph, TimelineRow, icon};
use crate::foreign::{Excerpt, escaped_json, excerpt};
use crate::format;
use crate::hooks::{Filtered, use_effect_on};
use crate::markup::markup;
use crate::services::{self, dom};
use crate::state::{Filter, History, LogEntry};

/// Characters that are drawn of an entry's details.
const DETAILS: usize = 20_000;

/// Rows that are drawn above and below what is seen.
const MARGIN: usize = 12;

/// Properties of [`TimelineList`].
#[derive(Properties)]
pub struct TimelineListProps {
    /// What the ids of the entries begin with: each timeline of a page has its own.
    pub scope: &'static str,
    /// The entries.
    pub shown: Filtered,
    /// What they depend on.
    pub version: (History<Rc<LogEntry>>, Filter),
}

impl PartialEq for TimelineListProps {
    fn eq(&self, other: &Self) -> bool {
        self.scope == other.scope && self.version == other.version
    }
}

/// What part of the list is seen.
#[derive(Clone, Copy, PartialEq)]
struct View {
    top: f64,
    height: f64,
    /// Whether the newest entry stays in view.
    following: bool,
}

impl View {
    /// The rows to draw.
    fn rows(&self, count: usize) -> Range<usize> {
        let seen = (self.height / ROW) as usize + 2;
        let first = if self.following { count.saturating_sub(seen) } else { (self.top / ROW) as usize };
        first.saturating_sub(MARGIN).min(count)..(first + seen + MARGIN).min(count)
    }
}

/// A list of which only the part that is seen is drawn.
#[component]
pub fn TimelineList(props: &TimelineListProps) -> Html {
    let scroll = use_node_ref();
    let view = use_state_eq(|| View { top: 0.0, height: 600.0, following: true });
    let selected = use_state_eq(|| None::<usize>);
    use_follow(&scroll, &view, props);
    let onscroll = {
        let (scroll, view) = (scroll.clone(), view.clone());
        Callback::from(move |_: Event| {
            if let Some(now) = dom::scroll_of(&scroll) {
                // Only a person scrolls upwards; a list that grows or shrinks is followed on.
                let following = now.at_end() || (view.following && now.top >= view.top);
                view.set(View { top: now.top, height: now.height, following });
            }
        })
    };
    let newest = Button {
        testid: "debug-log-newest".into(),
        class: "small newest",
        onclick: Some({
            let (scroll, view) = (scroll.clone(), view.clone());
            Callback::from(move |_| {
                dom::scroll_to_end(&scroll);
                view.set(View { following: true, ..*view });
            })
        }),
        ..Button::default()
    };
    let onselect = use_callback(selected.clone(), |index: usize, selected| {
        selected.set((**selected != Some(index)).then_some(index));
    });
    let onkeydown = {
        let (shown, selected, view, scroll) = (props.shown.clone(), selected.clone(), view.clone(), scroll.clone());
        Callback::from(move |event: KeyboardEvent| {
            if let Some(position) = moved(&event, &shown, *selected) {
                event.prevent_default();
                selected.set(shown.get(position).map(|(index, _)| index));
                reveal(position, &view, &scroll);
            }
        })
    };
    let scope = props.scope;
    let (shown, rows, offset) = (&props.shown, view.rows(props.shown.len()), services::local_offset_minutes());
    let details = selected.and_then(|index| props.version.0.get(index)).map(|entry| details_of(entry));
    let none = shown.is_empty().then(|| {
        let why = if props.version.1.is_open() { "Nothing has happened yet." } else { "Nothing matches the filter." };
        markup! { <p class="none">{ why }</p> }
    });
    let drawn = rows.clone().filter_map(|position| shown.get(position)).map(|(index, entry)| {
        let (entry, selected) = (Rc::clone(entry), *selected == Some(index));
        html! { <TimelineRow key={index} {entry} {scope} {index} {selected} {offset} onselect={&onselect} /> }
    });
    let newest =
        (!view.following && !shown.is_empty()).then(|| newest.html(markup! { { icon(Glyph::Down) }{ "Newest" } }));
    let details = details.map(|details| {
        markup! { <pre class="details" data-testid="debug-details" tabindex="0" aria-label="Details">{ details }</pre> }
    });
    markup! {
        <div class="entries">
            <div
                class="scroll"
                data-testid="debug-log"
                role={if shown.is_empty() { "region" } else { "listbox" }}
                aria-label="Events, oldest first"
                aria-activedescendant={selected.map(|index| format!("{scope}entry-{index}"))}
                tabindex="0"
                ref={scroll.clone()}
                onscroll={onscroll}
                onkeydown={onkeydown}
            >
                { none }
                { space(rows.start) }
                <ol role="presentation">{ drawn.collect::<Html>() }</ol>
                { space(shown.len() - rows.end) }
            </div>
            { newest }
            { details }
        </div>
    }
}

/// The room of that many rows that are not drawn. The page's policy allows no style attributes, but a picture may have a
/// height.
fn space(rows: usize) -> Html {
    markup! { <svg class="space" width="1" height={(rows * ROW as usize).to_string()} aria-hidden="true" /> }
}

/// How often the window has changed its size.
#[derive(Clone, Default, PartialEq)]
struct Resizes(u32);

impl Reducible for Resizes {
    type Action = ();

    fn reduce(self: Rc<Self>, (): ()) -> Rc<Self> {
        Rc::new(Self(self.0.wrapping_add(1)))
    }
}

/// Keeps the newest entry in view, and the height of the view known.
#[hook]
fn use_follow(scroll: &NodeRef, view: &UseStateHandle<View>, props: &TimelineListProps) {
    let resized = use_reducer(Resizes::default);
    let deps = (props.version.clone(), (*resized).clone());
    let (scroll, view) = (scroll.clone(), view.clone());
    use_effect_on(deps, move |_| {
        if view.following {
            dom::scroll_to_end(&scroll);
        }
        if let Some(now) = dom::scroll_of(&scroll) {
            view.set(View { top: now.top, height: now.height, following: view.following });
        }
    });
    let counter = resized.dispatcher();
    use_effect_on((), move |()| {
        let listener = dom::on_resize(move || counter.dispatch(()));
        move || drop(listener)
    });
}

/// The position that a key leads to.
fn moved(event: &KeyboardEvent, shown: &Filtered, selected: Option<usize>) -> Option<usize> {
    let last = shown.len().checked_sub(1)?;
    let present = selected.and_then(|index| shown.position(index));
    match event.key().as_str() {
        "ArrowDown" => Some(present.map_or(last, |at| (at + 1).min(last))),
        "ArrowUp" => Some(present.map_or(last, |at| at.saturating_sub(1))),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

/// Scrolls as little as is needed to see the row at this position.
fn reveal(position: usize, view: &View, scroll: &NodeRef) {
    let top = position as f64 * ROW;
    if top < view.top {
        dom::scroll_to(scroll, top);
    } else if top + ROW > view.top + view.height {
        dom::scroll_to(scroll, top + ROW - view.height);
    }
}

fn details_of(entry: &LogEntry) -> String {
    let details = services::indented_json(&entry.event.event);
    let Excerpt { shown, left_out } = excerpt(&details, DETAILS);
    let rest = match left_out {
        0 => String::new(),
        more => format!("…\n({} more characters; the copied timeline has all)", format::thousands(more)),
    };
    format!("#{} {}\n{}{rest}", entry.event.seq, entry.event.event.name(), escaped_json(shown))
}
