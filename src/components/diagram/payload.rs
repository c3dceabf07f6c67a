use std::rc::Rc;

use registry_analysis::sequence::Row;
use stylist::{StyleSource, css};
use yew::prelude::*;

use crate::components::Foreign;
use crate::foreign::{Excerpt, escaped_json, excerpt};
use crate::{format, services};

/// Characters shown of what a row carries.
const SHOWN: usize = 20_000;

/// Properties of [`Payload`].
#[derive(Properties, PartialEq)]
pub struct PayloadProps {
    /// The row.
    pub row: Rc<Row>,
}

/// What a row carries: the events that tell of it.
#[component]
pub fn Payload(props: &PayloadProps) -> Html {
    let row = &props.row;
    let text = use_memo(Rc::clone(row), |row| payload(row));
    let quotes = [&row.label.quote, &row.back.as_ref().and_then(|back| back.quote.clone())];
    html! {
        <div class={style()} data-testid="diagram-payload" tabindex="0" role="group" aria-label="Payload">
            <p class="what">{ row.sentence() }</p>
            for quote in quotes.into_iter().flatten() {
                <p key={quote.clone()} class="quote"><Foreign text={quote.clone()} /></p>
            }
            <pre>{ (*text).clone() }</pre>
        </div>
    }
}

fn payload(row: &Row) -> String {
    if row.events.is_empty() {
        return "Nobody here has seen this. It must have happened, since what follows from it was seen.".to_owned();
    }
    let mut text = String::new();
    for entry in &row.events {
        text += &format!("#{} {}\n", entry.seq, entry.event.name());
        text += &services::indented_json(&entry.event.details_json());
        text += "\n";
    }
    let Excerpt { shown, left_out } = excerpt(&text, SHOWN);
    let mut text = escaped_json(shown).into_owned();
    if left_out > 0 {
        text += &format!("…\n({} more characters)", format::thousands(left_out));
    } else if row.more > 0 {
        text += &format!("… and {} more events, which the timeline has", format::thousands(row.more));
    }
    text
}

fn style() -> StyleSource {
    css!(
        r#"
        flex: none;
        max-height: 45%;
        overflow: auto;
        padding: 10px 16px;
        border-top: 1px solid var(--line);
        background: var(--sunken);
        font-size: 12px;

        &:focus-visible { outline-offset: -2px; }
        .what { font-weight: 600; margin-bottom: 4px; }
        .quote { margin-bottom: 4px; }
        pre { margin: 0; font-family: var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; }
        "#
    )
}
