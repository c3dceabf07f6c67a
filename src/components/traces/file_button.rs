use stylist::{StyleSource, css};
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use crate::components::button;
use crate::services::download;

/// Properties of [`FileButton`].
#[derive(Properties, PartialEq)]
pub struct FileButtonProps {
    /// `data-testid` of the input.
    pub testid: &'static str,
    /// What the button says.
    pub label: &'static str,
    /// Called with the file that was chosen.
    pub onfile: Callback<File>,
}

/// A button that lets the user choose a JSON file.
#[component]
pub fn FileButton(props: &FileButtonProps) -> Html {
    let FileButtonProps { testid, label, onfile } = props;
    let onfile = onfile.clone();
    let onchange = move |event: Event| {
        if let Some(file) = download::chosen(&event.target_unchecked_into::<HtmlInputElement>()) {
            onfile.emit(file);
        }
    };
    html! {
        <label class={classes!("button", button::style(), "small", style())}>
            <input type="file" class="unseen" accept=".json,application/json" data-testid={*testid} {onchange} />
            { *label }
        </label>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        position: relative;
        cursor: pointer;

        &:focus-within { outline: 2px solid var(--accent); outline-offset: 1px; }
        "#
    )
}
