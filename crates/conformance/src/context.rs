use std::time::Duration;

use crate::check::{Failure, check_common, ensure};
use crate::options::{Needs, Options};
use crate::pacer::Pacer;
use crate::room::{CANARY, Shared};
use crate::{HttpRequest, HttpResponse, Overlap, Transport};

/// The environment in which the cases run.
pub(crate) struct Context<'a> {
    pub(crate) transport: &'a mut dyn Transport,
    pub(crate) options: &'a Options,
    pub(crate) secrets: Vec<String>,
    pub(crate) shared: Shared,
    /// Whether peers can exchange, once a room has been created.
    pub(crate) extended: Option<bool>,
    pacer: Pacer,
}

/// How long a long poll is pending before the other request is sent.
const PAUSE: Duration = Duration::from_millis(300);
/// How often a rate-limited request is retried: what else counts towards the limit is unknown.
const ATTEMPTS: usize = 4;

impl<'a> Context<'a> {
    pub(crate) fn new(transport: &'a mut dyn Transport, options: &'a Options) -> Self {
        let secrets = vec![CANARY.to_owned()];
        Self { transport, options, secrets, shared: Shared::default(), pacer: Pacer::default(), extended: None }
    }

    /// Why a case with these needs is skipped, if it is.
    pub(crate) fn missing(&mut self, needs: Needs) -> Result<Option<&'static str>, Failure> {
        let missing = needs.missing(self.options);
        if missing.is_some() || !matches!(needs, Needs::Extended | Needs::ExtendedLimits) {
            return Ok(missing);
        }
        Ok((!self.is_extended()?).then_some("base Registry: there is no exchange"))
    }

    fn is_extended(&mut self) -> Result<bool, Failure> {
        if self.extended.is_none() {
            self.open()?;
        }
        Ok(self.extended == Some(true))
    }

    /// Starts a long poll, sends another request while it is pending, and runs the common checks on both responses.
    pub(crate) fn send_during_poll(&mut self, poll: &HttpRequest, other: &HttpRequest) -> Result<Overlap, Failure> {
        let wait = [poll, other].map(|request| self.pacer.wait(self.transport.now(), request)).into_iter().max();
        self.wait_if_limited(wait.unwrap_or_default());
        let [poll, other] = [poll, other].map(|request| self.with_origin(request));
        let both = self.transport.send_during_poll(&poll, PAUSE, &other)?;
        for (request, response) in [(&poll, &both.poll), (&other, &both.other)] {
            self.pacer.record(self.transport.now(), request);
            self.check(request, response)?;
        }
        Ok(both)
    }

    /// Sends a request as soon as the rate limits permit, and runs the common checks on the response.
    pub(crate) fn send(&mut self, request: &HttpRequest) -> Result<HttpResponse, Failure> {
        for _ in 1..ATTEMPTS {
            let wait = self.pacer.wait(self.transport.now(), request);
            self.wait_if_limited(wait);
            let response = self.send_at_once(request)?;
            if response.status != 429 || !self.options.rate_limits {
                return Ok(response);
            }
            let wait = response.json()?["error"]["retryAfterSec"].as_f64().unwrap_or(61.0);
            self.wait_if_limited(Duration::try_from_secs_f64(wait).unwrap_or_default());
        }
        self.send_at_once(request)
    }

    /// Sends a request regardless of rate limits, and runs the common checks on the response.
    pub(crate) fn send_at_once(&mut self, request: &HttpRequest) -> Result<HttpResponse, Failure> {
        let request = self.with_origin(request);
        let response = self.transport.send(&request)?;
        // A server may or may not count refused requests: its next 429 will tell.
        if !matches!(response.status, 400 | 413 | 429) {
            self.pacer.record(self.transport.now(), &request);
        }
        self.check(&request, &response)?;
        Ok(response)
    }

    /// Adds the allowed origin, as a page of that origin would.
    fn with_origin(&self, request: &HttpRequest) -> HttpRequest {
        match &self.options.origin {
            Some(origin) if !request.headers.iter().any(|(name, _)| *name == "Origin") => {
                request.clone().header("Origin", origin)
            }
            _ => request.clone(),
        }
    }

    fn check(&self, request: &HttpRequest, response: &HttpResponse) -> Result<(), Failure> {
        let with_context = |failure| Failure::new(format!("{} {}: {failure}", request.method, template(&request.path)));
        check_common(response, &self.secrets).and_then(|()| self.cors(request, response)).map_err(with_context)
    }

    /// Waits for `time` to pass.
    pub(crate) fn advance(&mut self, time: Duration, why: &str) {
        self.transport.wait(time, why);
    }

    fn wait_if_limited(&mut self, time: Duration) {
        if self.options.rate_limits && !time.is_zero() {
            self.transport.wait(time, "for the rate limits");
        }
    }

    /// Checks that the allowed origin can read the response, errors included.
    fn cors(&self, request: &HttpRequest, response: &HttpResponse) -> Result<(), Failure> {
        let Some(origin) = &self.options.origin else { return Ok(()) };
        if !request.headers.iter().any(|(name, value)| *name == "Origin" && value == origin) {
            return Ok(());
        }
        let allowed = response.header("Access-Control-Allow-Origin");
        ensure(allowed == Some(origin), || format!("Access-Control-Allow-Origin is {allowed:?} for {origin}"))?;
        ensure(response.list("Vary").contains(&"origin".to_owned()), || "Vary: Origin is missing".to_owned())
    }
}

/// A path with the room code replaced by a placeholder.
fn template(path: &str) -> String {
    path.split('/').enumerate().map(|(n, part)| if n == 2 { ":code" } else { part }).collect::<Vec<_>>().join("/")
}
