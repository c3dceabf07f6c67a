use std::rc::Rc;

use registry_client::{BufferLevels, RoomLife};
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::path::PathFacts;
use super::requests::RequestFacts;
use super::room::RoomFacts;
use super::rtc::RtcFacts;
use super::traffic::TrafficFacts;
use crate::state::facts::Facts;

/// Properties of [`FactsPanel`].
#[derive(Properties, PartialEq)]
pub struct FactsPanelProps {
    /// The facts about the current attempt.
    pub facts: Rc<Facts>,
    /// Whether there is a room.
    pub has_room: bool,
    /// How long the room lives.
    pub life: RoomLife,
    /// Messages that are not delivered yet.
    pub buffer: BufferLevels,
}

/// The facts about the current attempt, in numbers and words.
#[component]
pub fn FactsPanel(props: &FactsPanelProps) -> Html {
    let FactsPanelProps { facts, has_room, life, buffer } = props;
    let blank = !has_room && facts.requests.sent == 0;
    html! {
        <section
            class={classes!("card", blank.then_some("blank"), style())}
            data-testid="facts"
            aria-label="Facts"
        >
            <div>
                <h2 class="eyebrow">{ "Room" }</h2>
                <dl><RoomFacts {facts} life={*life} /></dl>
            </div>
            <div>
                <h2 class="eyebrow">{ "WebRTC" }</h2>
                <dl><RtcFacts {facts} /></dl>
            </div>
            <div>
                <h2 class="eyebrow">{ "Registry" }</h2>
                <dl><RequestFacts {facts} /></dl>
            </div>
            <div>
                <h2 class="eyebrow">{ "Traffic" }</h2>
                <dl><TrafficFacts {facts} buffer={*buffer} /></dl>
            </div>
            <div class="path">
                <h2 class="eyebrow">{ "Path" }</h2>
                <PathFacts {facts} />
            </div>
        </section>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(190px, 1fr));
        gap: 16px 22px;

        h2 { margin-bottom: 5px; }
        .path { grid-column: 1 / -1; }
        .errors { margin-top: 6px; font-size: 12.5px; color: var(--warn); }

        @media (max-width: 759px) {
            &.blank { display: none; }
        }
        "#
    )
}
