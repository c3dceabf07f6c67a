use stylist::yew::use_style;
use yew::prelude::*;

use super::timeline_row::kind_class;
use crate::services::dom;
use crate::state::{Filter, Kind};

/// Properties of [`TimelineTools`].
#[derive(Properties, PartialEq)]
pub struct TimelineToolsProps {
    /// What is shown.
    pub filter: Filter,
    /// Told a new filter.
    pub onfilter: Callback<Filter>,
}

/// What of the timeline is shown: by words and by kind.
#[component]
pub fn TimelineTools(props: &TimelineToolsProps) -> Html {
    let style = use_style!(
        r#"
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 5px;
        padding: 0 16px 9px;

        .input { flex: 1 1 84px; width: auto; min-width: 0; min-height: 28px; padding: 2px 9px; font-size: 13px; }
        .kind {
            padding: 1px 8px;
            min-height: 24px;
            border: 1px solid var(--tone);
            border-radius: 99px;
            background: none;
            font-size: 12px;
            cursor: pointer;
            color: var(--tone);
        }
        .kind[aria-pressed="false"] { color: var(--muted); border-color: var(--line); text-decoration: line-through; }
    "#
    );
    let deps = (props.filter.clone(), props.onfilter.clone());
    let oninput = use_callback(deps.clone(), |event: InputEvent, (filter, onfilter)| {
        onfilter.emit(filter.with_text(dom::value_of(&event)));
    });
    let toggle = use_callback(deps, |kind: Kind, (filter, onfilter)| onfilter.emit(filter.toggled(kind)));
    html! {
        <div class={style}>
            <input
                class="input"
                type="search"
                data-testid="filter-debug-log"
                aria-label="Filter the timeline by words"
                placeholder="Filter"
                autocomplete="off"
                spellcheck="false"
                value={props.filter.text.clone()}
                {oninput}
            />
            { for Kind::ALL.into_iter().map(|kind| {
                let onclick = toggle.reform(move |_: MouseEvent| kind);
                html! {
                    <button
                        key={kind.word()}
                        type="button"
                        class={classes!("kind", kind_class(kind))}
                        data-testid={format!("filter-kind-{}", kind.word())}
                        aria-pressed={props.filter.shows(kind).to_string()}
                        title={format!("Show or hide: {}", kind.word())}
                        {onclick}
                    >
                        { kind.word() }
                    </button>
                }
            }) }
        </div>
    }
}
