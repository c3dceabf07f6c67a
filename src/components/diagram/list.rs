use std::rc::Rc;

use registry_analysis::sequence::{Identity, Sequence};
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::payload::Payload;
use super::row::{self, RowView};
use crate::components::{Button, Glyph, Icon};
use crate::hooks::{Follow, Position, use_follow};
use crate::services::scroll;
use crate::state::rows::{Rows, View};

/// Height of a row in pixels; the style has the same.
const ROW: f64 = 36.0;

/// Properties of [`List`].
#[derive(Properties)]
pub struct ListProps {
    /// The diagram.
    pub sequence: Rc<Sequence>,
}

impl PartialEq for ListProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.sequence, &other.sequence)
    }
}

/// The rows in view, the newest last, and what the selected one carries.
#[component]
pub fn List(props: &ListProps) -> Html {
    let sequence = &props.sequence;
    let view = use_state_eq(|| View::of(0.0, 600.0, ROW));
    let selected = use_state_eq(|| None::<Identity>);
    let onmove = use_callback(view.setter(), |Position { following, scroll }, view| {
        view.set(View::of(if following { 0.0 } else { scroll.top }, scroll.height, ROW));
    });
    let (follow, onscroll) = use_follow(&onmove);
    let rows = use_mut_ref(Rows::default);
    let count = sequence.rows.len();
    rows.borrow_mut().draw(*view, follow.following(), sequence.earlier, count);
    let drawn = rows.borrow().clone();
    let chosen = selected.and_then(|selected| sequence.rows.iter().position(|row| row.identity() == selected));
    use_reveal(&follow, chosen.map(|position| drawn.top(position, ROW)), *selected);
    let onnewest = {
        let follow = follow.clone();
        move |_: MouseEvent| follow.resume()
    };
    let onselect = use_callback(selected.clone(), |row: Identity, selected| {
        selected.set((**selected != Some(row)).then_some(row));
    });
    let onkeydown = {
        let (sequence, selected) = (Rc::clone(sequence), selected.clone());
        move |event: KeyboardEvent| {
            let Some(target) = moved(&event.key(), chosen, sequence.rows.len()) else { return };
            event.prevent_default();
            selected.set(target.and_then(|position| sequence.rows.get(position)).map(|row| row.identity()));
        }
    };
    let active = chosen.filter(|position| drawn.drawn.contains(position));
    let entries =
        drawn.drawn.clone().filter_map(|position| Some((position, drawn.key(position), sequence.rows.get(position)?)));
    let entries = entries.map(|(position, key, row)| {
        let index = sequence.earlier + position;
        let time = sequence.elapsed(row);
        html! { <RowView {key} {index} row={Rc::clone(row)} {time} selected={chosen == Some(position)} onselect={&onselect} /> }
    });
    html! {
        <div class={classes!(style(), row::style())}>
            if sequence.earlier > 0 {
                <p class="earlier" data-testid="diagram-earlier">{ format!("… {} earlier", sequence.earlier) }</p>
            }
            <div
                class="scroll"
                data-testid="diagram-rows"
                role="listbox"
                aria-label="What went between host, Registry and guest, oldest first"
                aria-activedescendant={active.map(|position| format!("diagram-row-{}", sequence.earlier + position))}
                tabindex="0"
                ref={&follow.scroller}
                {onscroll}
                {onkeydown}
            >
                <div class="rows" role="presentation" ref={&follow.content}>
                    <Space rows={drawn.space + drawn.drawn.start} />
                    <ol role="presentation">{ for entries }</ol>
                    <Space rows={count - drawn.drawn.end} />
                </div>
            </div>
            if !follow.following() {
                <Button testid="diagram-newest" class="small newest" onclick={onnewest}>
                    <Icon glyph={Glyph::Down} />
                    { "Newest" }
                </Button>
            }
            if let Some(row) = chosen.and_then(|position| sequence.rows.get(position)) {
                <Payload row={Rc::clone(row)} />
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

/// Keeps a newly selected row in view when its payload takes space from the list.
#[hook]
fn use_reveal(follow: &Follow, top: Option<f64>, selected: Option<Identity>) {
    let (follow, before) = (follow.clone(), use_mut_ref(|| None));
    use_effect_with(selected, move |selected| {
        if before.replace(*selected) != *selected {
            follow.look();
        }
        let view = follow.view();
        match top {
            Some(top) if top < view.top => scroll::to(&follow.scroller, top),
            Some(top) if top + ROW > view.top + view.height => scroll::to(&follow.scroller, top + ROW - view.height),
            _ => {}
        }
    });
}

/// The position that a key moves the selection to, of so many: `Some(None)` to none.
fn moved(key: &str, selected: Option<usize>, count: usize) -> Option<Option<usize>> {
    let last = count.checked_sub(1)?;
    let target = match key {
        "ArrowDown" => selected.map_or(last, |at| (at + 1).min(last)),
        "ArrowUp" => selected.map_or(last, |at| at.saturating_sub(1)),
        "Home" => 0,
        "End" => last,
        "Escape" if selected.is_some() => return Some(None),
        _ => return None,
    };
    Some(Some(target))
}

fn style() -> StyleSource {
    css!(
        r#"
        position: relative;
        display: flex;
        flex-direction: column;
        height: clamp(340px, 66dvh, 760px);
        min-height: 0;

        .earlier { padding: 4px 16px; font-size: 12px; color: var(--muted); text-align: center; }
        .scroll {
            position: relative;
            flex: 1 1 0;
            min-height: 160px;
            overflow-y: auto;
            overscroll-behavior: contain;
            overflow-anchor: none;
            contain: strict;
        }
        .scroll:focus-visible { outline-offset: -2px; }
        .rows { padding: 4px 0; }
        .newest {
            position: absolute;
            right: 18px;
            bottom: 12px;
            background: var(--panel);
            box-shadow: 0 2px 8px rgb(0 0 0 / 22%);
        }
        "#
    )
}
