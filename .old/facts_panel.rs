use registry_client::event::{DescriptionStep, StandbyStep};
use registry_client::interfaces::registry::Operation;
use registry_client::interfaces::webrtc::{CandidateEnd, CandidatePair};
use registry_client::{BufferLevels, RoomLife};
use yew::prelude::*;

use super::{countdown, line};
use crate::foreign::isolated;
use crate::format;
use crate::markup::{classes, markup};
use crate::state::Page;
use crate::state::counts::Traffic;
use crate::state::facts::{Description, Facts, Poll};
use crate::state::servers::ServerError;

/// What is known of the present attempt, in numbers and words.
pub fn facts_panel(page: &Page) -> Html {
    let facts = &page.facts;
    let blank = page.room.is_none() && facts.requests.sent == 0;
    markup! {
        <section class={if blank { "card facts blank" } else { "card facts" }} data-testid="facts" aria-label="What is known">
            <div>
                <h2 class="eyebrow">{ "Room" }</h2>
                <dl>{ room_facts(facts, page.life) }</dl>
            </div>
            <div>
                <h2 class="eyebrow">{ "WebRTC" }</h2>
                <dl>{ rtc_facts(facts) }</dl>
            </div>
            <div>
                <h2 class="eyebrow">{ "Registry" }</h2>
                <dl>{ request_facts(facts) }</dl>
            </div>
            <div>
                <h2 class="eyebrow">{ "Traffic" }</h2>
                <dl>{ traffic_facts(facts, page.buffer) }</dl>
            </div>
            <div class="path">
                <h2 class="eyebrow">{ "Path" }</h2>
                <dl>{ path_facts(facts.pair.as_ref()) }{ peer_facts(facts) }</dl>
                { facts.servers.unusable().map(server_error).collect::<Html>() }
            </div>
        </section>
    }
}

fn server_error(ServerError { url, code, text }: &ServerError) -> Html {
    markup! {
        <p class="errors" key={url.clone()} data-testid="ice-server-error">
            { line(&format!("{} could not be used: {code} {}", isolated(url), isolated(text))) }
        </p>
    }
}

/// One line: a name and a value, in which what comes from others is isolated; a dash where there is none.
fn fact(testid: &'static str, name: &'static str, value: Option<String>, tone: &'static str) -> Html {
    let known = value.is_some();
    markup! {
        <div class={classes(&["fact", if known { tone } else { "none" }])}>
            <dt>{ name }</dt>
            <dd data-testid={testid}>{ line(value.as_deref().unwrap_or("–")) }</dd>
        </div>
    }
}

fn room_facts(facts: &Facts, life: RoomLife) -> Html {
    let expiry = (life != RoomLife::Unknown).then(|| {
        markup! {
            <div class="fact"><dt>{ "expires" }</dt><dd>{ countdown("room-expiry", life) }</dd></div>
        }
    });
    let status = facts.room_status.as_deref().map(|status| isolated(status).into_owned());
    markup! {
        { fact("room-status", "status", status, "tone-plain") }
        { expiry.unwrap_or_else(|| fact("room-expiry", "expires", None, "")) }
        { fact("offer-state", "offer", description(facts.offer), "tone-good") }
        { fact("answer-state", "answer", description(facts.answer), "tone-good") }
    }
}

fn description(description: Description) -> Option<String> {
    let step = match description.step {
        Some(DescriptionStep::Created) => "made here",
        Some(DescriptionStep::Posted) => "posted",
        Some(DescriptionStep::Received) => "received",
        Some(DescriptionStep::Applied) => "applied",
        None if description.in_room => "in the room",
        None => return None,
    };
    let size = if description.bytes > 0 { format!(", {}", format::bytes(description.bytes)) } else { String::new() };
    Some(format!("{step}{size}"))
}

fn rtc_facts(facts: &Facts) -> Html {
    let rtc = &facts.rtc;
    let state = |testid, name, word: Option<&'static str>| fact(testid, name, word.map(str::to_owned), rtc_tone(word));
    markup! {
        { state("signaling-state", "signalling", rtc.signaling_state.map(|s| s.as_str())) }
        { state("ice-gathering-state", "gathering", rtc.ice_gathering_state.map(|s| s.as_str())) }
        { state("ice-connection-state", "ICE", rtc.ice_connection_state.map(|s| s.as_str())) }
        { state("connection-state", "connection", rtc.connection_state.map(|s| s.as_str())) }
        { state("data-channel-state", "data channel", rtc.data_channel_state.map(|s| s.as_str())) }
    }
}

fn rtc_tone(word: Option<&str>) -> &'static str {
    match word {
        Some("connected" | "completed" | "complete" | "open") => "tone-good",
        Some("checking" | "connecting" | "gathering" | "have-local-offer" | "have-remote-offer") => "tone-busy",
        Some("disconnected" | "closing") => "tone-warn",
        Some("failed") => "tone-bad",
        _ => "tone-plain",
    }
}

