use std::rc::Rc;

use gloo_timers::callback::Timeout;
use registry_analysis::Tracks;
use registry_analysis::diagnosis::{Diagnosis, diagnose};
use yew::prelude::*;

use crate::services;

/// A browser's timer may be this much early, in milliseconds.
const EARLY_MS: f64 = 5.0;

/// What is wrong with each track, at a moment of their clock or now. It is computed when there is something new, and when time
/// alone makes a difference.
#[hook]
pub fn use_diagnosis(tracks: &Tracks, at_ms: Option<f64>) -> Rc<Vec<Diagnosis>> {
    let reached = use_state_eq(|| 0.0_f64);
    let diagnoses = use_memo((tracks.clone(), at_ms, *reached), |(tracks, at_ms, reached)| {
        let now_ms = at_ms.unwrap_or_else(|| (services::monotonic().as_secs_f64() * 1000.0).max(*reached));
        tracks.iter().map(|track| diagnose(track, now_ms)).collect::<Vec<_>>()
    });
    let live = diagnoses.iter().filter(|_| at_ms.is_none());
    let again_ms = live.filter_map(|diagnosis| diagnosis.again_at_ms).reduce(f64::min);
    use_effect_with((again_ms, reached.setter()), |(again_ms, reached)| {
        let timer = again_ms.map(|again_ms| {
            let reached = reached.clone();
            let rest_ms = again_ms - services::monotonic().as_secs_f64() * 1000.0 + EARLY_MS;
            Timeout::new(rest_ms.max(0.0) as u32, move || reached.set(again_ms))
        });
        move || drop(timer)
    });
    diagnoses
}
