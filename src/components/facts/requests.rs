use std::rc::Rc;

use yew::prelude::*;

use super::fact::Fact;
use crate::format;
use crate::state::facts::{Facts, Poll};

/// Properties of [`RequestFacts`].
#[derive(Properties, PartialEq)]
pub struct RequestFactsProps {
    /// The facts about the current attempt.
    pub facts: Rc<Facts>,
}

/// Polls of the Registry and requests to it.
#[component]
pub fn RequestFacts(props: &RequestFactsProps) -> Html {
    let facts = &props.facts;
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
        (Some(wait), _, count) => Some(format!("long poll, {} ({count})", format::duration(wait))),
        (None, Some(interval), count) => Some(format!("every {} ({count})", format::duration(interval))),
        (None, None, 0) => None,
        (None, None, count) => Some(format!("stopped ({count})")),
    }
}

fn poll_tone(poll: Poll) -> &'static str {
    if poll.interval_ms.is_some() || poll.wait_ms.is_some() { "tone-busy" } else { "tone-plain" }
}
