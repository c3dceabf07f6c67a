use registry_analysis::Tracks;
use registry_client::faults::{Direction, HeldMessage, Release};
use registry_client::json::Json;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::components::{Button, Line};
use crate::foreign::isolated;
use crate::format;
use crate::hooks::Session;
use crate::services;

/// Properties of [`Held`].
#[derive(Properties, PartialEq)]
pub struct HeldProps {
    /// The session whose messages are held.
    pub faults: Session,
    /// What has been recorded: what is held changes with it.
    pub tracks: Tracks,
    /// Called when a message was released.
    pub onchange: Callback<()>,
}

/// The messages that are held, and what can become of each.
#[component]
pub fn Held(props: &HeldProps) -> Html {
    let HeldProps { faults: session, onchange, .. } = props;
    let edited = use_state_eq(|| None::<u32>);
    let problem = use_state_eq(|| None::<String>);
    let held = session.faults().held();
    let decide = {
        let (session, onchange, problem, edited) =
            (session.clone(), onchange.clone(), problem.setter(), edited.setter());
        Callback::from(move |(number, how): (u32, Release)| {
            match session.faults().release(number, how) {
                Ok(()) => {
                    problem.set(None);
                    edited.set(None);
                }
                Err(reason) => problem.set(Some(reason.to_string())),
            }
            onchange.emit(());
        })
    };
    html! {
        <div aria-live="polite" data-testid="held">
            for (number, message) in held.into_iter().map(|message| (message.number, message)) {
                <Message
                    key={number}
                    edits={*edited == Some(number)}
                    message={Stamped(message)}
                    decide={decide.clone()}
                    onedit={let edited = edited.setter(); move |number| edited.set(Some(number))}
                />
            }
            if let Some(problem) = &*problem {
                <p class="problem" role="alert"><Line text={format::sentence(&isolated(problem))} /></p>
            }
        </div>
    }
}

/// A message, compared by its number: its content never changes.
#[derive(Clone)]
struct Stamped(HeldMessage);

impl PartialEq for Stamped {
    fn eq(&self, other: &Self) -> bool {
        self.0.number == other.0.number
    }
}

#[derive(Properties, PartialEq)]
struct MessageProps {
    message: Stamped,
    edits: bool,
    decide: Callback<(u32, Release)>,
    onedit: Callback<u32>,
}

#[component]
fn Message(props: &MessageProps) -> Html {
    let MessageProps { message: Stamped(message), edits, decide, onedit } = props;
    let number = message.number;
    // What is written stays when the page draws this again.
    let text = use_state(|| None::<String>);
    let button = |testid: &'static str, label: &'static str, how: Release| {
        let onclick = decide.reform(move |_: MouseEvent| (number, how.clone()));
        html! { <Button {testid} class="small" {onclick}>{ label }</Button> }
    };
    let onsend = {
        let (decide, text, content) = (decide.clone(), text.clone(), message.content.clone());
        move |_: MouseEvent| {
            let content = (*text).clone().map(Json::from_text).or_else(|| content.clone());
            if let Some(content) = content {
                decide.emit((number, Release::Edited(content)));
            }
        }
    };
    let oninput = {
        let text = text.setter();
        move |event: InputEvent| text.set(Some(event.target_unchecked_into::<HtmlTextAreaElement>().value()))
    };
    let direction = if message.direction == Direction::Request { "to the Registry" } else { "from the Registry" };
    html! {
        <div class="message" data-testid="held-message" data-carries={message.carries.clone()}>
            <strong>{ format!("#{number} {} {direction}", message.carries) }</strong>
            { format!(" ({} {})", message.call.method(), message.call.path_template()) }
            <div class="row">
                { button("held-release", "Release", Release::AsItIs) }
                if message.content.is_some() {
                    <Button testid="held-edit" class="small" onclick={onedit.reform(move |_: MouseEvent| number)}>{ "Edit" }</Button>
                }
                { button("held-drop", "Drop", Release::Dropped) }
                if message.direction == Direction::Request {
                    { button("held-repeat", "Send twice", Release::Repeated) }
                }
            </div>
            if let Some(content) = message.content.as_ref().filter(|_| *edits) {
                <textarea
                    data-testid="held-content"
                    aria-label="Content"
                    spellcheck="false"
                    value={(*text).clone().unwrap_or_else(|| services::indented_json(content))}
                    {oninput}
                />
                <Button testid="held-send" class="small" onclick={onsend}>{ "Send edited" }</Button>
            }
        </div>
    }
}
