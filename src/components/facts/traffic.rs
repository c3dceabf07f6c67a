use std::rc::Rc;

use registry_client::BufferLevels;
use yew::prelude::*;

use super::fact::Fact;
use crate::format;
use crate::state::counts::Traffic;
use crate::state::facts::Facts;

/// Properties of [`TrafficFacts`].
#[derive(Properties, PartialEq)]
pub struct TrafficFactsProps {
    /// The facts about the current attempt.
    pub facts: Rc<Facts>,
    /// Messages that are not delivered yet.
    pub buffer: BufferLevels,
}

/// Messages and bytes in both directions.
#[component]
pub fn TrafficFacts(props: &TrafficFactsProps) -> Html {
    let TrafficFactsProps { facts, buffer } = props;
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
