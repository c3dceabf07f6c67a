use std::io::{IsTerminal, Read, Write, stderr};
use std::time::{Duration, Instant};

use ureq::http::Request;

use crate::{Failure, HttpRequest, HttpResponse, Overlap, Transport};

/// Maximum number of response bytes that are read.
const MAX_RESPONSE_BYTES: u64 = 4 * 1024 * 1024;

/// Connects to a Registry by its URL.
pub struct HttpTransport {
    agent: ureq::Agent,
    base: String,
    start: Instant,
}

impl HttpTransport {
    /// The Registry at `url`, with or without a trailing slash.
    pub fn new(url: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(40)))
            .build();
        Self { agent: config.into(), base: url.trim_end_matches('/').to_owned(), start: Instant::now() }
    }
}

impl HttpTransport {
    fn exchange(&self, request: &HttpRequest) -> Result<HttpResponse, Failure> {
        let failed =
            |error: &dyn std::fmt::Display| Failure::new(format!("{} got no response: {error}", request.method));
        let mut builder = Request::builder().method(request.method).uri(format!("{}{}", self.base, request.path));
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        let built = builder.body(request.body.clone()).map_err(|e| failed(&e))?;
        let response = self.agent.run(built).map_err(|e| failed(&e))?;
        let (head, body) = response.into_parts();
        let mut bytes = Vec::new();
        body.into_reader().take(MAX_RESPONSE_BYTES).read_to_end(&mut bytes).map_err(|e| failed(&e))?;
        let headers = head.headers.iter();
        Ok(HttpResponse {
            status: head.status.as_u16(),
            headers: headers
                .map(|(n, v)| (n.to_string(), String::from_utf8_lossy(v.as_bytes()).into_owned()))
                .collect(),
            body: bytes,
        })
    }
}

impl Transport for HttpTransport {
    fn send(&mut self, request: &HttpRequest) -> Result<HttpResponse, Failure> {
        self.exchange(request)
    }

    fn send_during_poll(
        &mut self,
        poll: &HttpRequest,
        pause: Duration,
        other: &HttpRequest,
    ) -> Result<Overlap, Failure> {
        let this = &*self;
        std::thread::scope(|scope| {
            let first = scope.spawn(|| (this.exchange(poll), Instant::now()));
            std::thread::sleep(pause);
            let early = first.is_finished();
            let other = this.exchange(other)?;
            let answered = Instant::now();
            let (poll, at) = first.join().map_err(|_| Failure::new("the long poll panicked"))?;
            Ok(Overlap { poll: poll?, early, latency: at.saturating_duration_since(answered), other })
        })
    }

    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// Sleeps, with a countdown on a terminal.
    fn wait(&mut self, time: Duration, why: &str) {
        let end = Instant::now() + time;
        let watched = stderr().is_terminal();
        if !watched && time > Duration::from_secs(2) {
            eprintln!("      waiting {} s {why}", time.as_secs_f32().ceil());
        }
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if watched {
                eprint!("\r      waiting {:>3} s {why} \r", left.as_secs_f32().ceil());
                let _ = stderr().flush();
            }
            if left.is_zero() {
                break;
            }
            std::thread::sleep(left.min(Duration::from_secs(1)));
        }
        if watched {
            eprint!("\r\x1b[2K");
        }
    }
}
