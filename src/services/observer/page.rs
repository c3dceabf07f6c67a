//! The page is hidden, sleeps, or loses its network.

use std::cell::Cell;

use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use gloo_utils::{document, window};
use registry_client::event::PageStep;
use registry_client::{ConnectionState, Event, WebRtcRegistryClient};

use crate::services::now_epoch_ms;

/// How often the page looks at the clock, in milliseconds.
const LOOK_MS: u32 = 1_000;
/// A page that has not looked for longer than this, in milliseconds, did not run.
const GAP_MS: f64 = 5_000.0;

fn record(client: &WebRtcRegistryClient, step: PageStep, gap_ms: Option<f64>) {
    client.trace().record(Event::Page { step, gap_ms });
}

/// Records that the page is hidden or shown, and that it loses its network or has it again.
pub(super) fn listen(client: &WebRtcRegistryClient) -> Vec<EventListener> {
    let on = |event: &'static str, step: PageStep| {
        let client = client.clone();
        EventListener::new(&window(), event, move |_| record(&client, step, None))
    };
    let visibility = {
        let client = client.clone();
        EventListener::new(&document(), "visibilitychange", move |_| {
            let step = if document().hidden() { PageStep::Hidden } else { PageStep::Visible };
            record(&client, step, None);
        })
    };
    vec![on("online", PageStep::Online), on("offline", PageStep::Offline), visibility]
}

/// Records that the page did not run for a while, unless its client had nothing to do. The wall clock goes on while a device
/// sleeps; the monotonic one may not.
pub(super) fn watch_clock(client: &WebRtcRegistryClient) -> Interval {
    let (client, last) = (client.clone(), Cell::new(now_epoch_ms()));
    Interval::new(LOOK_MS, move || {
        let now = now_epoch_ms();
        let gap_ms = now - last.replace(now);
        if gap_ms > GAP_MS && client.connection_state() != ConnectionState::Idle {
            record(&client, PageStep::Slept, Some(gap_ms));
        }
    })
}
