use stylist::{StyleSource, css};
use yew::prelude::*;

use crate::components::Line;

/// Properties of [`Fact`].
#[derive(Properties, PartialEq)]
pub struct FactProps {
    /// `data-testid` of the value.
    pub testid: &'static str,
    /// The name.
    pub name: &'static str,
    /// The value, in which what comes from elsewhere is [`crate::foreign::isolated`]; `None` is shown as a dash.
    pub value: Option<AttrValue>,
    /// The class for the colour of a value.
    #[prop_or("tone-plain")]
    pub tone: &'static str,
}

/// A name and a value on a line.
#[component]
pub fn Fact(props: &FactProps) -> Html {
    let tone = if props.value.is_some() { props.tone } else { "none" };
    html! {
        <div class={classes!(style(), tone)}>
            <dt>{ props.name }</dt>
            <dd data-testid={props.testid}><Line text={props.value.clone().unwrap_or(AttrValue::Static("–"))} /></dd>
        </div>
    }
}

/// Shared with the line for the room's expiry.
pub fn style() -> StyleSource {
    css!(
        r#"
        display: flex;
        align-items: baseline;
        justify-content: space-between;
        gap: 10px;
        padding: 2px 0;
        border-bottom: 1px dotted var(--line);
        font-size: 13px;

        dt { color: var(--muted); white-space: nowrap; }
        dd {
            min-width: 0;
            font-family: var(--mono);
            font-size: 12.5px;
            font-variant-numeric: tabular-nums;
            text-align: right;
            color: var(--tone);
        }
        &.none dd { color: var(--muted); }
        "#
    )
}
