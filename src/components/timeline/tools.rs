use stylist::{StyleSource, css};
use yew::prelude::*;

use super::kind_class;
use crate::components::Input;
use crate::state::{Filter, Kind};

/// Properties of [`Tools`].
#[derive(Properties, PartialEq)]
pub struct ToolsProps {
    /// The current filter.
    pub filter: Filter,
    /// Called with a new filter.
    pub onfilter: Callback<Filter>,
}

/// Filters the timeline by text and by kind.
#[component]
pub fn Tools(props: &ToolsProps) -> Html {
    let ToolsProps { filter, onfilter } = props;
    let oninput = {
        let filter = filter.clone();
        onfilter.reform(move |text| filter.with_text(text))
    };
    let toggle = |kind| {
        let toggled = filter.toggled(kind);
        onfilter.reform(move |_: MouseEvent| toggled.clone())
    };
    html! {
        <div class={style()}>
            <Input
                testid="filter-debug-log"
                kind="search"
                label="Filter the timeline by text"
                placeholder="Filter"
                value={filter.text.clone()}
                {oninput}
            />
            for kind in Kind::ALL {
                <button
                    key={kind.word()}
                    type="button"
                    class={classes!("kind", kind_class(kind))}
                    data-testid={format!("filter-kind-{}", kind.word())}
                    aria-pressed={filter.shows(kind).to_string()}
                    title={format!("Show or hide: {}", kind.word())}
                    onclick={toggle(kind)}
                >
                    { kind.word() }
                </button>
            }
        </div>
    }
}

fn style() -> StyleSource {
    css!(
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
    )
}
