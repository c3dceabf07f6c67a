//! A Registry that breaks the contract in one point is found out.

mod pure_transport;

use std::time::Duration;

use pure_transport::{Pure, options};
use registry::{Config, Rates, Ttl};
use registry_conformance::{Answer, Ask, Failure, Meanwhile, Report, Transport, run};
use registry_protocol::limits::Rate;
use serde_json::{Value, json};

/// The pure function behind somebody who spoils what passes by.
struct Broken {
    pure: Pure,
    ask: SpoilAsk,
    answer: SpoilAnswer,
}

impl Transport for Broken {
    fn send(&mut self, ask: &Ask) -> Result<Answer, Failure> {
        let mut spoiled = ask.clone();
        (self.ask)(&mut spoiled);
        let mut answer = self.pure.send(&spoiled)?;
        (self.answer)(ask, &mut answer);
        Ok(answer)
    }

    fn send_meanwhile(&mut self, waiting: &Ask, pause: Duration, then: &Ask) -> Result<Meanwhile, Failure> {
        let [mut first, mut second] = [waiting.clone(), then.clone()];
        (self.ask)(&mut first);
        (self.ask)(&mut second);
        let mut both = self.pure.send_meanwhile(&first, pause, &second)?;
        (self.answer)(waiting, &mut both.waiting);
        (self.answer)(then, &mut both.then);
        Ok(both)
    }

    fn now(&self) -> Duration {
        self.pure.now()
    }

    fn wait(&mut self, time: Duration, why: &str) {
        self.pure.wait(time, why);
    }
}

fn check(config: Config, ask: SpoilAsk, answer: SpoilAnswer) -> Report {
    run(&mut Broken { pure: Pure::new(config), ask, answer }, &options(true), &mut |_| ())
}

fn edit(answer: &mut Answer, change: impl FnOnce(&mut Value)) {
    if let Ok(mut body) = serde_json::from_slice(&answer.body) {
        change(&mut body);
        answer.body = body.to_string().into_bytes();
    }
}

fn set_header(answer: &mut Answer, name: &str, value: &str) {
    answer.headers.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
    answer.headers.push((name.to_owned(), value.to_owned()));
}

type SpoilAnswer = fn(&Ask, &mut Answer);
type SpoilAsk = fn(&mut Ask);

/// What is broken, and how the answer shows it.
const ANSWERS: &[(&str, SpoilAnswer)] = &[
    ("answers may be stored", |_, a| set_header(a, "Cache-Control", "max-age=5")),
    ("credentials are allowed", |_, a| set_header(a, "Access-Control-Allow-Credentials", "true")),
    ("all origins are let in by a star", |_, a| set_header(a, "Access-Control-Allow-Origin", "*")),
    ("errors cannot be read from other origins", |_, a| {
        if a.status >= 400 {
            a.headers.retain(|(name, _)| name != "Access-Control-Allow-Origin");
        }
    }),
    ("a preflight allows one header more", |ask, a| {
        if ask.method == "OPTIONS" {
            let allowed = "Content-Type, X-Access-Token, X-Registry-Version, Idempotency-Key";
            set_header(a, "Access-Control-Allow-Headers", allowed);
        }
    }),
    ("errors are text", |_, a| {
        if a.status == 404 {
            a.body = b"not found".to_vec();
        }
    }),
    ("errors have no retryable", |_, a| {
        edit(a, |body| drop(body["error"].as_object_mut().map(|e| e.remove("retryable"))))
    }),
    ("errors repeat the request", |ask, a| {
        if a.status == 400 {
            let sent = String::from_utf8_lossy(&ask.body).into_owned();
            edit(a, |body| body["error"]["message"] = json!(sent));
        }
    }),
    ("a 429 is not retryable", |_, a| {
        if a.status == 429 {
            edit(a, |body| body["error"]["retryable"] = json!(false));
        }
    }),
    ("wrong tokens are 401", |_, a| {
        if a.status == 403 {
            a.status = 401;
        }
    }),
    ("a post is answered 200", |_, a| {
        if a.status == 204 {
            a.status = 200;
        }
    }),
    ("a snapshot leaves null out", |_, a| {
        edit(a, |body| {
            if let Some(object) = body.as_object_mut() {
                object.retain(|_, value| !value.is_null());
            }
        });
    }),
    ("candidates are newest first", |_, a| {
        edit(a, |body| {
            if let Some(items) = body["items"].as_array_mut() {
                items.reverse();
            }
        })
    }),
    ("the join code is shown", |_, a| {
        edit(a, |body| {
            if body.get("hostUserName").is_some() {
                body["joinCode"] = json!("123456");
            }
        })
    }),
    ("a used join code is 403", |_, a| {
        if a.status == 409 {
            a.status = 403;
        }
    }),
    ("a version stays the same", |_, a| {
        edit(a, |body| {
            if body.get("version").is_some() {
                body["version"] = json!(5);
            }
        })
    }),
    ("a wait brings no candidates", |_, a| edit(a, |body| drop(body.as_object_mut().map(|o| o.remove("candidates"))))),
    ("there are no tags", |_, a| a.headers.retain(|(name, _)| name != "ETag")),
    ("no header says when to come again", |_, a| a.headers.retain(|(name, _)| name != "Retry-After")),
    ("tokens are short", |_, a| {
        edit(a, |body| {
            if body.get("ownerToken").is_some() {
                body["ownerToken"] = json!("short");
            }
        })
    }),
];

