use std::rc::Rc;

use registry_client::event::DescriptionStep;
use registry_client::{BufferLevels, RoomLife};
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::fact::{self, Fact};
use super::path::Path;
use crate::components::Countdown;
use crate::foreign::isolated;
use crate::format;
use crate::state::counts::Traffic;
use crate::state::facts::{Description, Facts, Poll};

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
                <dl>{ room(facts, *life) }</dl>
            </div>
            <div>
                <h2 class="eyebrow">{ "WebRTC" }</h2>
                <dl>{ rtc(facts) }</dl>
            </div>
            <div>
                <h2 class="eyebrow">{ "Registry" }</h2>
                <dl>{ requests(facts) }</dl>
            </div>
            <div>
                <h2 class="eyebrow">{ "Traffic" }</h2>
                <dl>{ traffic(facts, *buffer) }</dl>
            </div>
            <div class="path">
                <h2 class="eyebrow">{ "Path" }</h2>
                <Path {facts} />
            </div>
        </section>
    }
}

fn room(facts: &Facts, life: RoomLife) -> Html {
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
        Some(DescriptionStep::Posted) => "posted",
        Some(DescriptionStep::Received) => "received",
        Some(DescriptionStep::Applied) => "applied",
        None if description.in_room => "in the room",
        None => return None,
    };
    let size = if description.bytes > 0 { format!(", {}", format::bytes(description.bytes)) } else { String::new() };
    Some(format!("{step}{size}"))
}

fn rtc(facts: &Facts) -> Html {
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

fn requests(facts: &Facts) -> Html {
    let requests = &facts.requests;
    let sent = (requests.sent > 0).then(|| format!("{} ({} pending)", requests.sent, requests.in_flight()));
    let kinds = [(requests.refused, "refused"), (requests.malformed, "malformed"), (requests.failed, "failed")];
    let errors: Vec<_> =
        kinds.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    let errors = (!errors.is_empty()).then(|| errors.join(", "));
    let retry = facts.retries.last().map(|retry| {
        let (operation, delay) = (retry.operation, format::duration(retry.delay_ms));
        format!("{} {} in {delay}", operation.method(), operation.path_template())
    });
    html! {
        <>
            <Fact testid="room-polling" name="room poll" value={poll(facts.room_poll)} tone={poll_tone(facts.room_poll)} />
            <Fact
                testid="candidate-polling"
                name="candidate poll"
                value={poll(facts.candidate_poll)}
                tone={poll_tone(facts.candidate_poll)}
            />
            <Fact testid="request-count" name="requests" value={sent} />
            <Fact testid="request-errors" name="errors" value={errors} tone="tone-warn" />
            <Fact testid="request-time" name="mean response time" value={requests.mean_ms().map(format::duration)} />
            if retry.is_some() {
                <Fact testid="request-retry" name="retry" value={retry} tone="tone-warn" />
            }
        </>
    }
}

fn poll(poll: Poll) -> Option<String> {
    match (poll.wait_ms, poll.interval_ms, poll.count) {
        (Some(wait), _, count) => Some(format!("long poll, up to {} ({count})", format::duration(wait))),
        (None, Some(interval), count) => Some(format!("every {} ({count})", format::duration(interval))),
        (None, None, 0) => None,
        (None, None, count) => Some(format!("stopped ({count})")),
    }
}

fn poll_tone(poll: Poll) -> &'static str {
    if poll.interval_ms.is_some() || poll.wait_ms.is_some() { "tone-busy" } else { "tone-plain" }
}

fn traffic(facts: &Facts, buffer: BufferLevels) -> Html {
    let count = |count: usize| (count > 0).then(|| count.to_string());
    let traffic = |all: Traffic| (all.count > 0).then(|| format!("{}, {}", all.count, format::bytes(all.bytes)));
    let bytes = |count: usize| (count > 0).then(|| format::bytes(count));
    html! {
        <>
            <Fact testid="messages-sent" name="messages sent" value={traffic(facts.sent)} />
            <Fact testid="messages-received" name="messages received" value={traffic(facts.received)} />
            <Fact testid="messages-waiting" name="queued" value={count(buffer.waiting)} tone="tone-warn" />
            <Fact
                testid="messages-unacknowledged"
                name="unacknowledged"
                value={count(buffer.unacknowledged)}
                tone="tone-busy"
            />
            <Fact testid="registry-bytes-out" name="sent to Registry" value={bytes(facts.requests.bytes_out)} />
            <Fact testid="registry-bytes-in" name="received from Registry" value={bytes(facts.requests.bytes_in)} />
        </>
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
