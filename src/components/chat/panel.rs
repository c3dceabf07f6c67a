use std::ops::Range;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::bubble::Bubble;
use super::composer::Composer;
use super::reconnect_bar::ReconnectBar;
use crate::components::{Button, ErrorBox, Foreign};
use crate::foreign::visible;
use crate::hooks::{Follow, Session, use_action, use_follow};
use crate::services;
use crate::state::window::Window;
use crate::state::{ChatMessage, History, Problem, Reconnect};

/// Height of the lowest message and the space around it, in pixels.
const LOWEST: f64 = 40.0;

/// When no message was drawn for this long, there is time to draw the earlier ones, in milliseconds. It is longer than the
/// pauses between drawings.
const QUIET_MS: u32 = 700;

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

/// The conversation. The latest messages are drawn, earlier ones on request.
#[component]
pub fn Chat(props: &ChatProps) -> Html {
    let messages = &props.messages;
    let onmove = use_callback((), |_, ()| {});
    let (follow, onscroll) = use_follow(&onmove);
    let (window, onearlier) = use_window(messages, &follow);
    let onfold = use_callback((), {
        let follow = follow.clone();
        // Do not scroll away from a long message that the user has expanded.
        move |collapsed: bool, ()| {
            if !collapsed {
                follow.stop();
            }
        }
    });
    let oncut = use_action(Session::cut);
    let earlier = window.start - messages.first();
    let drawn = messages.from(window.start).take(window.len());
    let offset = services::local_offset_minutes();
    html! {
        <section
            class={classes!("card", "chat", style())}
            data-testid="chat-interface"
            aria-label={format!("Chat with {}", visible(&props.peer))}
        >
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
                ref={&follow.scroller}
                {onscroll}
            >
                <div ref={&follow.content}>
                    if earlier > 0 {
                        <Button testid="chat-earlier" class="small bare" onclick={onearlier}>
                            { format!("Show earlier messages ({earlier})") }
                        </Button>
                    }
                    if messages.is_empty() {
                        <p class="empty">{ "No messages yet." }</p>
                    }
                    for (index, message) in drawn {
                        <Bubble key={index} {message} {offset} onfold={&onfold} />
                    }
                </div>
            </div>
            <ErrorBox problem={props.problem.clone()} />
            <Composer open={props.open} closing={props.closing} />
        </section>
    }
}

/// The indices of the messages to draw, and what draws earlier ones.
#[hook]
fn use_window(messages: &History<Rc<ChatMessage>>, follow: &Follow) -> (Range<usize>, Callback<MouseEvent>) {
    let (window, redraw) = (use_mut_ref(Window::default), use_force_update());
    let all = messages.first()..messages.end();
    if follow.following() {
        // As many again, to scroll up to.
        let visible = 2 * (follow.view().height / LOWEST) as usize + 4;
        window.borrow_mut().follow(all.clone(), visible);
    } else {
        window.borrow_mut().stay(all.clone());
    }
    let drawn = window.borrow().drawn.clone();
    use_effect_with((drawn.clone(), follow.following()), {
        let (window, redraw, all) = (Rc::clone(&window), redraw.clone(), all.clone());
        move |(_, following): &(_, bool)| {
            let partial = window.borrow().is_partial(&all);
            // There must be something to scroll to.
            let timer = partial.then_some(if *following { QUIET_MS } else { 0 }).map(|ms| {
                Timeout::new(ms, move || {
                    window.borrow_mut().fill(&all);
                    redraw.force_update();
                })
            });
            move || drop(timer)
        }
    });
    let onearlier = {
        let window = Rc::clone(&window);
        Callback::from(move |_| {
            window.borrow_mut().extend(&all);
            redraw.force_update();
        })
    };
    (drawn, onearlier)
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
            overscroll-behavior: contain;
            display: flex;
            flex-direction: column;
            contain: strict;
        }
        .messages > div { flex: 1 0 auto; display: flex; flex-direction: column; gap: 5px; }
        .empty { margin: auto; color: var(--muted); font-size: 14px; }

        @media (min-width: 1100px) {
            flex: 1 0 auto;
            min-height: 260px;
        }
        "#
    )
}