/// What is broken, and how the Registry misreads requests so.
const ASKS: &[(&str, SpoilAsk)] = &[
    ("the version header is not needed", |ask| {
        if ask.method == "POST" {
            *ask = ask.clone().header("X-Registry-Version", "1");
        }
    }),
    ("room codes may be small", |ask| {
        if ask.path.contains("abcdefgh") {
            ask.path = "/rooms/22222222/public".to_owned();
            ask.method = "OPTIONS";
        }
    }),
    ("null is taken for a missing field", |ask| {
        if let Ok(Value::Object(mut object)) = serde_json::from_slice(&ask.body) {
            object.retain(|_, value| !value.is_null());
            ask.body = Value::Object(object).to_string().into_bytes();
        }
    }),
    ("candidates are told apart by their line only", |ask| {
        if let Ok(Value::Object(mut object)) = serde_json::from_slice(&ask.body) {
            object.retain(|field, _| field != "sdpMid" && field != "sdpMLineIndex");
            ask.body = Value::Object(object).to_string().into_bytes();
        }
    }),
    ("nobody waits", |ask| ask.path = ask.path.replace("wait=20", "x=20")),
    ("a wait has no end", |ask| ask.path = ask.path.replace("wait=1", "wait=9")),
    ("a cursor in the header is not seen", |ask| {
        if ask.method == "GET" {
            *ask = ask.clone().without("X-Registry-Version");
        }
    }),
    ("candidates are always shown from the first on", |ask| {
        ask.path = ask.path.replace("candidates?since", "candidates?x")
    }),
    ("keys are ignored", |ask| *ask = ask.clone().without("Idempotency-Key")),
    ("tags are ignored", |ask| *ask = ask.clone().without("If-None-Match")),
    ("large bodies are cut", |ask| {
        if ask.body.len() > 64 * 1024 {
            ask.body = b"{}".to_vec();
        }
    }),
];

#[test]
fn every_broken_answer_is_found_out() {
    for (what, spoil) in ANSWERS {
        let report = check(Config::default(), |_| (), *spoil);
        assert!(report.failures().next().is_some(), "{what}: {report}");
    }
}

#[test]
fn every_misread_request_is_found_out() {
    for (what, spoil) in ASKS {
        let report = check(Config::default(), *spoil, |_, _| ());
        assert!(report.failures().next().is_some(), "{what}: {report}");
    }
}

#[test]
fn other_lives_and_limits_are_found_out() {
    let ttl = |change: fn(&mut Ttl)| {
        let mut config = Config::default();
        change(&mut config.ttl);
        config
    };
    let rates = |change: fn(&mut Rates)| {
        let mut rates = Rates::default();
        change(&mut rates);
        Config { rates: Some(rates), ..Config::default() }
    };
    for (n, config) in [
        ttl(|ttl| ttl.open_ms += 10_000),
        ttl(|ttl| ttl.joined_ms -= 10_000),
        ttl(|ttl| ttl.paired_ms += 10_000),
        ttl(|ttl| ttl.candidates_ms += 10_000),
        rates(|rates| rates.create = Rate::new(20, 60_000)),
        rates(|rates| rates.public = Rate::new(4, 60_000)),
        rates(|rates| rates.join = Rate::new(30, 60_000)),
        rates(|rates| rates.snapshot = Rate::new(50, 10_000)),
        rates(|rates| rates.signal = Rate::new(100, 60_000)),
        rates(|rates| rates.wrong_joins = 100),
        Config { rates: None, ..Config::default() },
    ]
    .into_iter()
    .enumerate()
    {
        let report = check(config, |_| (), |_, _| ());
        assert!(report.failures().next().is_some(), "setting {n}: {report}");
    }
}
