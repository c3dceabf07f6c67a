use std::rc::Rc;

use yew::prelude::*;

use super::fact::Fact;
use crate::state::facts::Facts;

/// Properties of [`RtcFacts`].
#[derive(Properties, PartialEq)]
pub struct RtcFactsProps {
    /// The facts about the current attempt.
    pub facts: Rc<Facts>,
}

/// The states of the peer connection.
#[component]
pub fn RtcFacts(props: &RtcFactsProps) -> Html {
    let facts = &props.facts;
    let rtc = &facts.rtc;
    let states = [
        ("signaling-state", "signalling", rtc.signaling_state.map(|state| state.as_str())),
        ("ice-gathering-state", "gathering", rtc.ice_gathering_state.map(|state| state.as_str())),
        ("ice-connection-state", "ICE", rtc.ice_connection_state.map(|state| state.as_str())),
        ("connection-state", "connection", rtc.connection_state.map(|state| state.as_str())),
        ("data-channel-state", "data channel", rtc.data_channel_state.map(|state| state.as_str())),
    ];
    html! {
        for (testid, name, state) in states {
            <Fact key={testid} {testid} {name} value={state} tone={rtc_tone(state)} />
        }
    }
}

fn rtc_tone(state: Option<&str>) -> &'static str {
    match state {
        Some("connected" | "completed" | "complete" | "open") => "tone-good",
        Some("checking" | "connecting" | "gathering" | "have-local-offer" | "have-remote-offer") => "tone-busy",
        Some("disconnected" | "closing") => "tone-warn",
        Some("failed") => "tone-bad",
        _ => "tone-plain",
    }
}
