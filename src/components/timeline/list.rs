use std::rc::Rc;

use stylist::{StyleSource, css};
use yew::prelude::*;

use super::row::Row;
use crate::components::{Button, Glyph, Icon};
use crate::foreign::{Excerpt, escaped_json, excerpt};
use crate::format;
use crate::hooks::{Filtered, Follow, Position, use_follow, use_wanted};
use crate::services;
use crate::services::root::focus;
use crate::services::scroll;
use crate::state::rows::{ROW, Rows, View};
use crate::state::{Filter, History, LogEntry};

/// Characters shown of an entry's details.
const DETAILS: usize = 20_000;

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

/// A list that draws only what is visible.
#[component]
pub fn List(props: &ListProps) -> Html {
    let ListProps { scope, shown, version: (log, filter) } = props;
    let view = use_state_eq(|| View::of(0.0, 600.0, ROW));
    let selected = use_state_eq(|| None::<usize>);
    let onmove = use_callback(view.setter(), |Position { following, scroll }, view| {
        // While it follows the end, it does not matter where that is.
        view.set(View::of(if following { 0.0 } else { scroll.top }, scroll.height, ROW));
    });
    let (follow, onscroll) = use_follow(&onmove);
    let rows = use_mut_ref(Rows::default);
    rows.borrow_mut().draw(*view, follow.following(), shown.gone(), shown.len());
    let drawn = rows.borrow().clone();
    use_reveal(&follow, &drawn, *selected, shown);
    use_seek(&follow, &drawn, &selected, shown);
    let onnewest = {
        let follow = follow.clone();
        move |_: MouseEvent| follow.resume()
    };
    let onselect = use_callback(selected.clone(), |index: usize, selected| {
        selected.set((**selected != Some(index)).then_some(index));
    });
    let onkeydown = {
        let (shown, selected, follow, rows) = (shown.clone(), selected.clone(), follow.clone(), drawn.clone());
        move |event: KeyboardEvent| {
            if let Some(position) = moved(&event, &shown, *selected) {
                event.prevent_default();
                selected.set(shown.get(position).map(|(index, _)| index));
                reveal(rows.top(position, ROW), &follow);
            }
        }
    };
    let offset = services::local_offset_minutes();
    // Only an entry that is drawn can be referred to.
    let is_drawn = |index: &usize| shown.position(*index).is_some_and(|position| drawn.drawn.contains(&position));
    let active = selected.filter(is_drawn);
    let entries = drawn.drawn.clone().filter_map(|position| Some((drawn.key(position), shown.get(position)?)));
    let entries = entries.map(|(key, (index, entry))| {
        let selected = *selected == Some(index);
        html! { <Row {key} {entry} {scope} {index} {selected} {offset} onselect={&onselect} /> }
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
                ref={&follow.scroller}
                {onscroll}
                {onkeydown}
            >
                <div role="presentation" ref={&follow.content}>
                    if shown.is_empty() {
                        <p class="none">
                            { if filter.is_open() { "No events yet." } else { "No events match the filter." } }
                        </p>
                    }
                    <Space rows={drawn.space + drawn.drawn.start} />
                    <ol role="presentation">{ for entries }</ol>
                    <Space rows={shown.len() - drawn.drawn.end} />
                </div>
            </div>
            if !follow.following() && !shown.is_empty() {
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

/// Keeps a newly selected entry in view when its details take space from the list.
#[hook]
fn use_reveal(follow: &Follow, rows: &Rows, selected: Option<usize>, shown: &Filtered) {
    let top = selected.and_then(|index| shown.position(index)).map(|position| rows.top(position, ROW));
    let (follow, before) = (follow.clone(), use_mut_ref(|| None));
    use_effect_with(selected, move |selected| {
        if before.replace(*selected) != *selected {
            follow.look();
        }
        if let Some(top) = top {
            reveal(top, &follow);
        }
    });
}

/// Selects the event that is wanted, and shows it.
#[hook]
fn use_seek(follow: &Follow, rows: &Rows, selected: &UseStateHandle<Option<usize>>, shown: &Filtered) {
    let wanted = use_wanted();
    let done = use_mut_ref(|| None);
    let new = wanted.filter(|wanted| *done.borrow() != Some(*wanted));
    let found = new.and_then(|wanted| shown.iter().position(|entry| wanted.is(entry)));
    let target = found.and_then(|position| Some((shown.get(position)?.0, rows.top(position, ROW))));
    let (follow, selected) = (follow.clone(), selected.clone());
    use_effect_with((wanted, target), move |(wanted, target)| {
        if let Some((index, top)) = *target {
            done.replace(*wanted);
            selected.set(Some(index));
            follow.stop();
            reveal(top, &follow);
            focus(&follow.scroller);
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

/// Scrolls just enough to make the row at `top` visible.
fn reveal(top: f64, follow: &Follow) {
    let view = follow.view();
    if top < view.top {
        scroll::to(&follow.scroller, top);
    } else if top + ROW > view.top + view.height {
        scroll::to(&follow.scroller, top + ROW - view.height);
    }
}

fn details_of(entry: &LogEntry) -> String {
    let details = services::indented_json(&entry.event.event.details_json());
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
            /* Rows stay in place by themselves. */
            overflow-anchor: none;
            contain: strict;
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
            contain: strict;
        }
        .entry:hover { background: var(--panel); }
        .entry.selected { background: var(--accent-soft); }
        .peer { flex: none; width: 1.2ch; font-weight: 700; color: var(--muted); }
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
