use registry_analysis::inspection::inspect;
use registry_analysis::{Track, Tracks};
use registry_client::Role;
use stylist::{StyleSource, css};
use yew::prelude::*;

use super::call_row::CallRow;
use super::limits::Limits;
use super::room_seen::RoomSeen;
use crate::hooks::use_now;
use crate::services;

/// So many of the latest calls are shown.
const SHOWN: usize = 200;

/// Properties of [`Registry`].
#[derive(Properties, PartialEq)]
pub struct RegistryProps {
    /// The tracks to show.
    pub tracks: Tracks,
    /// At what moment, in milliseconds of their clock; `None` for now.
    #[prop_or_default]
    pub at_ms: Option<f64>,
}

/// The Registry as this side has seen it: the room, the limits, and every call.
#[component]
pub fn Registry(props: &RegistryProps) -> Html {
    use_now(1000);
    let now_ms = props.at_ms.unwrap_or_else(|| services::monotonic().as_secs_f64() * 1000.0);
    html! {
        <section class={style()} data-testid="registry" aria-label="Registry">
            for (index, track) in props.tracks.iter().enumerate() {
                <div class="card side" key={index}>{ side(track, now_ms) }</div>
            }
        </section>
    }
}

fn side(track: &Track, now_ms: f64) -> Html {
    let seen = inspect(track, now_ms);
    let began_ms = track.session().first().map_or(now_ms, |entry| entry.at_ms);
    let earlier = seen.calls.len().saturating_sub(SHOWN);
    let title = match track.role() {
        Some(Role::Host) => "The Registry, seen by the host",
        Some(Role::Guest) => "The Registry, seen by the guest",
        None => "The Registry",
    };
    if seen.calls.is_empty() {
        return html! {
            <>
                <h2 class="eyebrow">{ title }</h2>
                <p class="muted">{ "No calls yet. Create or join a room, and each call appears here as it is made." }</p>
            </>
        };
    }
    html! {
        <>
            <h2 class="eyebrow">{ title }</h2>
            <RoomSeen room={seen.room.clone()} clock_ahead_ms={seen.clock_ahead_ms} {now_ms} />
            <Limits limits={seen.limits} />
            <h3>{ "Calls" }</h3>
            if earlier > 0 {
                <p class="muted">{ format!("{earlier} earlier calls are not shown.") }</p>
            }
            <div class="wide" tabindex="0" role="region" aria-label="Calls">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{ "At" }</th>
                            <th scope="col">{ "Call" }</th>
                            <th scope="col">{ "Outcome" }</th>
                            <th scope="col" class="number">{ "Time" }</th>
                            <th scope="col" class="number">{ "Sent" }</th>
                            <th scope="col" class="number">{ "Received" }</th>
                        </tr>
                    </thead>
                    <tbody>
                        for (seq, call) in seen.calls.into_iter().skip(earlier).map(|call| (call.seq, call)) {
                            <CallRow key={seq} {call} {began_ms} />
                        }
                    </tbody>
                </table>
            </div>
        </>
    }
}

fn style() -> StyleSource {
    css!(
        r#"
        display: flex;
        flex-direction: column;
        gap: 12px;
        min-width: 0;

        .side { min-width: 0; }
        h2 { margin-bottom: 8px; }
        h3 { margin: 14px 0 4px; font-size: 13px; font-weight: 650; }
        p { font-size: 12.5px; }
        .wide { overflow-x: auto; }
        [data-testid="registry-call"] td { white-space: nowrap; }
        table { width: 100%; border-collapse: collapse; font-size: 12.5px; }
        th { font-weight: 550; color: var(--muted); text-align: left; white-space: nowrap; }
        th, td { padding: 3px 10px 3px 0; border-bottom: 1px dotted var(--line); vertical-align: baseline; }
        td { font-family: var(--mono); font-variant-numeric: tabular-nums; }
        .number { text-align: right; white-space: nowrap; }
        .good { color: var(--good); }
        .bad { color: var(--bad); }
        .busy { color: var(--busy); }
        meter { width: 100%; min-width: 60px; }
        "#
    )
}
