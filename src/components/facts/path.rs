use std::rc::Rc;

use registry_client::event::StandbyStep;
use registry_client::interfaces::webrtc::{CandidateEnd, CandidatePair};
use yew::prelude::*;

use super::fact::Fact;
use crate::components::Line;
use crate::foreign::isolated;
use crate::format;
use crate::state::facts::Facts;

/// Properties of [`PathFacts`].
#[derive(Properties, PartialEq)]
pub struct PathFactsProps {
    /// The facts about the current attempt.
    pub facts: Rc<Facts>,
}

/// The path between the peers, and the STUN and TURN servers that could not be used.
#[component]
pub fn PathFacts(props: &PathFactsProps) -> Html {
    let facts = &props.facts;
    let pair = facts.pair.as_ref();
    let kind = pair.map(|pair| if pair.relayed() { "relayed by a TURN server" } else { "direct" });
    let relayed = pair.is_some_and(CandidatePair::relayed);
    let peer = facts.durable.map(|durable| if durable { "durable" } else { "plain" });
    let fallback = facts.standby.map(|step| match step {
        StandbyStep::Made => "created",
        StandbyStep::Ready => "ready",
        StandbyStep::Used => "in use",
        StandbyStep::Gone => "gone",
    });
    let good = |is: bool| if is { "tone-good" } else { "tone-plain" };
    html! {
        <>
            <dl>
                <Fact testid="path-kind" name="kind" value={kind} tone={if relayed { "tone-warn" } else { "tone-good" }} />
                <Fact testid="selected-local" name="local" value={pair.map(|pair| end(&pair.local))} />
                <Fact testid="selected-remote" name="remote" value={pair.map(|pair| end(&pair.remote))} />
                <Fact testid="peer-kind" name="peer" value={peer} tone={good(facts.durable == Some(true))} />
                <Fact
                    testid="standby-room"
                    name="fallback room"
                    value={fallback}
                    tone={good(facts.standby == Some(StandbyStep::Ready))}
                />
                <Fact testid="round-trip" name="round trip" value={facts.round_trip_ms.map(format::duration)} />
            </dl>
            for (server, error) in facts.servers.unusable() {
                <p class="errors" key={server.url.clone()} data-testid="ice-server-error">
                    <Line
                        text={format!("{} could not be used: {} {}", isolated(&server.url), error.code, isolated(&error.text))}
                    />
                </p>
            }
        </>
    }
}

fn end(end: &CandidateEnd) -> String {
    let address = if end.address.is_empty() { "hidden" } else { &end.address };
    let [kind, protocol, address] = [&end.candidate_type, &end.protocol, address].map(isolated);
    format!("{kind} {protocol} {address}:{}", end.port)
}
