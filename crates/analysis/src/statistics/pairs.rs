//! The pairs of two moments, compared, and in a few words.

use registry_client::types::pair::CheckedPair;

/// Whether there are other pairs than before, or one of them is in another state or is nominated now. Counters alone are no
/// change, nor is their order.
pub fn have_changed(before: &[CheckedPair], after: &[CheckedPair]) -> bool {
    let same = |one: &CheckedPair, other: &CheckedPair| {
        (one.nominated, &one.state, &one.local, &one.remote)
            == (other.nominated, &other.state, &other.local, &other.remote)
    };
    let missing = |list: &[CheckedPair], in_list: &[CheckedPair]| {
        list.iter().any(|pair| !in_list.iter().any(|other| same(pair, other)))
    };
    before.len() != after.len() || missing(before, after) || missing(after, before)
}

/// What pairs have become that a browser does not list any more though none has succeeded: Chromium takes a pair away once it
/// has failed.
pub fn given_up(before: &[CheckedPair]) -> Vec<CheckedPair> {
    let failed = |pair: &CheckedPair| CheckedPair { state: "failed".to_owned(), ..pair.clone() };
    before.iter().map(|pair| if pair.state == "succeeded" { pair.clone() } else { failed(pair) }).collect()
}

/// The states that a pair can be in (RFC 8445, section 6.1.2.6), what works first. `cancelled` is Firefox's word for a pair that
/// is no longer needed.
const STATES: [&str; 6] = ["succeeded", "in-progress", "waiting", "frozen", "failed", "cancelled"];

/// How many pairs are in which state: `3 pairs: 1 in progress, 2 failed`.
pub fn summary(pairs: &[CheckedPair]) -> String {
    let counted = registry_client::text::counted(pairs.len(), "pair");
    let mut states: Vec<String> = Vec::new();
    for state in STATES {
        match pairs.iter().filter(|pair| pair.state == state).count() {
            0 => {}
            count => states.push(format!("{count} {}", state.replace('-', " "))),
        }
    }
    let others = pairs.iter().filter(|pair| !STATES.contains(&pair.state.as_str())).count();
    if others > 0 {
        states.push(format!("{others} in another state"));
    }
    if states.is_empty() { "no pairs".to_owned() } else { format!("{counted}: {}", states.join(", ")) }
}

#[cfg(test)]
mod tests {
    use registry_client::types::pair::CandidateEnd;

    use super::*;

    fn pair(port: u16, state: &str) -> CheckedPair {
        let end = |port| CandidateEnd {
            candidate_type: "host".into(),
            protocol: "udp".into(),
            address: "192.0.2.1".into(),
            port,
        };
        CheckedPair {
            local: end(1),
            remote: end(port),
            state: state.into(),
            nominated: false,
            requests_sent: 1,
            requests_received: 0,
            responses_received: 0,
            round_trip_ms: None,
            bytes_sent: 0,
            bytes_received: 0,
        }
    }

    #[test]
    fn states_nomination_and_the_set_are_changes_and_counters_and_order_are_not() {
        let before = [pair(1, "waiting"), pair(2, "failed")];
        let counted = CheckedPair { requests_sent: 9, round_trip_ms: Some(1.0), bytes_sent: 7, ..pair(1, "waiting") };
        assert!(!have_changed(&before, &[pair(2, "failed"), counted]));
        let nominated = CheckedPair { nominated: true, ..pair(1, "waiting") };
        for after in [
            vec![pair(1, "in-progress"), pair(2, "failed")],
            vec![nominated, pair(2, "failed")],
            vec![pair(1, "waiting")],
            vec![pair(1, "waiting"), pair(3, "failed")],
            vec![pair(1, "waiting"), pair(1, "waiting")],
            vec![],
        ] {
            assert!(have_changed(&before, &after), "{after:?}");
        }
        assert!(!have_changed(&[], &[]));
    }

    #[test]
    fn pairs_that_are_gone_have_failed_unless_they_had_succeeded() {
        let before = [pair(1, "in-progress"), pair(2, "succeeded"), pair(3, "frozen")];
        let states: Vec<_> = given_up(&before).into_iter().map(|pair| pair.state).collect();
        assert_eq!(states, ["failed", "succeeded", "failed"]);
    }

    #[test]
    fn a_summary_counts_states_in_the_order_of_what_matters() {
        let pairs = [pair(1, "failed"), pair(2, "in-progress"), pair(3, "failed")];
        assert_eq!(summary(&pairs), "3 pairs: 1 in progress, 2 failed");
        assert_eq!(summary(&pairs[..1]), "1 pair: 1 failed");
        assert_eq!(summary(&[pair(1, "new")]), "1 pair: 1 in another state");
        assert_eq!(summary(&[]), "no pairs");
    }
}
