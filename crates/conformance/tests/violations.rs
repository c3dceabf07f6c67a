//! Every single violation of the contract is detected.

mod pure_transport;

use std::time::Duration;

use pure_transport::{Pure, options};
use registry_conformance::{Failure, HttpRequest, HttpResponse, Overlap, Report, Transport, run};
use registry_core::{ClientRates, Config, JoinLocks, RoomRates, Ttl};
use registry_protocol::limits::Rate;
use serde_json::{Map, Value, json};

/// The pure function behind a transport that tampers with requests and responses.
struct Tampered {
    pure: Pure,
    request: TamperRequest,
    response: TamperResponse,
}

impl Transport for Tampered {
    fn send(&mut self, request: &HttpRequest) -> Result<HttpResponse, Failure> {
        let mut tampered = request.clone();
        (self.request)(&mut tampered);
        let mut response = self.pure.send(&tampered)?;
        (self.response)(request, &mut response);
        Ok(response)
    }

    fn send_during_poll(
        &mut self,
        poll: &HttpRequest,
        pause: Duration,
        other: &HttpRequest,
    ) -> Result<Overlap, Failure> {
        let [mut first, mut second] = [poll.clone(), other.clone()];
        (self.request)(&mut first);
        (self.request)(&mut second);
        let mut both = self.pure.send_during_poll(&first, pause, &second)?;
        (self.response)(poll, &mut both.poll);
        (self.response)(other, &mut both.other);
        Ok(both)
    }

    fn now(&self) -> Duration {
        self.pure.now()
    }

    fn wait(&mut self, time: Duration, why: &str) {
        self.pure.wait(time, why);
    }
}

fn check(config: Config, request: TamperRequest, response: TamperResponse) -> Report {
    run(&mut Tampered { pure: Pure::new(config), request, response }, &options(true), &mut |_| ())
}

fn edit(response: &mut HttpResponse, change: impl FnOnce(&mut Value)) {
    if let Ok(mut body) = serde_json::from_slice(&response.body) {
        change(&mut body);
        response.body = body.to_string().into_bytes();
    }
}

fn edit_exchange(request: &mut HttpRequest, change: impl FnOnce(&mut Map<String, Value>)) {
    if request.path != "/exchange" {
        return;
    }
    if let Ok(Value::Object(mut body)) = serde_json::from_slice(&request.body) {
        change(&mut body);
        request.body = Value::Object(body).to_string().into_bytes();
    }
}

fn set_header(response: &mut HttpResponse, name: &str, value: &str) {
    response.headers.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
    response.headers.push((name.to_owned(), value.to_owned()));
}

type TamperResponse = fn(&HttpRequest, &mut HttpResponse);
type TamperRequest = fn(&mut HttpRequest);

