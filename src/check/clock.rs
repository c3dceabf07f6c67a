//! The device's clock against the Registry's.

use super::{Check, Line, Verdict};
use crate::format::duration;

/// What differs less is no trouble, in milliseconds.
const MUCH_MS: f64 = 30_000.0;

pub(super) fn line(check: &Check) -> Line {
    let line = Line::new("clock", "Clock");
    if check.plan.registry_problem.is_some() {
        return line.skipped("no-registry", "There is no Registry to compare it with.");
    }
    let Some(probe) = &check.registry else { return line };
    let Some(answer) = probe.answer() else {
        return line.skipped("no-registry", "There is no Registry to compare it with.");
    };
    match answer.clock_ahead_ms() {
        None => {
            line.skipped("hidden-date", "The Registry’s time cannot be read from another origin. A room will show it.")
        }
        Some((ahead, uncertain)) if ahead.abs() <= MUCH_MS + uncertain => {
            line.ok(format!("It agrees with the Registry’s within {}.", duration(ahead.abs().max(uncertain))))
        }
        Some((ahead, _)) => {
            let side = if ahead > 0.0 { "ahead of" } else { "behind" };
            let words = format!("The device’s clock is {} {side} the Registry’s.", duration(ahead.abs()));
            line.is(Verdict::Warning, "clocks-differ", words)
                .advice("Let the device set its clock by itself. Passwords with a time limit may be refused, and times of different devices cannot be compared.")
        }
    }
}
