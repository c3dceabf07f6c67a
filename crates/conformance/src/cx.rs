use std::time::Duration;

use crate::cases::Needs;
use crate::check::{Failure, ensure, universal};
use crate::pace::Pace;
use crate::rooms::{MARK, Shared};
use crate::{Answer, Ask, Meanwhile, Transport};

/// What is known about the Registry that is checked.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The Registry has rate limits on: they are kept, and checked.
    pub rate_limits: bool,
    /// Check what takes minutes of the transport's time: how long rooms live.
    pub lifetimes: bool,
    /// An origin that the Registry lets in.
    pub origin: Option<String>,
}

/// What every case works with.
pub(crate) struct Cx<'a> {
    pub(crate) transport: &'a mut dyn Transport,
    pub(crate) options: &'a Options,
    pub(crate) secrets: Vec<String>,
    pub(crate) shared: Shared,
    pace: Pace,
    extended: Option<bool>,
}

/// How long a request waits before anything happens.
const PAUSE: Duration = Duration::from_millis(300);
/// How often a request that was refused for its frequency is sent again: what else counts there we cannot know.
const ATTEMPTS: usize = 4;

impl<'a> Cx<'a> {
    pub(crate) fn new(transport: &'a mut dyn Transport, options: &'a Options) -> Self {
        let secrets = vec![MARK.to_owned()];
        Self { transport, options, secrets, shared: Shared::default(), pace: Pace::default(), extended: None }
    }

    /// Why a case that has these needs is not run, if it is not.
    pub(crate) fn missing(&mut self, needs: Needs) -> Result<Option<&'static str>, Failure> {
        let missing = needs.missing(self.options);
        if missing.is_some() || !matches!(needs, Needs::Extended | Needs::ExtendedLimits) {
            return Ok(missing);
        }
        Ok((!self.is_extended()?).then_some("a base Registry: its snapshots have no version"))
    }

    fn is_extended(&mut self) -> Result<bool, Failure> {
        if let Some(extended) = self.extended {
            return Ok(extended);
        }
        let room = self.open()?;
        let extended = self.send(&room.get("", &room.host))?.status(200)?.json()?.get("version").is_some();
        self.extended = Some(extended);
        Ok(extended)
    }

    /// Lets a request wait, sends another one in the meantime, and checks what holds for every answer.
    pub(crate) fn send_meanwhile(&mut self, waiting: &Ask, then: &Ask) -> Result<Meanwhile, Failure> {
        let wait = self.pace.wait(self.transport.now(), then);
        self.wait_if_limited(wait);
        let [waiting, then] = [waiting, then].map(|ask| self.with_origin(ask));
        let both = self.transport.send_meanwhile(&waiting, PAUSE, &then)?;
        self.pace.note(self.transport.now(), &then);
        for (ask, answer) in [(&waiting, &both.waiting), (&then, &both.then)] {
            self.check(ask, answer)?;
        }
        Ok(both)
    }

    /// Sends a request when the limits admit it, and checks what holds for every answer.
    pub(crate) fn send(&mut self, ask: &Ask) -> Result<Answer, Failure> {
        for _ in 1..ATTEMPTS {
            let wait = self.pace.wait(self.transport.now(), ask);
            self.wait_if_limited(wait);
            let answer = self.send_at_once(ask)?;
            if answer.status != 429 || !self.options.rate_limits {
                return Ok(answer);
            }
            let wait = answer.json()?["error"]["retryAfterSec"].as_f64().unwrap_or(61.0);
            self.wait_if_limited(Duration::try_from_secs_f64(wait).unwrap_or_default());
        }
        self.send_at_once(ask)
    }

    /// Sends a request whatever the limits, and checks what holds for every answer.
    pub(crate) fn send_at_once(&mut self, ask: &Ask) -> Result<Answer, Failure> {
        let ask = self.with_origin(ask);
        let answer = self.transport.send(&ask)?;
        // Whether a server counts what it refuses we learn from its 429.
        if !matches!(answer.status, 400 | 413 | 429) {
            self.pace.note(self.transport.now(), &ask);
        }
        self.check(&ask, &answer)?;
        Ok(answer)
    }

    /// The request as a page of the origin that is let in sends it.
    fn with_origin(&self, ask: &Ask) -> Ask {
        match &self.options.origin {
            Some(origin) if !ask.headers.iter().any(|(name, _)| *name == "Origin") => {
                ask.clone().header("Origin", origin)
            }
            _ => ask.clone(),
        }
    }

    fn check(&self, ask: &Ask, answer: &Answer) -> Result<(), Failure> {
        let place = |failure| Failure::new(format!("{} {}: {failure}", ask.method, template(&ask.path)));
        universal(answer, &self.secrets).and_then(|()| self.cors(ask, answer)).map_err(place)
    }

    /// Lets time pass.
    pub(crate) fn pass(&mut self, time: Duration, why: &str) {
        self.transport.wait(time, why);
    }

    fn wait_if_limited(&mut self, time: Duration) {
        if self.options.rate_limits && !time.is_zero() {
            self.transport.wait(time, "to keep the rate limits");
        }
    }

    /// A page of an origin that is let in can read every answer, errors too.
    fn cors(&self, ask: &Ask, answer: &Answer) -> Result<(), Failure> {
        let Some(origin) = &self.options.origin else { return Ok(()) };
        if !ask.headers.iter().any(|(name, value)| *name == "Origin" && value == origin) {
            return Ok(());
        }
        let allowed = answer.header("Access-Control-Allow-Origin");
        ensure(allowed == Some(origin), || format!("Access-Control-Allow-Origin is {allowed:?} for {origin}"))?;
        ensure(answer.list("Vary").contains(&"origin".to_owned()), || "no Vary: Origin".to_owned())
    }
}

/// A path without the room's code.
fn template(path: &str) -> String {
    path.split('/').enumerate().map(|(n, part)| if n == 2 { ":code" } else { part }).collect::<Vec<_>>().join("/")
}
