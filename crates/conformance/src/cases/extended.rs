//! What an extended Registry adds: versions, long polling, candidate deltas, entity tags, idempotency keys, and retry
//! times.

use std::time::Duration;

use registry_protocol::limits::RATE_JOIN;
use serde_json::{Value, json};

use super::Case;
use crate::check::{Checked, Failure, ensure, expect_eq, number};
use crate::context::Context;
use crate::options::Needs;
use crate::room::{Room, candidate, join};
use crate::{HttpRequest, Overlap};

/// Time within which a response that is due must arrive.
const PROMPT: Duration = Duration::from_secs(1);

pub(super) fn cases() -> Vec<Case> {
    [versions(), long_polls(), candidates(), repeats(), limits()].into_iter().flatten().collect()
}

fn case(name: &str, run: impl Fn(&mut Context<'_>) -> Checked + 'static) -> Case {
    Case { group: "extended", name: name.to_owned(), needs: Needs::Extended, run: Box::new(run) }
}

fn versions() -> Vec<Case> {
    vec![
        case("a version grows with every change except a peer's own candidates", |cx| {
            let room = cx.new_joined()?;
            let mut last = version(cx, &room, &room.host)?;
            for (request, grows) in [
                (room.offer(), true),
                (room.candidate(&room.host, 1), false),
                (room.candidate(&room.guest, 1), true),
                (room.candidate(&room.guest, 1), false),
                (room.answer(), true),
            ] {
                cx.send(&request)?.expect_status(204)?;
                let now = version(cx, &room, &room.host)?;
                ensure(if grows { now > last } else { now == last }, || {
                    format!("the version went from {last} to {now}")
                })?;
                last = now;
            }
            Ok(())
        }),
        case("a version is an integer that JavaScript can represent", |cx| {
            let room = cx.open()?;
            let version = version(cx, &room, &room.host)?;
            ensure(version.fract() == 0.0 && (1.0..9e15).contains(&version), || version.to_string())
        }),
        case("invalid query values are ignored", |cx| {
            let room = cx.open()?;
            for query in ["?since=x&wait=y", "?since=-1&wait=-1", "?wait=", "?since", "?wait=1e9&since=1.5"] {
                cx.send(&room.get(query, &room.host))?.expect_status(200)?;
            }
            Ok(())
        }),
    ]
}

fn long_polls() -> Vec<Case> {
    vec![
        case("a poll with an older version is answered at once with all changes since", |cx| {
            let room = cx.new_joined()?;
            let before = version(cx, &room, &room.guest)?;
            cx.send(&room.offer())?.expect_status(204)?;
            cx.send(&room.candidate(&room.host, 1))?.expect_status(204)?;
            for request in [
                room.get(&format!("?since={before}&wait=20"), &room.guest),
                long_poll(&room, &room.guest, before),
                room.get("?wait=20", &room.guest),
                room.get(&format!("?since={before}"), &room.guest),
            ] {
                let start = cx.transport.now();
                let body = cx.send(&request)?.expect_status(200)?.json()?;
                ensure(cx.transport.now() - start < PROMPT, || "it was not answered at once".to_owned())?;
                expect_eq("offer.type", &body["offer"]["type"], &json!("offer"))?;
                expect_eq("candidates", &lines(&body["candidates"]["items"]), &json!([candidate(1)]))?;
            }
            Ok(())
        }),
        case("a poll times out without an update", |cx| {
            let room = cx.new_joined()?;
            let before = version(cx, &room, &room.host)?;
            let request = room.get(&format!("?since={before}&wait=1"), &room.host);
            let start = cx.transport.now();
            let body = cx.send(&request)?.expect_status(200)?.json()?;
            let took = cx.transport.now() - start;
            let second = Duration::from_secs(1);
            ensure((second..second + PROMPT).contains(&took), || format!("it took {} ms", took.as_millis()))?;
            expect_eq("version", &body["version"], &json!(before as u64))
        }),
        case("a poll is answered when the offer is posted", |cx| {
            let room = cx.new_joined()?;
            let body = update(cx, &room, &room.guest, &room.offer())?;
            expect_eq("offer.type", &body["offer"]["type"], &json!("offer"))
        }),
        case("a poll is answered when the answer is posted", |cx| {
            let room = cx.new_joined()?;
            cx.send(&room.offer())?.expect_status(204)?;
            let body = update(cx, &room, &room.host, &room.answer())?;
            expect_eq("answer.type", &body["answer"]["type"], &json!("answer"))?;
            expect_eq("status", &body["status"], &json!("paired"))
        }),
        case("a poll is answered when the guest joins", |cx| {
            let room = cx.new_room()?;
            let body = update(cx, &room, &room.host, &room.join())?;
            expect_eq("status", &body["status"], &json!("joined"))
        }),
        case("a poll is answered with a new candidate of the other peer", |cx| {
            let room = cx.new_joined()?;
            cx.send(&room.candidate(&room.guest, 1))?.expect_status(204)?;
            let body = update(cx, &room, &room.host, &room.candidate(&room.guest, 2))?;
            expect_eq("mode", &body["candidates"]["mode"], &json!("delta"))?;
            expect_eq("lastSeq", &body["candidates"]["lastSeq"], &json!(2))?;
            expect_eq("candidates", &lines(&body["candidates"]["items"]), &json!([candidate(2)]))
        }),
        case("a poll ends when the room is closed", |cx| {
            let room = cx.new_joined()?;
            let before = version(cx, &room, &room.guest)?;
            let both = cx.send_during_poll(&long_poll(&room, &room.guest, before), &room.post("/close", &room.host))?;
            check_prompt(&both)?;
            both.poll.expect_error(&[(404, "not_found")])
        }),
        case("a poll requires a token", |cx| {
            let room = cx.open()?;
            let request = HttpRequest::get(room.path("?wait=20")).token(&"x".repeat(43));
            cx.send(&request)?.expect_error(&[(403, "forbidden")])
        }),
    ]
}

fn candidates() -> Vec<Case> {
    vec![
        case("candidates can be listed from a sequence number on", |cx| {
            let room = cx.new_joined()?;
            for n in 1..=3 {
                cx.send(&room.candidate(&room.host, n))?.expect_status(204)?;
            }
            for (query, mode, expected) in [
                ("", "full", vec![1, 2, 3]),
                ("?since=0", "delta", vec![1, 2, 3]),
                ("?since=2", "delta", vec![3]),
                ("?since=3", "delta", vec![]),
            ] {
                let request = room.get(&format!("/candidates{query}"), &room.guest);
                let body = cx.send(&request)?.expect_status(200)?.json()?;
                expect_eq("mode", &body["mode"], &json!(mode))?;
                expect_eq("lastSeq", &body["lastSeq"], &json!(3))?;
                let expected: Vec<_> = expected.into_iter().map(candidate).collect();
                expect_eq("items", &lines(&body["items"]), &json!(expected))?;
            }
            Ok(())
        }),
        case("candidates can be long-polled", |cx| {
            let room = cx.new_joined()?;
            let request = room.get("/candidates?since=0&wait=20", &room.guest);
            let both = cx.send_during_poll(&request, &room.candidate(&room.host, 1))?;
            check_prompt(&both)?;
            let body = both.poll.expect_status(200)?.json()?;
            expect_eq("items", &lines(&body["items"]), &json!([candidate(1)]))
        }),
    ]
}

fn repeats() -> Vec<Case> {
    vec![
        case("a known entity tag gives 304", |cx| {
            let room = cx.new_joined()?;
            let first = cx.send(&room.get("", &room.host))?;
            let tag = first.expect_status(200)?.header("ETag").ok_or_else(|| Failure::new("no ETag"))?.to_owned();
            let request = room.get("", &room.host).header("If-None-Match", &tag);
            cx.send(&request)?.expect_status(304)?;
            cx.send(&room.offer())?.expect_status(204)?;
            cx.send(&request)?.expect_status(200).map(drop)
        }),
        case("a candidate posted again with the same idempotency key changes nothing", |cx| {
            let room = cx.new_joined()?;
            for n in [1, 2] {
                cx.send(&room.candidate(&room.host, n).header("Idempotency-Key", "conformance-1"))?
                    .expect_status(204)?;
            }
            let body = cx.send(&room.get("/candidates", &room.guest))?.expect_status(200)?.json()?;
            expect_eq("items", &lines(&body["items"]), &json!([candidate(1)]))
        }),
    ]
}

fn limits() -> Vec<Case> {
    let case = |name: &str, run: fn(&mut Context<'_>) -> Checked| Case {
        group: "extended",
        name: name.to_owned(),
        needs: Needs::ExtendedLimits,
        run: Box::new(run),
    };
    vec![
        case("a 429 reports when to retry, in the body and in a header", |cx| {
            let room = cx.new_joined()?;
            for _ in 0..50 {
                let response = cx.send_at_once(&room.get("", &room.host))?;
                if response.status == 429 {
                    let seconds = number(&response.json()?["error"], "retryAfterSec")?;
                    let header = response.header("Retry-After").and_then(|value| value.parse::<f64>().ok());
                    return ensure(header == Some(seconds), || {
                        format!("Retry-After is {header:?}, retryAfterSec is {seconds}")
                    });
                }
            }
            Err(Failure::new("50 snapshots in a row were not rate limited"))
        }),
        case("join codes cannot be guessed: after a few wrong ones even the right one is refused for a while", |cx| {
            cx.advance(Duration::from_millis(RATE_JOIN.window_ms + 1000), "for the rate limit to reset");
            let room = cx.new_room()?;
            let wrong = if room.join_code == "000000" { "000001" } else { "000000" };
            for _ in 1..RATE_JOIN.count {
                let response = cx.send_at_once(&join(&room.code, wrong))?;
                if response.status == 429 {
                    break;
                }
                response.expect_error(&[(403, "bad_join_code")])?;
            }
            cx.send_at_once(&room.join())?.expect_error(&[(429, "rate_limited")])
        }),
    ]
}

/// The room's version as the holder of `token` sees it.
fn version(cx: &mut Context<'_>, room: &Room, token: &str) -> Result<f64, Failure> {
    number(&cx.send(&room.get("", token))?.expect_status(200)?.json()?, "version")
}

/// A long poll for changes after `version`, with the cursor in the version header.
fn long_poll(room: &Room, token: &str, version: f64) -> HttpRequest {
    room.get("?wait=20", token).header("X-Registry-Version", format!("1;since={version}"))
}

/// Sends `then` while the holder of `token` has a poll pending, and returns the snapshot that answers the poll.
fn update(cx: &mut Context<'_>, room: &Room, token: &str, then: &HttpRequest) -> Result<Value, Failure> {
    let before = version(cx, room, token)?;
    let both = cx.send_during_poll(&long_poll(room, token, before), then)?;
    check_prompt(&both)?;
    let body = both.poll.expect_status(200)?.json()?;
    let after = number(&body, "version")?;
    ensure(after > before, || format!("the version went from {before} to {after}"))?;
    Ok(body)
}

fn check_prompt(both: &Overlap) -> Checked {
    ensure(both.other.status < 300, || format!("the other request has status {}", both.other.status))?;
    ensure(!both.early, || "it was answered before there was an update".to_owned())?;
    ensure(both.latency < PROMPT, || format!("it was answered {} ms after the change", both.latency.as_millis()))
}

/// The `candidate` strings of a candidate list.
fn lines(items: &Value) -> Value {
    let items = items.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().map(|item| item["candidate"].clone()).collect()
}
