use std::rc::Rc;

use stylist::{StyleSource, css};
use yew::prelude::*;

use super::bubble::Bubble;
use super::composer::Composer;
use super::reconnect_bar::ReconnectBar;
use crate::components::{Button, ErrorBox, Foreign};
use crate::hooks::{Session, use_action};
use crate::services;
use crate::services::scroll::{self, Scroll};
use crate::state::{ChatMessage, History, Problem, Reconnect};

/// How many messages are drawn at first, and how many more on each request.
const WINDOW: usize = 200;

/// Properties of [`Chat`].
#[derive(Properties, PartialEq)]
pub struct ChatProps {
    /// The conversation.
    pub messages: History<Rc<ChatMessage>>,
    /// Whether messages can be sent now.
    pub open: bool,
    /// Whether the room is closing.
    #[prop_or_default]
    pub closing: bool,
    /// Whether there is a connection that can be cut on purpose.
    #[prop_or_default]
    pub can_cut: bool,
    /// The recovery of a lost connection.
    #[prop_or_default]
    pub reconnect: Option<Reconnect>,
    /// The peer's name.
    pub peer: AttrValue,
    /// Why the last message was not sent.
    pub problem: Option<Rc<Problem>>,
}

/// Whether the list of messages follows the newest one, and where the page itself has scrolled it to.
#[derive(Clone, Copy)]
struct Follow {
    following: bool,
    scrolled_to: f64,
}

/// The conversation. The latest messages are drawn, earlier ones on request.
#[component]
pub fn Chat(props: &ChatProps) -> Html {
    let messages = &props.messages;
    let list = use_node_ref();
    let follow = use_mut_ref(|| Follow { following: true, scrolled_to: 0.0 });
    let extent = use_state(|| WINDOW);
    use_effect_with(messages.clone(), {
        let (list, follow) = (list.clone(), follow.clone());
        move |_| {
            let mut follow = follow.borrow_mut();
            if follow.following {
                scroll::to_end(&list);
                follow.scrolled_to = Scroll::of(&list).map_or(0.0, |scroll| scroll.top);
            }
        }
    });
    let onscroll = {
        let (list, follow) = (list.clone(), follow.clone());
        use_callback((), move |_: Event, ()| {
            let mut follow = follow.borrow_mut();
            // The event for the page's own scrolling arrives late, and is not the user's.
            if let Some(now) = Scroll::of(&list).filter(|now| now.top != follow.scrolled_to) {
                // Only the user scrolls up; a list that grows or shrinks keeps following.
                follow.following = now.at_end() || (follow.following && now.top > follow.scrolled_to);
                follow.scrolled_to = now.top;
            }
        })
    };
    // Do not scroll away from a long message that the user has expanded.
    let onfold = use_callback((), move |collapsed: bool, ()| follow.borrow_mut().following &= collapsed);
    let onearlier = use_callback(extent.clone(), |_: MouseEvent, extent| extent.set(**extent + WINDOW));
    let oncut = use_action(Session::cut);
    let start = messages.end().saturating_sub(*extent).max(messages.first());
    let offset = services::local_offset_minutes();
    html! {
        <section class={classes!("card", "chat", style())} data-testid="chat-interface" aria-label="Chat">
            <div class="head">
                <h2 class="eyebrow">{ "Chat with " }<Foreign text={&props.peer} /></h2>
                if props.can_cut {
                    <Button testid="cut-connection-btn" class="small bare" onclick={oncut}>{ "Cut the connection" }</Button>
                }
            </div>
            if let Some(reconnect) = props.reconnect {
                <ReconnectBar {reconnect} />
            }
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
                    <Button testid="chat-earlier" class="small bare" onclick={onearlier}>
                        { format!("Show earlier messages ({})", start - messages.first()) }
                    </Button>
                }
                if messages.is_empty() {
                    <p class="empty">{ "No messages yet." }</p>
                }
                for (index, message) in messages.from(start) {
                    <Bubble key={index} {message} {offset} onfold={&onfold} />
                }
            </div>
            <ErrorBox problem={props.problem.clone()} />
            <Composer open={props.open} closing={props.closing} />
        </section>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        display: flex;
        flex-direction: column;
        gap: 10px;
        min-height: 440px;

        .head { display: flex; align-items: center; justify-content: space-between; gap: 8px; min-height: 26px; }
        .messages {
            flex: 1 1 auto;
            height: 0;
            min-height: 150px;
            overflow-y: auto;
            display: flex;
            flex-direction: column;
            gap: 5px;
            overscroll-behavior: contain;
        }
        .empty { margin: auto; color: var(--muted); font-size: 14px; }

        @media (min-width: 1100px) {
            flex: 1 0 auto;
            min-height: 260px;
        }
        "#
    )
}
