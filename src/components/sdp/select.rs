use stylist::{StyleSource, css};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Properties of [`Select`].
#[derive(Properties, PartialEq)]
pub struct SelectProps {
    /// `data-testid`.
    pub testid: &'static str,
    /// Its accessible name.
    pub label: &'static str,
    /// What can be chosen.
    pub options: Vec<AttrValue>,
    /// The index of what is chosen.
    pub chosen: usize,
    /// Called with the index of another choice.
    pub onchoose: Callback<usize>,
}

/// A choice of one of several.
#[component]
pub fn Select(props: &SelectProps) -> Html {
    let SelectProps { testid, label, options, chosen, onchoose } = props;
    let onchange = onchoose.reform(|event: Event| {
        let select: Option<HtmlSelectElement> = event.target_dyn_into();
        select.map_or(0, |select| select.selected_index().max(0) as usize)
    });
    html! {
        <select class={style()} data-testid={*testid} aria-label={*label} {onchange}>
            for (index, option) in options.iter().enumerate() {
                <option key={index} selected={index == *chosen}>{ option }</option>
            }
        </select>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        min-height: 28px;
        max-width: 100%;
        padding: 2px 6px;
        border: 1px solid var(--edge);
        border-radius: var(--radius);
        background: var(--panel);
        color: inherit;
        font: inherit;
        font-size: 13px;
        "#
    )
}
