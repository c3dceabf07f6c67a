use registry_client::faults::{Effect, Rule};
use registry_client::interfaces::registry::Operation;
use registry_client::json::Json;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::components::{Button, Glyph, Icon};
use crate::hooks::Session;

/// The effects that can be chosen, with what they are called.
const EFFECTS: [(&str, &str); 8] = [
    ("delay", "delay by 100 to 500 ms"),
    ("delay-long", "delay by 2 to 5 s"),
    ("lose", "lose"),
    ("repeat", "repeat"),
    ("reorder", "let it be overtaken"),
    ("429", "refuse with 429"),
    ("500", "refuse with 500"),
    ("stale", "answer with the last response"),
];

const CALLS: [Operation; 11] = [
    Operation::CreateRoom,
    Operation::GetPublicRoomInfo,
    Operation::JoinRoom,
    Operation::Exchange,
    Operation::PostOffer,
    Operation::PostAnswer,
    Operation::PostCandidate,
    Operation::GetRoom,
    Operation::GetCandidates,
    Operation::ReplaceJoinCode,
    Operation::CloseRoom,
];

/// Properties of [`Rules`].
#[derive(Properties, PartialEq)]
pub struct RulesProps {
    /// The session.
    pub session: Session,
    /// Called when the rules have changed.
    pub onchange: Callback<()>,
}

/// The rules in force, and a form for another.
#[component]
pub fn Rules(props: &RulesProps) -> Html {
    let RulesProps { session, onchange } = props;
    let (effect, call, likely) = (use_node_ref(), use_node_ref(), use_node_ref());
    let onadd = {
        let (session, onchange) = (session.clone(), onchange.clone());
        let (effect, call, likely) = (effect.clone(), call.clone(), likely.clone());
        move |_: MouseEvent| {
            let chosen = |of: &NodeRef| of.cast::<HtmlSelectElement>().map(|select| select.value()).unwrap_or_default();
            let percent = likely.cast::<HtmlInputElement>().map_or(100.0, |input| input.value_as_number());
            if let Some(effect) = effect_of(&chosen(&effect)) {
                let word = chosen(&call);
                let call = CALLS.into_iter().find(|call| call.as_str() == word);
                let probability = if percent.is_nan() { 1.0 } else { (percent / 100.0).clamp(0.0, 1.0) };
                session.faults().add(Rule { call, probability, ..Rule::new(effect) });
                onchange.emit(());
            }
        }
    };
    html! {
        <>
            <div class="row">
                <select ref={effect} data-testid="rule-effect" aria-label="What is done">
                    for (word, title) in EFFECTS {
                        <option key={word} value={word} selected={word == EFFECTS[0].0}>{ title }</option>
                    }
                </select>
                <select ref={call} data-testid="rule-call" aria-label="To which call">
                    <option value="" selected={true}>{ "every call" }</option>
                    for call in CALLS {
                        <option key={call.as_str()} value={call.as_str()}>
                            { format!("{} {}", call.method(), call.path_template()) }
                        </option>
                    }
                </select>
                <label>
                    <input ref={likely} type="number" min="1" max="100" value="100" data-testid="rule-likely" aria-label="How likely, in percent" />
                    { " %" }
                </label>
                <Button testid="rule-add" class="small" onclick={onadd}>{ "Add" }</Button>
            </div>
            <ol>
                for (number, rule) in session.faults().rules() {
                    <li key={number} data-testid="rule">
                        <code>{ Json::of(&rule).as_str().to_owned() }</code>
                        { remove(number, session, onchange) }
                    </li>
                }
            </ol>
        </>
    }
}

fn remove(number: u32, session: &Session, onchange: &Callback<()>) -> Html {
    let (session, onchange) = (session.clone(), onchange.clone());
    let onclick = move |_: MouseEvent| {
        session.faults().remove(number);
        onchange.emit(());
    };
    html! {
        <Button testid="rule-remove" class="small bare" label="Remove the rule" {onclick}><Icon glyph={Glyph::Trash} /></Button>
    }
}

fn effect_of(word: &str) -> Option<Effect> {
    let refuse = |status| Effect::Status { status, retry_after_sec: None };
    Some(match word {
        "delay" => Effect::Delay { ms: [100.0, 500.0] },
        "delay-long" => Effect::Delay { ms: [2_000.0, 5_000.0] },
        "lose" => Effect::Lose,
        "repeat" => Effect::Repeat,
        "reorder" => Effect::Reorder { ms: 1_000.0 },
        "429" => refuse(429),
        "500" => refuse(500),
        "stale" => Effect::Stale,
        _ => return None,
    })
}
