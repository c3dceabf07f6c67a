use registry_client::Event;
use registry_client::types::fault::InjectedFault;
use registry_client::types::operation::Operation;
use registry_client::types::probe::RegistryProbe;

use super::{At, Seen};

/// A response that refuses a request.
#[derive(Clone, Copy, Debug)]
pub(in crate::diagnosis) struct Refusal<'a> {
    pub(in crate::diagnosis) at: At,
    pub(in crate::diagnosis) operation: Operation,
    pub(in crate::diagnosis) status: u16,
    pub(in crate::diagnosis) code: &'a str,
    /// The same call has succeeded since.
    pub(in crate::diagnosis) healed: bool,
}

/// Requests in a row that had no response.
#[derive(Clone, Debug, Default)]
pub(in crate::diagnosis) struct Trouble<'a> {
    pub(in crate::diagnosis) failures: Vec<At>,
    /// The last one took so long, in milliseconds.
    pub(in crate::diagnosis) took_ms: f64,
    /// Why it failed, in the client's words and the browser's.
    pub(in crate::diagnosis) reason: &'a str,
    /// What a probe has shown meanwhile.
    pub(in crate::diagnosis) probe: Option<Seen<&'a RegistryProbe>>,
    /// There has been a response since.
    pub(in crate::diagnosis) healed: bool,
}

/// What the Registry has answered, and what not.
#[derive(Default)]
pub(in crate::diagnosis) struct Requests<'a> {
    pub(in crate::diagnosis) refusals: Vec<Refusal<'a>>,
    /// The latest requests that had no response.
    trouble: Option<Trouble<'a>>,
    /// What a probe has shown last.
    pub(in crate::diagnosis) probe: Option<Seen<&'a RegistryProbe>>,
    /// When the join code was wrong, in this session or an earlier one.
    pub(in crate::diagnosis) wrong_codes: Vec<At>,
    /// When there was a response last.
    pub(in crate::diagnosis) answered: Option<At>,
    /// How often a response was that of a Registry.
    pub(in crate::diagnosis) understood: usize,
}

impl<'a> Requests<'a> {
    pub(super) fn see_wrong_code(&mut self, at: At, operation: Operation, code: &str) {
        if operation == Operation::JoinRoom && code == "bad_join_code" {
            self.wrong_codes.push(at);
        }
    }

    pub(super) fn see(&mut self, at: At, event: &'a Event) {
        match event {
            Event::Response { operation, status, code, .. } => self.on_answer(at, *operation, *status, code.as_deref()),
            // An injected refusal comes instead of a response.
            Event::Fault(InjectedFault { action, target, status: Some(status), .. }) if action == "refused" => {
                if let Ok(operation) = target.parse() {
                    let code = if *status == 429 { "rate_limited" } else { "injected" };
                    self.on_answer(at, operation, *status, Some(code));
                }
            }
            // What was sent while the page goes away needs no response.
            Event::RequestFailed { operation, duration_ms, reason, .. } if *operation != Operation::CloseRoom => {
                let trouble = self.trouble.take_if(|trouble| !trouble.healed).unwrap_or_default();
                let mut failures = trouble.failures;
                failures.push(at);
                self.trouble = Some(Trouble { failures, took_ms: *duration_ms, reason, ..trouble });
            }
            Event::Probe(probe) => {
                let probe = Some(Seen { at, what: probe });
                self.probe = probe;
                if let Some(trouble) = &mut self.trouble {
                    trouble.probe = probe;
                }
            }
            _ => {}
        }
    }

    fn on_answer(&mut self, at: At, operation: Operation, status: u16, code: Option<&'a str>) {
        self.answered = Some(at);
        if let Some(trouble) = &mut self.trouble {
            trouble.healed = true;
        }
        let passing = |status: u16| status == 429 || status >= 500;
        for refusal in self.refusals.iter_mut().filter(|refusal| refusal.operation == operation) {
            refusal.healed |= code.is_none() || passing(refusal.status) && !passing(status);
        }
        match code {
            // Whether the room can be looked up does not matter: joining follows, whatever comes of it.
            Some(_) if operation == Operation::GetPublicRoomInfo => {}
            Some(code) => self.refusals.push(Refusal { at, operation, status, code, healed: false }),
            None => self.understood += 1,
        }
    }

    pub(super) fn forget_trouble(&mut self) {
        self.trouble = None;
        self.refusals.retain(|refusal| !refusal.healed);
    }

    /// The latest requests that had no response.
    pub(in crate::diagnosis) fn trouble(&self) -> Option<&Trouble<'a>> {
        self.trouble.as_ref()
    }

    /// Whether the Registry does not answer now.
    pub(in crate::diagnosis) fn fail(&self) -> bool {
        self.trouble.as_ref().is_some_and(|trouble| !trouble.healed)
    }

    /// The refusals that `applies` to, of those that count: the ones after the call has succeeded last, or else all.
    pub(in crate::diagnosis) fn refused(&self, applies: impl Fn(&Refusal<'a>) -> bool) -> Vec<Refusal<'a>> {
        let all: Vec<Refusal<'a>> = self.refusals.iter().filter(|refusal| applies(refusal)).copied().collect();
        if all.iter().any(|refusal| !refusal.healed) {
            return all.into_iter().filter(|refusal| !refusal.healed).collect();
        }
        all
    }
}
