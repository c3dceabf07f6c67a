use stylist::{StyleSource, css};
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::state::View;

/// Properties of [`TabBar`].
#[derive(Properties, PartialEq)]
pub struct TabBarProps {
    /// Prefix of ids, where a page has more than one.
    pub scope: &'static str,
    /// The view that is shown.
    pub view: View,
    /// Called with the view to show.
    pub onview: Callback<View>,
}

/// The tabs of the views (ARIA *tabs* pattern): arrow keys move between them.
#[component]
pub fn TabBar(props: &TabBarProps) -> Html {
    let TabBarProps { scope, view, onview } = props;
    let (current, list) = (*view, use_node_ref());
    let onkeydown = {
        let (list, onview) = (list.clone(), onview.clone());
        Callback::from(move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowRight" => current.moved(1),
                "ArrowLeft" => current.moved(-1),
                "Home" => View::ALL[0],
                "End" => View::ALL[0].moved(-1),
                _ => return,
            };
            event.prevent_default();
            onview.emit(next);
            let tab =
                list.get().and_then(|list| list.child_nodes().get(View::ALL.iter().position(|v| *v == next)? as u32));
            if let Some(tab) = tab.and_then(|tab| wasm_bindgen::JsCast::dyn_into::<HtmlElement>(tab).ok()) {
                let _ = tab.focus();
            }
        })
    };
    html! {
        <div class={style()} role="tablist" aria-label="Views" ref={list} {onkeydown}>
            for view in View::ALL {
                <button
                    key={view.word()}
                    type="button"
                    role="tab"
                    id={format!("{scope}tab-{}", view.word())}
                    data-testid={format!("tab-{}", view.word())}
                    aria-selected={(view == current).to_string()}
                    aria-controls={format!("{scope}view")}
                    tabindex={if view == current { "0" } else { "-1" }}
                    onclick={onview.reform(move |_| view)}
                >
                    { view.title() }
                </button>
            }
        </div>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        display: flex;
        justify-content: space-between;
        flex: none;
        overflow-x: auto;
        scrollbar-width: none;
        border-bottom: 1px solid var(--line);

        button {
            flex: none;
            padding: 7px 4px 6px;
            border: 0;
            border-bottom: 2px solid transparent;
            background: none;
            font: inherit;
            font-size: 12px;
            font-weight: 600;
            color: var(--muted);
            cursor: pointer;
        }
        button[aria-selected="true"] { color: var(--ink); border-bottom-color: var(--accent); }
        button:hover { color: var(--ink); }
        button:focus-visible { outline-offset: -2px; }
        "#
    )
}