fn request_facts(facts: &Facts) -> Html {
    let requests = &facts.requests;
    let sent = (requests.sent > 0).then(|| format!("{} ({} open)", requests.sent, requests.in_flight()));
    let kinds = [(requests.refused, "refused"), (requests.senseless, "without sense"), (requests.failed, "lost")];
    let failed: Vec<_> =
        kinds.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    let failed = (!failed.is_empty()).then(|| failed.join(", "));
    let retry = facts.retries.last().map(|retry| retry_text(retry.operation, retry.delay_ms));
    markup! {
        { fact("room-polling", "room poll", poll(facts.room_poll), poll_tone(facts.room_poll)) }
        { fact("candidate-polling", "candidate poll", poll(facts.candidate_poll), poll_tone(facts.candidate_poll)) }
        { fact("request-count", "requests", sent, "tone-plain") }
        { fact("request-errors", "errors", failed, "tone-warn") }
        { fact("request-time", "mean answer", requests.mean_ms().map(format::duration), "tone-plain") }
        { retry.map(|retry| fact("request-retry", "retry", Some(retry), "tone-warn")) }
    }
}

fn retry_text(operation: Operation, delay_ms: f64) -> String {
    format!("{} {} in {}", operation.method(), operation.path_template(), format::duration(delay_ms))
}

fn poll(poll: Poll) -> Option<String> {
    match (poll.wait_ms, poll.interval_ms, poll.count) {
        (Some(wait), _, count) => Some(format!("waits for news, up to {} ({count})", format::duration(wait))),
        (None, Some(interval), count) => Some(format!("every {} ({count})", format::duration(interval))),
        (None, None, 0) => None,
        (None, None, count) => Some(format!("stopped ({count})")),
    }
}

fn poll_tone(poll: Poll) -> &'static str {
    if poll.interval_ms.is_some() || poll.wait_ms.is_some() { "tone-busy" } else { "tone-plain" }
}

fn peer_facts(facts: &Facts) -> Html {
    let kind = facts.durable.map(|durable| if durable { "durable" } else { "plain" }.to_owned());
    let standby = facts.standby.map(|step| match step {
        StandbyStep::Made => "made",
        StandbyStep::Ready => "ready",
        StandbyStep::Used => "in use",
        StandbyStep::Gone => "gone",
    });
    let good = |known: bool| if known { "tone-good" } else { "tone-plain" };
    markup! {
        { fact("peer-kind", "peer", kind, good(facts.durable == Some(true))) }
        { fact("standby-room", "standby room", standby.map(str::to_owned), good(standby == Some("ready"))) }
        { fact("round-trip", "round trip", facts.round_trip_ms.map(format::duration), "tone-plain") }
    }
}

fn traffic_facts(facts: &Facts, buffer: BufferLevels) -> Html {
    let count = |count: usize| (count > 0).then(|| count.to_string());
    let traffic = |all: Traffic| (all.count > 0).then(|| format!("{}, {}", all.count, format::bytes(all.bytes)));
    let bytes = |count: usize| (count > 0).then(|| format::bytes(count));
    markup! {
        { fact("messages-sent", "messages out", traffic(facts.sent), "tone-plain") }
        { fact("messages-received", "messages in", traffic(facts.received), "tone-plain") }
        { fact("messages-waiting", "waiting", count(buffer.waiting), "tone-warn") }
        { fact("messages-unacknowledged", "not acknowledged", count(buffer.unacknowledged), "tone-busy") }
        { fact("registry-bytes-out", "Registry out", bytes(facts.requests.bytes_out), "tone-plain") }
        { fact("registry-bytes-in", "Registry in", bytes(facts.requests.bytes_in), "tone-plain") }
    }
}

fn path_facts(pair: Option<&CandidatePair>) -> Html {
    let kind = pair.map(|pair| if pair.relayed() { "relayed by a TURN server" } else { "direct" }.to_owned());
    let end = |end: &CandidateEnd| {
        let address = if end.address.is_empty() { "hidden" } else { &end.address };
        let [kind, protocol, address] = [&end.candidate_type, &end.protocol, address].map(isolated);
        format!("{kind} {protocol} {address}:{}", end.port)
    };
    markup! {
        { fact("path-kind", "kind", kind, if pair.is_some_and(CandidatePair::relayed) { "tone-warn" } else { "tone-good" }) }
        { fact("selected-local", "this side", pair.map(|pair| end(&pair.local)), "tone-plain") }
        { fact("selected-remote", "other side", pair.map(|pair| end(&pair.remote)), "tone-plain") }
    }
}
