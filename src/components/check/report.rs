use stylist::{StyleSource, css};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::check::Check;
use crate::components::{Button, CopyButton};
use crate::services::{check, download, indented_json};

/// Properties of [`ReportTools`].
#[derive(Properties, PartialEq)]
pub struct ReportToolsProps {
    /// The check.
    pub check: Check,
}

/// Copies and saves the report, with or without addresses.
#[component]
pub fn ReportTools(props: &ReportToolsProps) -> Html {
    let with_addresses = use_state_eq(|| false);
    let running = !props.check.is_over();
    let text = use_callback((props.check.clone(), *with_addresses), |(), (check, with_addresses)| {
        indented_json(&check.report(&check::circumstances(), *with_addresses))
    });
    let onsave = {
        let text = text.clone();
        move |_: MouseEvent| download::save("registry-harness-check.json", "application/json", &text.emit(()))
    };
    let onaddresses = {
        let with_addresses = with_addresses.setter();
        move |event: Event| with_addresses.set(event.target_unchecked_into::<HtmlInputElement>().checked())
    };
    html! {
        <div class={style()}>
            <CopyButton
                testid="copy-check-report"
                what="the report as JSON"
                label="Copy report"
                disabled={running}
                {text}
            />
            <Button testid="download-check-report" class="small" disabled={running} onclick={onsave}>{ "Save report" }</Button>
            <label>
                <input
                    type="checkbox"
                    data-testid="check-addresses"
                    checked={*with_addresses}
                    onchange={onaddresses}
                />
                { "with addresses" }
            </label>
        </div>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        display: contents;

        label { display: flex; gap: 6px; align-items: baseline; font-size: 13px; cursor: pointer; }
        "#
    )
}
