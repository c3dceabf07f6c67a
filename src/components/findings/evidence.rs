use registry_client::Role;
use stylist::{StyleSource, css};
use yew::prelude::*;

use crate::components::Button;
use crate::hooks::Reveal;

/// Properties of [`Evidence`].
#[derive(Properties, PartialEq)]
pub struct EvidenceProps {
    /// Whose the events are.
    pub peer: Option<Role>,
    /// Their numbers.
    pub events: Vec<u64>,
}

/// Links to events in the timeline.
#[component]
pub fn Evidence(props: &EvidenceProps) -> Html {
    let EvidenceProps { peer, events } = props;
    let reveal = use_context::<Reveal>();
    let link = |seq: u64| {
        let onclick = reveal.as_ref().map(|reveal| {
            let (onwant, wanted) = (reveal.onwant.clone(), (*peer, seq));
            Callback::from(move |_: MouseEvent| onwant.emit(wanted))
        });
        html! {
            <Button
                key={seq}
                testid="finding-evidence"
                class="small bare"
                label={format!("Show event {seq} in the timeline")}
                onclick={onclick.unwrap_or_default()}
            >
                { format!("#{seq}") }
            </Button>
        }
    };
    html! {
        <div class={classes!("row", style())}>
            <span class="muted">{ "Seen in" }</span>
            { for events.iter().copied().map(link) }
        </div>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        gap: 2px;
        font-size: 12.5px;

        .button.small {
            min-height: 24px;
            padding: 0 6px;
            font-family: var(--mono);
            font-size: 12.5px;
            color: var(--accent);
            text-decoration: underline;
        }
        "#
    )
}
