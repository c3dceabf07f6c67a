use std::rc::Rc;

use registry_client::RoomLife;
use registry_client::event::DescriptionStep;
use yew::prelude::*;

use super::fact::{self, Fact};
use crate::components::Countdown;
use crate::foreign::isolated;
use crate::format;
use crate::state::facts::{Description, Facts};

/// Properties of [`RoomFacts`].
#[derive(Properties, PartialEq)]
pub struct RoomFactsProps {
    /// The facts about the current attempt.
    pub facts: Rc<Facts>,
    /// How long the room lives.
    pub life: RoomLife,
}

/// The room and the two descriptions.
#[component]
pub fn RoomFacts(props: &RoomFactsProps) -> Html {
    let RoomFactsProps { facts, life } = props;
    let life = *life;
    let status = facts.room_status.as_deref().map(|status| isolated(status).into_owned());
    html! {
        <>
            <Fact testid="room-status" name="status" value={status} />
            if life == RoomLife::Unknown {
                <Fact testid="room-expiry" name="expires" value={None::<AttrValue>} />
            } else {
                <div class={fact::style()}><dt>{ "expires" }</dt><dd><Countdown testid="room-expiry" {life} /></dd></div>
            }
            <Fact testid="offer-state" name="offer" value={description(facts.offer)} tone="tone-good" />
            <Fact testid="answer-state" name="answer" value={description(facts.answer)} tone="tone-good" />
        </>
    }
}

fn description(description: Description) -> Option<String> {
    let step = match description.step {
        Some(DescriptionStep::Created) => "created",
        Some(DescriptionStep::Set) => "set",
        Some(DescriptionStep::Posted) => "posted",
        Some(DescriptionStep::Received) => "received",
        Some(DescriptionStep::Applied) => "applied",
        None if description.in_room => "in the room",
        None => return None,
    };
    let size = if description.bytes > 0 { format!(", {}", format::bytes(description.bytes)) } else { String::new() };
    Some(format!("{step}{size}"))
}
