use yew::prelude::*;

use super::button::yes_or_no;
use super::timeline_row::kind_class;
use crate::markup::{classes, markup};
use crate::services::dom;
use crate::state::{Filter, Kind};

/// What of the timeline is shown: by words and by kind. `onfilter` is told a new filter.
pub fn timeline_tools(filter: &Filter, onfilter: &Callback<Filter>) -> Html {
    let oninput = {
        let filter = filter.clone();
        onfilter.reform(move |event: InputEvent| filter.with_text(dom::value_of(&event)))
    };
    markup! {
        <div class="tools">
            <input
                class="input"
                type="search"
                data-testid="filter-debug-log"
                aria-label="Filter the timeline by words"
                placeholder="Filter"
                autocomplete="off"
                spellcheck="false"
                value={filter.text.clone()}
                oninput={oninput}
            />
            { Kind::ALL.into_iter().map(|kind| toggle(kind, filter, onfilter)).collect::<Html>() }
        </div>
    }
}

fn toggle(kind: Kind, filter: &Filter, onfilter: &Callback<Filter>) -> Html {
    let toggled = filter.toggled(kind);
    markup! {
        <button
            key={kind.word()}
            type="button"
            class={classes(&["kind", kind_class(kind)])}
            data-testid={format!("filter-kind-{}", kind.word())}
            aria-pressed={yes_or_no(filter.shows(kind))}
            title={format!("Show or hide: {}", kind.word())}
            onclick={onfilter.reform(move |_: MouseEvent| toggled.clone())}
        >
            { kind.word() }
        </button>
    }
}
