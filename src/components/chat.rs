use std::rc::Rc;

use stylist::yew::use_style;
use yew::prelude::*;

use super::{Button, ErrorBox, Glyph, Icon};
use crate::format;
use crate::hooks::use_session;
use crate::services::{self, dom};
use crate::state::{ChatMessage, History, Problem};

/// How many messages are drawn at first, and how many more each time they are asked for.
const WINDOW: usize = 200;

/// Properties of [`Chat`].
#[derive(Properties, PartialEq)]
pub struct ChatProps {
    /// The conversation.
    pub messages: History<Rc<ChatMessage>>,
    /// Whether messages can be sent now.
    pub open: bool,
    /// What the other side calls itself.
    pub peer: AttrValue,
    /// Why the last message was not sent.
    pub problem: Option<Rc<Problem>>,
}

/// The conversation: the latest messages are drawn, earlier ones when they are asked for.
#[component]
pub fn Chat(props: &ChatProps) -> Html {
    let style = use_style!(
        r#"
        display: flex;
        flex-direction: column;
        gap: 10px;
        height: 440px;
        min-height: 260px;

        .messages {
            flex: 1 1 0;
            min-height: 150px;
            overflow-y: auto;
            display: flex;
            flex-direction: column;
            gap: 5px;
            overscroll-behavior: contain;
        }
        .empty { margin: auto; color: var(--muted); font-size: 14px; }
        .message {
            max-width: 88%;
            padding: 5px 11px 6px;
            border-radius: 11px 11px 11px 3px;
            background: var(--sunken);
            border: 1px solid var(--line);
            white-space: pre-wrap;
            overflow-wrap: anywhere;
            align-self: flex-start;
        }
        .message.self {
            align-self: flex-end;
            border-radius: 11px 11px 3px 11px;
            background: var(--accent-soft);
            border-color: color-mix(in srgb, var(--accent) 30%, transparent);
        }
        .json { font-family: var(--mono); font-size: 13px; }
        .time { float: right; margin: 6px -3px -4px 12px; font-size: 10.5px; color: var(--muted); }
        form { display: flex; gap: 8px; }
        @media (min-width: 1100px) { & { height: auto; flex: 1 0 260px; } }
    "#
    );
    let list = use_node_ref();
    let follow = use_mut_ref(|| (true, 0.0));
    let extent = use_state(|| WINDOW);
    let messages = &props.messages;
    use_effect_with((messages.clone(), list.clone()), {
        let follow = follow.clone();
        move |(_, list)| {
            if follow.borrow().0 {
                dom::scroll_to_end(list);
            }
        }
    });
    let onscroll = use_callback(list.clone(), move |_: Event, list| {
        if let Some(scroll) = dom::scroll_of(list) {
            // Only a person scrolls upwards; a list that grows or shrinks is followed on.
            let (following, top) = *follow.borrow();
            follow.replace((scroll.at_end() || (following && scroll.top >= top), scroll.top));
        }
    });
    let earlier = use_callback(extent.clone(), |(), extent| extent.set(**extent + WINDOW));
    let start = messages.end().saturating_sub(*extent).max(messages.first());
    let offset = services::local_offset_minutes();
    html! {
        <section class={classes!("card", style)} data-testid="chat-interface" aria-labelledby="chat-title">
            <h2 id="chat-title" class="eyebrow">{ format!("Chat with {}", props.peer) }</h2>
            <div
                class="messages"
                data-testid="chat-messages"
                role="log"
                aria-live="polite"
                aria-label="Messages"
                tabindex="0"
                ref={list}
                {onscroll}
            >
                if start > messages.first() {
                    <Button testid="chat-earlier" class="small bare" onclick={earlier}>
                        { format!("Show earlier messages ({})", start - messages.first()) }
                    </Button>
                }
                if messages.is_empty() {
                    <p class="empty">{ "Nothing said yet." }</p>
                }
                { for messages.from(start).map(|(index, message)| bubble(index, message, offset)) }
            </div>
            <ErrorBox problem={props.problem.clone()} />
            <Composer open={props.open} />
        </section>
    }
}

fn bubble(index: usize, message: &ChatMessage, offset: f64) -> Html {
    let sender = if message.own { "self" } else { "peer" };
    let time = format::time_of_day(message.epoch_ms, offset);
    html! {
        <div
            key={index}
            class={classes!("message", sender, message.json.then_some("json"))}
            data-testid="chat-message"
            data-sender={sender}
        >
            <span class="unseen">{ if message.own { "You: " } else { "Peer: " } }</span>
            { AttrValue::Rc(Rc::clone(&message.text)) }
            <span class="time mono" aria-hidden="true">{ time[..5].to_owned() }</span>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ComposerProps {
    open: bool,
}

/// Where a message is written.
#[component]
fn Composer(props: &ComposerProps) -> Html {
    let session = use_session();
    let draft = use_state(String::new);
    let field = use_node_ref();
    use_effect_with((props.open, field.clone()), |(open, field)| {
        if *open {
            dom::focus_if_lost(field);
        }
    });
    let onsubmit = use_callback((session, draft.clone()), |event: SubmitEvent, (session, draft)| {
        event.prevent_default();
        if !draft.trim().is_empty() && session.send(draft) {
            draft.set(String::new());
        }
    });
    let oninput = use_callback(draft.setter(), |event: InputEvent, draft| draft.set(dom::value_of(&event)));
    html! {
        <form {onsubmit}>
            <input
                class="input"
                data-testid="chat-input"
                aria-label="Message"
                placeholder={if props.open { "Write a message" } else { "Not connected" }}
                autocomplete="off"
                disabled={!props.open}
                value={(*draft).clone()}
                ref={field}
                {oninput}
            />
            <Button testid="send-message-btn" class="primary" submit=true disabled={!props.open}>
                <Icon glyph={Glyph::Send} />
                { "Send" }
            </Button>
        </form>
    }
}
