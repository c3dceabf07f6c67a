use stylist::{StyleSource, css};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::components::{Button, Line};
use crate::foreign::isolated;
use crate::format;
use crate::hooks::OpenedHandle;
use crate::state::Opened;

/// Properties of [`Banner`].
#[derive(Properties, PartialEq)]
pub struct BannerProps {
    /// The trace that was opened, if any.
    pub opened: OpenedHandle,
}

/// Says that a trace from a file is shown in place of the live one, moves through it, and leads back.
#[component]
pub fn Banner(props: &BannerProps) -> Html {
    let opened = &props.opened;
    let Some(Opened { name, until_ms, .. }) = opened.get() else { return Html::default() };
    let length_ms = opened.get().map(Opened::length_ms).unwrap_or_default();
    let oninput = {
        let opened = opened.clone();
        move |event: InputEvent| opened.until(event.target_unchecked_into::<HtmlInputElement>().value_as_number())
    };
    let onback = {
        let opened = opened.clone();
        move |_: MouseEvent| opened.close()
    };
    html! {
        <section class={classes!("card", style())} data-testid="opened-trace" aria-label="Opened trace">
            <p><strong>{ "Looking at " }<Line text={isolated(name).into_owned()} /></strong></p>
            <Button testid="back-to-live" class="small" onclick={onback}>{ "Back to live" }</Button>
            <label class="scrub">
                <span class="unseen">{ "Up to" }</span>
                <input
                    type="range"
                    data-testid="scrub"
                    min="0"
                    max={length_ms.ceil().to_string()}
                    step="1"
                    value={until_ms.to_string()}
                    {oninput}
                />
                <span class="mono">{ format!("{} of {}", format::duration(*until_ms), format::duration(length_ms)) }</span>
            </label>
        </section>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 12px;
        border-color: var(--accent);

        p { flex: 1 1 12em; min-width: 0; }
        .scrub { flex: 1 0 100%; display: flex; align-items: center; gap: 10px; font-size: 12.5px; }
        .scrub input { flex: 1; min-width: 0; accent-color: var(--accent); }
        "#
    )
}
