use std::ops::Range;
use std::rc::Rc;

use gloo_events::EventListener;
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::row::{ROW, Row};
use crate::components::{Button, Glyph, Icon};
use crate::foreign::{Excerpt, escaped_json, excerpt};
use crate::format;
use crate::hooks::Filtered;
use crate::services;
use crate::services::scroll::{self, Scroll};
use crate::state::{Filter, History, LogEntry};

/// Characters shown of an entry's details.
const DETAILS: usize = 20_000;

/// Rows drawn above and below the visible ones.
const MARGIN: usize = 12;

/// Properties of [`List`].
#[derive(Properties)]
pub struct ListProps {
    /// Prefix of the entries' ids: each timeline of a page has its own.
    pub scope: &'static str,
    /// The entries.
    pub shown: Filtered,
    /// What they were computed from.
    pub version: (History<Rc<LogEntry>>, Filter),
}

impl PartialEq for ListProps {
    fn eq(&self, other: &Self) -> bool {
        self.scope == other.scope && self.version == other.version
    }
}

/// The part of the list that is visible.
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

/// A list that draws only what is visible.
#[component]
pub fn List(props: &ListProps) -> Html {
    let ListProps { scope, shown, version: (log, filter) } = props;
    let node = use_node_ref();
    let view = use_state_eq(|| View { top: 0.0, height: 600.0, following: true });
    let selected = use_state_eq(|| None::<usize>);
    use_follow(&node, &view, props);
    use_reveal(&node, &view, *selected, shown);
    let onscroll = use_callback((node.clone(), view.clone()), |_: Event, (node, view)| {
        if let Some(now) = Scroll::of(node) {
            // Only the user scrolls up; a list that grows or shrinks keeps following.
            let following = now.at_end() || (view.following && now.top >= view.top);
            view.set(View { top: now.top, height: now.height, following });
        }
    });
    let onnewest = use_callback((node.clone(), view.clone()), |_: MouseEvent, (node, view)| {
        scroll::to_end(node);
        view.set(View { following: true, ..**view });
    });
    let onselect = use_callback(selected.clone(), |index: usize, selected| {
        selected.set((**selected != Some(index)).then_some(index));
    });
    let onkeydown = {
        let (shown, selected, view, node) = (shown.clone(), selected.clone(), view.clone(), node.clone());
        move |event: KeyboardEvent| {
            if let Some(position) = moved(&event, &shown, *selected) {
                event.prevent_default();
                selected.set(shown.get(position).map(|(index, _)| index));
                reveal(position, &view, &node);
            }
        }
    };
    let (rows, offset) = (view.rows(shown.len()), services::local_offset_minutes());
    // Only an entry that is drawn can be referred to.
    let active = selected.filter(|index| shown.position(*index).is_some_and(|position| rows.contains(&position)));
    let drawn = rows.clone().filter_map(|position| shown.get(position)).map(|(index, entry)| {
        let selected = *selected == Some(index);
        html! { <Row key={index} {entry} {scope} {index} {selected} {offset} onselect={&onselect} /> }
    });
    html! {
        <div class={style()}>
            <div
                class="scroll"
                data-testid="debug-log"
                role={if shown.is_empty() { "region" } else { "listbox" }}
                aria-label="Events, oldest first"
                aria-activedescendant={active.map(|index| format!("{scope}entry-{index}"))}
                tabindex="0"
                ref={node}
                {onscroll}
                {onkeydown}
            >
                if shown.is_empty() {
                    <p class="none">
                        { if filter.is_open() { "No events yet." } else { "No events match the filter." } }
                    </p>
                }
                <Space rows={rows.start} />
                <ol role="presentation">{ for drawn }</ol>
                <Space rows={shown.len() - rows.end} />
            </div>
            if !view.following && !shown.is_empty() {
                <Button testid="debug-log-newest" class="small newest" onclick={onnewest}>
                    <Icon glyph={Glyph::Down} />
                    { "Newest" }
                </Button>
            }
            if let Some(entry) = selected.and_then(|index| log.get(index)) {
                <pre class="details" data-testid="debug-details" tabindex="0" aria-label="Details">
                    { details_of(entry) }
                </pre>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct SpaceProps {
    rows: usize,
}

/// The space of rows that are not drawn.
#[component]
fn Space(props: &SpaceProps) -> Html {
    html! { <div style={format!("height: {}px", props.rows * ROW as usize)} aria-hidden="true" /> }
}

/// How often the window has been resized.
#[derive(Clone, Copy, Default, PartialEq)]
struct Resizes(u32);

impl Reducible for Resizes {
    type Action = ();

    fn reduce(self: Rc<Self>, (): ()) -> Rc<Self> {
        Rc::new(Self(self.0.wrapping_add(1)))
    }
}

/// Keeps the newest entry in view, and the height of the view up to date.
#[hook]
fn use_follow(node: &NodeRef, view: &UseStateHandle<View>, props: &ListProps) {
    let resizes = use_reducer(Resizes::default);
    let (node, view) = (node.clone(), view.clone());
    use_effect_with((props.version.clone(), *resizes), move |_| {
        if view.following {
            scroll::to_end(&node);
        }
        if let Some(now) = Scroll::of(&node) {
            view.set(View { top: now.top, height: now.height, following: view.following });
        }
    });
    use_effect_with(resizes.dispatcher(), |resizes| {
        let resizes = resizes.clone();
        let listener = EventListener::new(&gloo_utils::window(), "resize", move |_| resizes.dispatch(()));
        move || drop(listener)
    });
}

/// Keeps a newly selected entry in view when its details take space from the list.
#[hook]
fn use_reveal(node: &NodeRef, view: &UseStateHandle<View>, selected: Option<usize>, shown: &Filtered) {
    let (node, view) = (node.clone(), view.clone());
    let position = selected.and_then(|index| shown.position(index));
    use_effect_with(selected, move |_| {
        if let Some(now) = Scroll::of(&node) {
            let now = View { top: now.top, height: now.height, following: now.at_end() };
            view.set(now);
            if let Some(position) = position {
                reveal(position, &now, &node);
            }
        }
    });
}

/// The position that a key moves the selection to.
fn moved(event: &KeyboardEvent, shown: &Filtered, selected: Option<usize>) -> Option<usize> {
    let last = shown.len().checked_sub(1)?;
    let current = selected.and_then(|index| shown.position(index));
    match event.key().as_str() {
        "ArrowDown" => Some(current.map_or(last, |at| (at + 1).min(last))),
        "ArrowUp" => Some(current.map_or(last, |at| at.saturating_sub(1))),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

/// Scrolls just enough to make the row at this position visible.
fn reveal(position: usize, view: &View, node: &NodeRef) {
    let top = position as f64 * ROW;
    if top < view.top {
        scroll::to(node, top);
    } else if top + ROW > view.top + view.height {
        scroll::to(node, top + ROW - view.height);
    }
}

fn details_of(entry: &LogEntry) -> String {
    let details = services::indented_json(&entry.event.event);
    let Excerpt { shown, left_out } = excerpt(&details, DETAILS);
    let rest = match left_out {
        0 => String::new(),
        more => format!("…\n({} more characters; copy the timeline to get them all)", format::thousands(more)),
    };
    format!("#{} {}\n{}{rest}", entry.event.seq, entry.event.event.name(), escaped_json(shown))
}

fn style() -> StyleSource {
    css!(
        r#"
        position: relative;
        display: flex;
        flex-direction: column;
        flex: 1 1 0;
        min-height: 0;
        border-top: 1px solid var(--line);

        .scroll {
            position: relative;
            flex: 1 1 0;
            min-height: 240px;
            overflow-y: auto;
            overscroll-behavior: contain;
            background: var(--sunken);
        }
        .scroll:focus-visible { outline-offset: -2px; }
        .none { padding: 14px 16px; color: var(--muted); font-size: 13px; }
        .entry {
            display: flex;
            gap: 9px;
            height: 24px;
            line-height: 24px;
            padding: 0 12px 0 13px;
            border-left: 3px solid var(--tone);
            font-family: var(--mono);
            font-size: 12px;
            white-space: nowrap;
            cursor: default;
        }
        .entry:hover { background: var(--panel); }
        .entry.selected { background: var(--accent-soft); }
        .when { color: var(--muted); font-variant-numeric: tabular-nums; }
        .when, .kind, .name { flex: none; }
        .kind { display: none; color: var(--tone); width: 7ch; }
        .name { color: var(--tone); font-weight: 600; }
        .what { overflow: hidden; text-overflow: ellipsis; min-width: 0; }
        .bad .what { color: var(--bad); }
        .newest {
            position: absolute;
            right: 18px;
            bottom: 12px;
            background: var(--panel);
            box-shadow: 0 2px 8px rgb(0 0 0 / 22%);
        }
        .details {
            max-height: 42%;
            margin: 0;
            padding: 10px 16px;
            overflow: auto;
            border-top: 1px solid var(--line);
            font-family: var(--mono);
            font-size: 12px;
            white-space: pre-wrap;
        }

        @container (min-width: 620px) {
            .kind { display: inline; }
            .name { width: 21ch; }
        }
        @media (forced-colors: active) {
            .entry.selected { outline: 2px solid Highlight; outline-offset: -2px; }
        }
        "#
    )
}
