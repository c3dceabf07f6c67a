use std::rc::Rc;

use stylist::{StyleSource, css};
use yew::prelude::*;

use crate::components::foreign_text;
use crate::format;
use crate::state::ChatMessage;
use crate::state::chat::Content;

/// Properties of [`Bubble`].
#[derive(Properties)]
pub struct BubbleProps {
    /// The message.
    pub message: Rc<ChatMessage>,
    /// Minutes by which local time is ahead of UTC.
    pub offset: f64,
    /// Called with `true` when the user collapses the message and with `false` when they expand it.
    pub onfold: Callback<bool>,
}

impl PartialEq for BubbleProps {
    fn eq(&self, other: &Self) -> bool {
        // A message that changes is a new one.
        Rc::ptr_eq(&self.message, &other.message) && self.onfold == other.onfold
    }
}

/// One message.
#[component]
pub fn Bubble(props: &BubbleProps) -> Html {
    let BubbleProps { message, offset, onfold } = props;
    let sender = if message.own { "self" } else { "peer" };
    let Content { text, lost, json } = message.content();
    let time = format::time_of_day(message.epoch_ms, *offset);
    html! {
        <div
            class={classes!("message", sender, json.then_some("json"), style())}
            data-testid="chat-message"
            data-sender={sender}
            data-delivery={message.own.then(|| message.delivery.word())}
            title={message.own.then(|| message.delivery.sentence())}
        >
            <span class="unseen">{ if message.own { "You: " } else { "Peer: " } }</span>
            { foreign_text(text, *lost, "the message", onfold) }
            <span class="time mono" aria-hidden="true">{ time[..5].to_owned() }</span>
        </div>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        max-width: 88%;
        padding: 5px 11px 6px;
        border-radius: 11px 11px 11px 3px;
        background: var(--sunken);
        border: 1px solid var(--line);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        align-self: flex-start;
        contain: content;

        &.self {
            align-self: flex-end;
            border-radius: 11px 11px 3px 11px;
            background: var(--accent-soft);
            border-color: color-mix(in srgb, var(--accent) 30%, transparent);
        }
        &:has(.folds) { max-width: 96%; }
        &.json { font-family: var(--mono); font-size: 13px; }
        .time { float: right; margin: 6px -3px -4px 12px; font-size: 10.5px; color: var(--muted); }
        &[data-delivery] .time::after { content: " ✓"; }
        &[data-delivery="waiting"] { border-style: dashed; }
        &[data-delivery="waiting"] .time::after { content: " …"; }
        &[data-delivery="delivered"] .time::after { content: " ✓✓"; color: var(--good); }
        &[data-delivery="lost"] { border-color: var(--bad); background: var(--bad-soft); }
        &[data-delivery="lost"] .time::after { content: " not delivered"; color: var(--bad); }
        "#
    )
}