/// Violations in responses: a name, and how to tamper with the response.
const RESPONSE_VIOLATIONS: &[(&str, TamperResponse)] = &[
    ("responses can be cached", |_, a| set_header(a, "Cache-Control", "max-age=5")),
    ("credentials are allowed", |_, a| set_header(a, "Access-Control-Allow-Credentials", "true")),
    ("all origins are allowed by a wildcard", |_, a| set_header(a, "Access-Control-Allow-Origin", "*")),
    ("errors cannot be read from other origins", |_, a| {
        if a.status >= 400 {
            a.headers.retain(|(name, _)| name != "Access-Control-Allow-Origin");
        }
    }),
    ("a preflight allows an extra header", |request, a| {
        if request.method == "OPTIONS" {
            let allowed = "Content-Type, X-Access-Token, X-Registry-Version, Idempotency-Key";
            set_header(a, "Access-Control-Allow-Headers", allowed);
        }
    }),
    ("errors are plain text", |_, a| {
        if a.status == 404 {
            a.body = b"not found".to_vec();
        }
    }),
    ("errors lack retryable", |_, a| {
        edit(a, |body| drop(body["error"].as_object_mut().map(|e| e.remove("retryable"))))
    }),
    ("errors echo the request", |request, a| {
        if a.status == 400 {
            let sent = String::from_utf8_lossy(&request.body).into_owned();
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
    ("a post returns 200", |_, a| {
        if a.status == 204 {
            a.status = 200;
        }
    }),
    ("a snapshot omits null fields", |_, a| {
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
    ("a join code is never replaced", |request, a| {
        if request.path.ends_with("/join-code") {
            edit(a, |body| body["joinCode"] = json!("000000"));
        }
    }),
    ("the join code is exposed", |_, a| {
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
    ("an exchange returns no candidates", |_, a| {
        edit(a, |body| drop(body.as_object_mut().map(|o| o.remove("candidates"))))
    }),
    ("there are no entity tags", |_, a| a.headers.retain(|(name, _)| name != "ETag")),
    ("Retry-After is missing", |_, a| a.headers.retain(|(name, _)| name != "Retry-After")),
    ("tokens are short", |_, a| {
        edit(a, |body| {
            if body.get("ownerToken").is_some() {
                body["ownerToken"] = json!("short");
            }
        })
    }),
];

/// Violations in how requests are handled: a name, and how to tamper with the request.
const REQUEST_VIOLATIONS: &[(&str, TamperRequest)] = &[
    ("the version header is not required", |request| {
        if request.method == "POST" {
            *request = request.clone().header("X-Registry-Version", "1");
        }
    }),
    ("room codes can be lower case", |request| {
        if request.path.contains("abcdefgh") {
            request.path = "/rooms/22222222/public".to_owned();
            request.method = "OPTIONS";
        }
    }),
    ("null is treated as a missing field", |request| {
        if let Ok(Value::Object(mut object)) = serde_json::from_slice(&request.body) {
            object.retain(|_, value| !value.is_null());
            request.body = Value::Object(object).to_string().into_bytes();
        }
    }),
    ("candidates are distinguished by their line only", |request| {
        if let Ok(Value::Object(mut object)) = serde_json::from_slice(&request.body) {
            object.retain(|field, _| field != "sdpMid" && field != "sdpMLineIndex");
            request.body = Value::Object(object).to_string().into_bytes();
        }
    }),
    ("exchanges never wait", |request| edit_exchange(request, |body| drop(body.remove("wait")))),
    ("exchanges do not time out", |request| {
        edit_exchange(request, |body| {
            if body.contains_key("wait") {
                body.insert("wait".to_owned(), json!(9));
            }
        })
    }),
    ("cursors are ignored", |request| edit_exchange(request, |body| drop(body.remove("since")))),
    ("an exchange posts no description", |request| edit_exchange(request, |body| drop(body.remove("description")))),
    ("an exchange posts only one candidate", |request| {
        edit_exchange(request, |body| {
            if let Some(Value::Array(candidates)) = body.get_mut("candidates") {
                candidates.truncate(1);
            }
        })
    }),
    ("an exchange posts only what is well-formed", |request| {
        edit_exchange(request, |body| {
            if let Some(Value::Array(candidates)) = body.get_mut("candidates") {
                candidates.retain(|candidate| candidate["candidate"].is_string());
            }
        })
    }),
    ("candidate lists are always complete", |request| {
        request.path = request.path.replace("candidates?since", "candidates?x")
    }),
    ("idempotency keys are ignored", |request| *request = request.clone().without("Idempotency-Key")),
    ("entity tags are ignored", |request| *request = request.clone().without("If-None-Match")),
    ("large bodies are truncated", |request| {
        if request.body.len() > 64 * 1024 {
            request.body = b"{}".to_vec();
        }
    }),
];

#[test]
fn every_response_violation_is_detected() {
    for (what, tamper) in RESPONSE_VIOLATIONS {
        let report = check(Config::default(), |_| (), *tamper);
        assert!(report.failures().next().is_some(), "{what}: {report}");
    }
}

#[test]
fn every_request_violation_is_detected() {
    for (what, tamper) in REQUEST_VIOLATIONS {
        let report = check(Config::default(), *tamper, |_, _| ());
        assert!(report.failures().next().is_some(), "{what}: {report}");
    }
}

#[test]
fn wrong_lifetimes_and_limits_are_detected() {
    let ttl = |change: fn(&mut Ttl)| {
        let mut config = Config::default();
        change(&mut config.ttl);
        config
    };
    let clients = |client_rates: ClientRates| Config { client_rates: Some(client_rates), ..Config::default() };
    let rooms = |room_rates: RoomRates| Config { room_rates: Some(room_rates), ..Config::default() };
    for (n, config) in [
        ttl(|ttl| ttl.open_ms += 10_000),
        ttl(|ttl| ttl.joined_ms -= 10_000),
        ttl(|ttl| ttl.paired_ms += 10_000),
        ttl(|ttl| ttl.candidates_ms += 10_000),
        clients(ClientRates { create: Rate::new(20, 60_000), ..ClientRates::default() }),
        clients(ClientRates { public: Rate::new(4, 60_000), ..ClientRates::default() }),
        clients(ClientRates { join: Rate::new(30, 60_000), ..ClientRates::default() }),
        rooms(RoomRates { snapshot: Rate::new(50, 10_000), ..RoomRates::default() }),
        rooms(RoomRates { signal: Rate::new(100, 60_000), ..RoomRates::default() }),
        Config { join_locks: JoinLocks { client_wrong: 100, ..JoinLocks::default() }, ..Config::default() },
        rooms(RoomRates { exchange: Rate::new(20, 10_000), ..RoomRates::default() }),
        Config::default().unlimited(),
    ]
    .into_iter()
    .enumerate()
    {
        let report = check(config, |_| (), |_, _| ());
        assert!(report.failures().next().is_some(), "setting {n}: {report}");
    }
}
