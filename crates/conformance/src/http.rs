use std::io::{IsTerminal, Read, Write, stderr};
use std::time::{Duration, Instant};

use ureq::http::Request;

use crate::{Answer, Ask, Failure, Meanwhile, Transport};

/// The longest answer that is read.
const MAX_ANSWER: u64 = 4 * 1024 * 1024;

/// A Registry by its address.
pub struct HttpTransport {
    agent: ureq::Agent,
    base: String,
    start: Instant,
}

impl HttpTransport {
    /// The Registry at `url`, with or without a slash at the end.
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
    fn ask(&self, ask: &Ask) -> Result<Answer, Failure> {
        let failed = |error: &dyn std::fmt::Display| Failure::new(format!("{} got no answer: {error}", ask.method));
        let mut request = Request::builder().method(ask.method).uri(format!("{}{}", self.base, ask.path));
        for (name, value) in &ask.headers {
            request = request.header(*name, value);
        }
        let request = request.body(ask.body.clone()).map_err(|e| failed(&e))?;
        let response = self.agent.run(request).map_err(|e| failed(&e))?;
        let (head, body) = response.into_parts();
        let mut bytes = Vec::new();
        body.into_reader().take(MAX_ANSWER).read_to_end(&mut bytes).map_err(|e| failed(&e))?;
        let headers = head.headers.iter();
        Ok(Answer {
            status: head.status.as_u16(),
            headers: headers
                .map(|(n, v)| (n.to_string(), String::from_utf8_lossy(v.as_bytes()).into_owned()))
                .collect(),
            body: bytes,
        })
    }
}

impl Transport for HttpTransport {
    fn send(&mut self, ask: &Ask) -> Result<Answer, Failure> {
        self.ask(ask)
    }

    fn send_meanwhile(&mut self, waiting: &Ask, pause: Duration, then: &Ask) -> Result<Meanwhile, Failure> {
        let this = &*self;
        std::thread::scope(|scope| {
            let first = scope.spawn(|| (this.ask(waiting), Instant::now()));
            std::thread::sleep(pause);
            let early = first.is_finished();
            let then = this.ask(then)?;
            let answered = Instant::now();
            let (waiting, at) = first.join().map_err(|_| Failure::new("the request that waits came to nothing"))?;
            Ok(Meanwhile { waiting: waiting?, early, after: at.saturating_duration_since(answered), then })
        })
    }

    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// Sleeps, with a countdown for a person who watches.
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
