//! The events of several tracks on one clock.

use std::rc::Rc;

use registry_client::{Role, TraceEvent};

use crate::Track;

/// Clocks that differ by less than this are one clock: both clients ran in one tab.
const ONE_CLOCK_MS: f64 = 50.0;

/// An event, when it happened, and to whom.
pub(crate) struct Moment<'a> {
    /// Which track it is from.
    pub(crate) track: usize,
    /// When, in milliseconds of the first track's monotonic clock.
    pub(crate) at_ms: f64,
    /// What happened.
    pub(crate) entry: &'a Rc<TraceEvent>,
}

/// The events of all tracks in the order in which they happened. Tracks of different tabs are put on one clock by the
/// wall clock at their first event.
pub(crate) fn merged<'a>(events: &[&'a [Rc<TraceEvent>]]) -> Vec<Moment<'a>> {
    let first = events.iter().find_map(|events| origin(events));
    let mut all: Vec<_> = events
        .iter()
        .enumerate()
        .flat_map(|(track, events)| {
            let ahead = origin(events).zip(first).map_or(0.0, |(own, first)| own - first);
            let ahead = if ahead.abs() < ONE_CLOCK_MS { 0.0 } else { ahead };
            events.iter().map(move |entry| Moment { track, at_ms: entry.at_ms + ahead, entry })
        })
        .collect();
    // Stable, and each track is in order by itself.
    all.sort_by(|one, other| one.at_ms.total_cmp(&other.at_ms));
    all
}

/// When the monotonic clock of these events was zero, by the wall clock.
fn origin(events: &[Rc<TraceEvent>]) -> Option<f64> {
    events.first().map(|first| first.epoch_ms - first.at_ms)
}

/// Who recorded each track: its role, or of two the other's.
pub(crate) fn roles(tracks: &[Track]) -> Vec<Role> {
    let known: Vec<_> = tracks.iter().map(Track::role).collect();
    let of = |index: usize| match (known[index], known.len()) {
        (Some(role), _) => role,
        (None, 2) => known[1 - index].map_or(if index == 0 { Role::Host } else { Role::Guest }, other),
        _ => Role::Host,
    };
    (0..known.len()).map(of).collect()
}

/// The role of the other side.
pub(crate) fn other(role: Role) -> Role {
    match role {
        Role::Host => Role::Guest,
        Role::Guest => Role::Host,
    }
}

#[cfg(test)]
mod tests {
    use registry_client::Event;

    use super::*;

    fn at(at_ms: f64, epoch_ms: f64) -> Rc<TraceEvent> {
        Rc::new(TraceEvent { seq: 1, at_ms, epoch_ms, event: Event::CleanupStarted })
    }

    fn times(tracks: &[&[Rc<TraceEvent>]]) -> Vec<(usize, f64)> {
        merged(tracks).iter().map(|moment| (moment.track, moment.at_ms)).collect()
    }

    #[test]
    fn tracks_of_one_tab_have_one_clock() {
        let (host, guest) = ([at(1.0, 5_001.0), at(4.0, 5_004.0)], [at(2.0, 5_002.3)]);
        assert_eq!(times(&[&host, &guest]), [(0, 1.0), (1, 2.0), (0, 4.0)]);
    }

    #[test]
    fn tracks_of_two_tabs_are_put_together_by_the_wall_clock() {
        let (host, guest) = ([at(1_000.0, 61_000.0)], [at(10.0, 60_510.0)]);
        assert_eq!(times(&[&host, &guest]), [(1, 510.0), (0, 1_000.0)]);
        assert!(times(&[&[], &[]]).is_empty());
    }

    #[test]
    fn a_track_without_a_role_is_the_other_ones() {
        assert_eq!(roles(&[Track::default(), Track::default()]), [Role::Host, Role::Guest]);
        assert_eq!(roles(&[Track::default()]), [Role::Host]);
    }
}
