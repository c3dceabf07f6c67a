//! Registry requests that have failed and will be retried.

use registry_client::Event;
use registry_client::event::PollKind;
use registry_client::interfaces::registry::Operation;

/// Two failures in a row, or a delay of this many milliseconds, are more than a hiccup.
const LONG_MS: f64 = 2000.0;

/// The requests that will be retried, the one that failed last at the end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Retries(Vec<Retry>);

/// A request that has failed and will be retried.
#[derive(Clone, Debug, PartialEq)]
pub struct Retry {
    /// The request.
    pub operation: Operation,
    /// Failures in a row.
    pub failures: u32,
    /// The delay before the next try, in milliseconds.
    pub delay_ms: f64,
    /// Why it failed.
    pub reason: String,
}

impl Retries {
    /// Updates the list with an event.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::Retry { operation, failures, delay_ms, reason } => {
                self.forget(*operation);
                let (operation, failures, delay_ms) = (*operation, *failures, *delay_ms);
                self.0.push(Retry { operation, failures, delay_ms, reason: reason.clone() });
            }
            // If it has failed again, a `Retry` follows.
            Event::Response { operation, .. }
            | Event::RequestFailed { operation, .. }
            | Event::RequestAborted { operation, .. } => self.forget(*operation),
            Event::PollingStopped { kind: PollKind::Room } => {
                self.forget(Operation::GetRoom);
                self.forget(Operation::Exchange);
            }
            Event::PollingStopped { kind: PollKind::Candidates } => self.forget(Operation::GetCandidates),
            // Retries belong to the previous state.
            Event::State { .. } => self.0.clear(),
            _ => {}
        }
    }

    fn forget(&mut self, operation: Operation) {
        self.0.retain(|retry| retry.operation != operation);
    }

    /// The request that failed last.
    pub fn last(&self) -> Option<&Retry> {
        self.0.last()
    }

    /// The request that the user should know about: it keeps failing, or its next try is far off.
    pub fn trouble(&self) -> Option<&Retry> {
        self.0.iter().rfind(|retry| retry.failures > 1 || retry.delay_ms >= LONG_MS)
    }
}

#[cfg(test)]
mod tests {
    use registry_client::ConnectionState;

    use super::*;

    fn failed(operation: Operation, failures: u32, delay_ms: f64) -> Event {
        Event::Retry { operation, failures, delay_ms, reason: "unexpected response".into() }
    }

    fn answered(operation: Operation, code: Option<&str>) -> Event {
        let code = code.map(str::to_owned);
        Event::Response { id: 1, operation, status: 200, duration_ms: 8.0, bytes: 100, code }
    }

    fn after(events: &[Event]) -> Retries {
        let mut retries = Retries::default();
        events.iter().for_each(|event| retries.apply(event));
        retries
    }

    #[test]
    fn one_failure_is_a_hiccup_and_repeated_ones_are_trouble_until_one_succeeds() {
        let room = Operation::GetRoom;
        assert!(after(&[failed(room, 1, 500.0)]).trouble().is_none());
        assert!(after(&[failed(room, 1, 12_000.0)]).trouble().is_some(), "the next try is far off");
        let goes_on = [failed(room, 1, 500.0), answered(room, Some("malformed_answer")), failed(room, 2, 1000.0)];
        let trouble = after(&goes_on);
        assert_eq!(trouble.trouble().map(|retry| (retry.failures, retry.operation)), Some((2, room)));
        assert!(after(&[&goes_on[..], &[answered(Operation::PostOffer, None)]].concat()).trouble().is_some());
        assert_eq!(after(&[&goes_on[..], &[answered(room, None)]].concat()), Retries::default());
    }

    #[test]
    fn each_request_has_its_own_and_ends_with_its_poll_or_its_state() {
        let both = [failed(Operation::GetRoom, 3, 500.0), failed(Operation::GetCandidates, 2, 500.0)];
        let of = |more: Event| after(&[&both[..], &[more]].concat());
        assert_eq!(after(&both).trouble().unwrap().operation, Operation::GetCandidates);
        let rest = of(Event::PollingStopped { kind: PollKind::Candidates });
        assert_eq!(rest.trouble().unwrap().operation, Operation::GetRoom);
        let (from, to) = (ConnectionState::Connecting, ConnectionState::Connected);
        assert_eq!(of(Event::State { from, to, reason: None }), Retries::default());
    }
}
