use std::rc::Rc;

use yew::prelude::*;

use super::{Button, Glyph, error_box, foreign, icon, reconnect_bar, said};
use crate::format;
use crate::hooks::{Session, use_effect_on};
use crate::markup::{classes, markup};
use crate::services::{self, dom};
use crate::state::{ChatMessage, History, Problem, Reconnect};

/// How many messages are drawn at first, and how many more each time they are asked for.
const WINDOW: usize = 200;

/// Properties of [`Chat`].
#[derive(Properties, PartialEq)]
pub struct ChatProps {
    /// What a control does.
    pub session: Session,
    /// The conversation.
    pub messages: History<Rc<ChatMessage>>,
    /// Whether messages are taken now.
    pub open: bool,
    /// Whether there is a connection that can be broken on purpose.
    #[prop_or_default]
    pub can_cut: bool,
    /// What is done about a lost connection.
    #[prop_or_default]
    pub reconnect: Option<Reconnect>,
    /// What the other side calls itself.
    pub peer: AttrValue,
    /// Why the last message was not sent.
    pub problem: Option<Rc<Problem>>,
}

/// The conversation: the latest messages are drawn, earlier ones when they are asked for.
#[component]
pub fn Chat(props: &ChatProps) -> Html {
    let list = use_node_ref();
    let follow = use_mut_ref(|| (true, 0.0));
    let extent = use_state(|| WINDOW);
    let messages = &props.messages;
    use_effect_on((messages.clone(), list.clone()), {
        let follow = follow.clone();
        move |(_, list)| {
            if follow.borrow().0 {
                dom::scroll_to_end(list);
                follow.borrow_mut().1 = dom::scroll_of(list).map_or(0.0, |scroll| scroll.top);
            }
        }
    });
    let onscroll = {
        let (list, follow) = (list.clone(), follow.clone());
        Callback::from(move |_: Event| {
            if let Some(scroll) = dom::scroll_of(&list) {
                // Only a person scrolls upwards; a list that grows or shrinks is followed on.
                let (following, top) = *follow.borrow();
                // What the page itself has scrolled is told late, and says nothing.
                if scroll.top != top {
                    follow.replace((scroll.at_end() || (following && scroll.top > top), scroll.top));
                }
            }
        })
    };
    // Whoever reads a long message is left to it.
    let onfold = use_callback((), move |folded: bool, ()| follow.borrow_mut().0 &= folded);
    let earlier = Button {
        testid: "chat-earlier".into(),
        class: "small bare",
        onclick: Some({
            let extent = extent.clone();
            Callback::from(move |_| extent.set(*extent + WINDOW))
        }),
        ..Button::default()
    };
    let cut = Button {
        testid: "cut-connection-btn".into(),
        class: "small bare",
        onclick: Some(props.session.on(Session::cut)),
        ..Button::default()
    };
    let start = messages.end().saturating_sub(*extent).max(messages.first());
    let offset = services::local_offset_minutes();
    let more = (start > messages.first())
        .then(|| earlier.html(format!("Show earlier messages ({})", start - messages.first()).into()));
    markup! {
        <section class="card chat" data-testid="chat-interface" aria-label="Chat">
            <div class="head">
                <h2 class="eyebrow">{ "Chat with " }{ foreign(&props.peer) }</h2>
                { props.can_cut.then(|| cut.html("Cut the connection".into())) }
            </div>
            { props.reconnect.map(reconnect_bar) }
            <div
                class="messages"
                data-testid="chat-messages"
                role="log"
                aria-live="polite"
                aria-label="Messages"
                tabindex="0"
                ref={list}
                onscroll={onscroll}
            >
                { more }
                { messages.is_empty().then(|| markup! { <p class="empty">{ "Nothing said yet." }</p> }) }
                { messages.from(start).map(|(index, message)| bubble(index, message, offset, &onfold)).collect::<Html>() }
            </div>
            { error_box(&props.session, props.problem.as_ref(), false, &Callback::noop()) }
            { html! { <Composer session={props.session.clone()} open={props.open} /> } }
        </section>
    }
}

fn bubble(index: usize, message: &ChatMessage, offset: f64, onfold: &Callback<bool>) -> Html {
    let sender = if message.own { "self" } else { "peer" };
    let time = format::time_of_day(message.epoch_ms, offset);
    markup! {
        <div
            key={index.to_string()}
            class={classes(&["message", sender, if message.json { "json" } else { "" }])}
            data-testid="chat-message"
            data-sender={sender}
            data-delivery={message.own.then(|| message.delivery.word())}
            title={message.own.then(|| message.delivery.sentence())}
        >
            <span class="unseen">{ if message.own { "You: " } else { "Peer: " } }</span>
            { said(&message.text, message.lost, "the message", onfold) }
            <span class="time mono" aria-hidden="true">{ time[..5].to_owned() }</span>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ComposerProps {
    session: Session,
    open: bool,
}

/// Where a message is written.
#[component]
fn Composer(props: &ComposerProps) -> Html {
    let draft = use_state(String::new);
    let field = use_node_ref();
    use_effect_on((props.open, field.clone()), |(open, field)| {
        if *open {
            dom::focus_if_lost(field);
        }
    });
    let onsubmit = {
        let (session, draft) = (props.session.clone(), draft.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            if !draft.trim().is_empty() && session.send(&draft) {
                draft.set(String::new());
            }
        }
    };
    let oninput = {
        let draft = draft.setter();
        move |event: InputEvent| draft.set(dom::value_of(&event))
    };
    let send = Button {
        testid: "send-message-btn".into(),
        class: "primary",
        submit: true,
        disabled: !props.open,
        ..Button::default()
    };
    markup! {
        <form onsubmit={Callback::from(onsubmit)}>
            <input
                class="input"
                data-testid="chat-input"
                aria-label="Message"
                dir="auto"
                placeholder={if props.open { "Write a message" } else { "Not connected" }}
                autocomplete="off"
                disabled={!props.open}
                value={(*draft).clone()}
                ref={field}
                oninput={Callback::from(oninput)}
            />
            { send.html(markup! { { icon(Glyph::Send) }{ "Send" } }) }
        </form>
    }
}
