//! What an extended Registry adds: exchanges, long polling, candidate deltas, entity tags, idempotency keys, and retry
//! times.
//! tidy: long because it is one list of cases

use std::ops::Range;
use std::time::Duration;

use registry_protocol::limits::{MAX_CANDIDATES, RATE_EXCHANGE, RATE_JOIN};
use serde_json::{Value, json};

use super::Case;
use crate::check::{Checked, Failure, ensure, expect_eq, number, text};
use crate::context::Context;
use crate::options::Needs;
use crate::room::{Room, candidate, join, sdp};
use crate::{HttpRequest, Overlap};

/// Time within which a response that is due must arrive.
const PROMPT: Duration = Duration::from_secs(1);

pub(super) fn cases() -> Vec<Case> {
    [versions(), posts(), long_polls(), candidates(), repeats(), join_codes(), limits()].into_iter().flatten().collect()
}

fn case(name: &str, run: impl Fn(&mut Context<'_>) -> Checked + 'static) -> Case {
    Case { group: "extended", name: name.to_owned(), needs: Needs::Extended, run: Box::new(run) }
}

fn versions() -> Vec<Case> {
    vec![
        case("creating and joining a room say that the peers can exchange", |cx| {
            let created = cx.send(&HttpRequest::post("/rooms").json(&json!({"hostUserName": "Host_1"})))?;
            let room = cx.created_room(created.expect_status(201)?)?;
            expect_eq("exchange", &created.json()?["exchange"], &json!(true))?;
            let joined = cx.send(&room.join())?.expect_status(200)?.json()?;
            expect_eq("exchange", &joined["exchange"], &json!(true))
        }),
        case("a version grows with every change that the peer has not made itself", |cx| {
            let room = cx.new_joined()?;
            let mut last = version(cx, &room, &room.host)?;
            for (request, grows) in [
                (room.offer(), false),
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
        case("invalid cursors and timeouts are ignored", |cx| {
            let room = cx.open()?;
            for number in [json!("x"), json!(-1), json!(null), json!(1.5), json!([])] {
                let request = room.exchange(&room.host, json!({"since": number, "wait": number}));
                cx.send(&request)?.expect_status(200)?;
            }
            for query in ["?since=x", "?since=-1", "?since"] {
                cx.send(&room.get(&format!("/candidates{query}"), &room.host))?.expect_status(200)?;
            }
            Ok(())
        }),
    ]
}

/// What an exchange posts on behalf of this attempt.
fn attempt(number: u64, mut content: Value) -> Value {
    content["attempt"] = number.into();
    content
}

fn posts() -> Vec<Case> {
    vec![
        case("an exchange posts a description and candidates, and returns the room with the other peer's", |cx| {
            let room = cx.new_joined()?;
            let offered = exchange(cx, &room, &room.host, batch("offer", 1..3))?;
            expect_eq("status", &offered["status"], &json!("joined"))?;
            expect_eq("offer.type", &offered["offer"]["type"], &json!("offer"))?;
            expect_eq("candidates", &lines(&offered["candidates"]["items"]), &json!([]))?;
            let answered = exchange(cx, &room, &room.guest, batch("answer", 3..4))?;
            expect_eq("status", &answered["status"], &json!("paired"))?;
            expect_eq("candidates", &lines(&answered["candidates"]["items"]), &json!([candidate(1), candidate(2)]))?;
            let last = exchange(cx, &room, &room.host, json!({"since": offered["version"]}))?;
            expect_eq("answer.type", &last["answer"]["type"], &json!("answer"))?;
            expect_eq("candidates", &lines(&last["candidates"]["items"]), &json!([candidate(3)]))
        }),
        case("a repeated exchange changes nothing, also when the room is paired", |cx| {
            let room = cx.new_joined()?;
            let first = exchange(cx, &room, &room.host, batch("offer", 1..3))?;
            expect_eq("the room", &exchange(cx, &room, &room.host, batch("offer", 1..3))?, &first)?;
            let paired = exchange(cx, &room, &room.guest, batch("answer", 1..2))?;
            exchange(cx, &room, &room.host, batch("offer", 1..3))?;
            expect_eq("the room", &exchange(cx, &room, &room.guest, batch("answer", 1..2))?, &paired)
        }),
        case("an exchange that is refused posts nothing", |cx| {
            let room = cx.new_joined()?;
            for (content, status, error) in [
                (json!({"description": description("offer"), "candidates": [line(1), {}]}), 400, "bad_candidate"),
                (json!({"description": description("offer"), "candidates": [line(1), null]}), 400, "bad_candidate"),
                (json!({"description": description("answer"), "candidates": [line(1)]}), 400, "bad_sdp"),
                (json!({"description": {"type": "offer"}, "candidates": [line(1)]}), 400, "bad_sdp"),
                (batch("offer", 0..MAX_CANDIDATES + 1), 409, "too_many_candidates"),
            ] {
                cx.send(&room.exchange(&room.host, content))?.expect_error(&[(status, error)])?;
            }
            cx.send(&room.exchange(&room.guest, batch("answer", 1..2)))?.expect_error(&[(409, "no_offer")])?;
            for token in [&room.host, &room.guest] {
                let body = exchange(cx, &room, token, json!({}))?;
                expect_eq("offer", &body["offer"], &Value::Null)?;
                expect_eq("candidates", &lines(&body["candidates"]["items"]), &json!([]))?;
            }
            Ok(())
        }),
        case("descriptions are final in a paired room", |cx| {
            let room = cx.new_paired()?;
            let other = json!({"type": "offer", "sdp": sdp(300)});
            let request = room.exchange(&room.host, json!({"description": other, "candidates": [line(1)]}));
            cx.send(&request)?.expect_error(&[(409, "already_paired")])?;
            let body = exchange(cx, &room, &room.guest, json!({}))?;
            expect_eq("candidates", &lines(&body["candidates"]["items"]), &json!([]))
        }),
        case("an offer with a larger attempt replaces what belongs to the last one", |cx| {
            let room = cx.new_paired()?;
            let read = exchange(cx, &room, &room.guest, json!({}))?;
            let offered = exchange(cx, &room, &room.host, attempt(1, batch("offer", 1..3)))?;
            expect_eq("status", &offered["status"], &json!("joined"))?;
            expect_eq("attempt", &offered["attempt"], &json!(1))?;
            expect_eq("answer", &offered["answer"], &Value::Null)?;
            let news = exchange(cx, &room, &room.guest, json!({"since": read["version"], "wait": 20}))?;
            expect_eq("attempt", &news["attempt"], &json!(1))?;
            expect_eq("candidates", &lines(&news["candidates"]["items"]), &json!([candidate(1), candidate(2)]))?;
            let answered = exchange(cx, &room, &room.guest, attempt(1, batch("answer", 3..4)))?;
            expect_eq("status", &answered["status"], &json!("paired"))
        }),
        case("what belongs to an older attempt is not posted, and only an offer begins one", |cx| {
            let room = cx.new_paired()?;
            for ahead in [attempt(1, batch("answer", 1..2)), attempt(1, json!({"candidates": [line(1)]}))] {
                cx.send(&room.exchange(&room.guest, ahead))?.expect_error(&[(409, "no_offer")])?;
            }
            exchange(cx, &room, &room.host, attempt(2, batch("offer", 1..2)))?;
            let before = exchange(cx, &room, &room.host, json!({}))?;
            expect_eq("attempt", &before["attempt"], &json!(2))?;
            let read = exchange(cx, &room, &room.guest, json!({}))?;
            for late in [batch("answer", 1..2), attempt(1, json!({"candidates": [line(1)]}))] {
                expect_eq("the room", &exchange(cx, &room, &room.guest, late)?, &read)?;
            }
            let waiting = json!({"candidates": [line(1)], "since": read["version"], "wait": 20});
            let start = cx.transport.now();
            let answered = exchange(cx, &room, &room.guest, waiting)?;
            ensure(cx.transport.now() - start < PROMPT, || "it was not answered at once".to_owned())?;
            expect_eq("attempt", &answered["attempt"], &json!(2))?;
            let late = attempt(1, batch("offer", 2..4));
            expect_eq("the room", &exchange(cx, &room, &room.host, late)?, &before)
        }),
        case("an exchange names an existing room and has a token of it", |cx| {
            let room = cx.open()?;
            cx.send(&room.exchange(&"x".repeat(43), json!({})))?.expect_error(&[(403, "forbidden")])?;
            for unknown in [json!("22222222"), json!("x"), json!(7), json!(null)] {
                let request = room.exchange(&room.host, json!({"room": unknown}));
                cx.send(&request)?.expect_error(&[(404, "not_found")])?;
            }
            cx.send(&room.exchange(&room.host, json!({})).raw("x"))?.expect_error(&[(400, "bad_json")])?;
            let unversioned = room.exchange(&room.host, json!({})).without("X-Registry-Version");
            cx.send(&unversioned)?.expect_error(&[(400, "missing_version")])
        }),
    ]
}

fn long_polls() -> Vec<Case> {
    vec![
        case("an exchange with an older version is answered at once with all news since", |cx| {
            let room = cx.new_joined()?;
            let before = version(cx, &room, &room.guest)?;
            cx.send(&room.offer())?.expect_status(204)?;
            cx.send(&room.candidate(&room.host, 1))?.expect_status(204)?;
            for content in
                [json!({"since": before as u64, "wait": 20}), json!({"wait": 20}), json!({"since": before as u64})]
            {
                let start = cx.transport.now();
                let body = exchange(cx, &room, &room.guest, content)?;
                ensure(cx.transport.now() - start < PROMPT, || "it was not answered at once".to_owned())?;
                expect_eq("offer.type", &body["offer"]["type"], &json!("offer"))?;
                expect_eq("candidates", &lines(&body["candidates"]["items"]), &json!([candidate(1)]))?;
            }
            Ok(())
        }),
        case("an exchange times out without news", |cx| {
            let room = cx.new_joined()?;
            let before = version(cx, &room, &room.host)?;
            let start = cx.transport.now();
            let body = exchange(cx, &room, &room.host, json!({"since": before as u64, "wait": 1}))?;
            let took = cx.transport.now() - start;
            let second = Duration::from_secs(1);
            ensure((second..second + PROMPT).contains(&took), || format!("it took {} ms", took.as_millis()))?;
            expect_eq("version", &body["version"], &json!(before as u64))
        }),
        case("an exchange is answered when the offer is posted", |cx| {
            let room = cx.new_joined()?;
            let body = update(cx, &room, &room.guest, &room.offer())?;
            expect_eq("offer.type", &body["offer"]["type"], &json!("offer"))
        }),
        case("an exchange is answered when the answer is posted", |cx| {
            let room = cx.new_joined()?;
            cx.send(&room.offer())?.expect_status(204)?;
            let body = update(cx, &room, &room.host, &room.answer())?;
            expect_eq("answer.type", &body["answer"]["type"], &json!("answer"))?;
            expect_eq("status", &body["status"], &json!("paired"))
        }),
        case("an exchange is answered when the guest joins", |cx| {
            let room = cx.new_room()?;
            let body = update(cx, &room, &room.host, &room.join())?;
            expect_eq("status", &body["status"], &json!("joined"))
        }),
        case("an exchange is answered with a new candidate of the other peer", |cx| {
            let room = cx.new_joined()?;
            cx.send(&room.candidate(&room.guest, 1))?.expect_status(204)?;
            let body = update(cx, &room, &room.host, &room.candidate(&room.guest, 2))?;
            expect_eq("mode", &body["candidates"]["mode"], &json!("delta"))?;
            expect_eq("lastSeq", &body["candidates"]["lastSeq"], &json!(2))?;
            expect_eq("candidates", &lines(&body["candidates"]["items"]), &json!([candidate(2)]))
        }),
        case("an exchange is answered by the other peer's exchange", |cx| {
            let room = cx.new_joined()?;
            let body = update(cx, &room, &room.guest, &room.exchange(&room.host, batch("offer", 1..3)))?;
            expect_eq("offer.type", &body["offer"]["type"], &json!("offer"))?;
            expect_eq("candidates", &lines(&body["candidates"]["items"]), &json!([candidate(1), candidate(2)]))
        }),
        case("what a peer posts itself does not answer its exchange", |cx| {
            let room = cx.new_joined()?;
            let before = version(cx, &room, &room.host)?;
            let waiting = room.exchange(&room.host, json!({"since": before as u64, "wait": 1}));
            let both = cx.send_during_poll(&waiting, &room.exchange(&room.host, batch("offer", 1..3)))?;
            both.other.expect_status(200)?;
            let waited = !both.early && both.latency > Duration::from_millis(300);
            ensure(waited, || format!("it was answered {} ms after the change", both.latency.as_millis()))?;
            let body = both.poll.expect_status(200)?.json()?;
            expect_eq("version", &body["version"], &json!(before as u64))?;
            expect_eq("offer.type", &body["offer"]["type"], &json!("offer"))
        }),
        case("an exchange ends when the room is closed", |cx| {
            let room = cx.new_joined()?;
            let before = version(cx, &room, &room.guest)?;
            let both = cx.send_during_poll(&waiting(&room, &room.guest, before), &room.post("/close", &room.host))?;
            check_prompt(&both)?;
            both.poll.expect_error(&[(404, "not_found")])
        }),
    ]
}

fn candidates() -> Vec<Case> {
    vec![case("candidates can be listed from a sequence number on", |cx| {
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
    })]
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

fn join_codes() -> Vec<Case> {
    vec![
        case("a host replaces its join code: the earlier one admits nobody", |cx| {
            let mut room = cx.new_room()?;
            let old = room.join();
            let replaced = cx.send(&room.post("/join-code", &room.host))?.expect_status(200)?.json()?;
            ensure(replaced["expiresAt"].is_u64(), || "expiresAt is missing".to_owned())?;
            room.join_code = text(&replaced, "joinCode")?;
            cx.send(&old)?.expect_error(&[(403, "bad_join_code")])?;
            cx.send(&room.join())?.expect_status(200)?;
            Ok(())
        }),
        case("only the host of an open room replaces its join code", |cx| {
            let room = cx.new_joined()?;
            cx.send(&room.post("/join-code", &room.guest))?.expect_error(&[(403, "forbidden")])?;
            cx.send(&room.post("/join-code", &room.host))?.expect_error(&[(409, "not_open")])
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
        case("60 exchanges in 10 seconds are permitted, both peers together", |cx| {
            let room = cx.new_joined()?;
            for n in 0..RATE_EXCHANGE.count {
                let token = if n % 2 == 0 { &room.host } else { &room.guest };
                cx.send_at_once(&room.exchange(token, json!({})))?.expect_status(200)?;
            }
            Ok(())
        }),
        case("what exchanges post does not count as single posts", |cx| {
            let room = cx.new_joined()?;
            for n in 0..MAX_CANDIDATES {
                cx.send_at_once(&room.exchange(&room.host, json!({"candidates": [line(n)]})))?.expect_status(200)?;
            }
            cx.send_at_once(&room.offer())?.expect_status(204).map(drop)
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

/// The response to an exchange of `content` by the holder of `token`.
fn exchange(cx: &mut Context<'_>, room: &Room, token: &str, content: Value) -> Result<Value, Failure> {
    cx.send(&room.exchange(token, content))?.expect_status(200)?.json()
}

/// The room's version as the holder of `token` sees it.
fn version(cx: &mut Context<'_>, room: &Room, token: &str) -> Result<f64, Failure> {
    number(&exchange(cx, room, token, json!({}))?, "version")
}

/// An exchange that waits for news after `version`.
fn waiting(room: &Room, token: &str, version: f64) -> HttpRequest {
    room.exchange(token, json!({"since": version as u64, "wait": 20}))
}

/// Sends `then` while the holder of `token` waits, and returns the response to the exchange.
fn update(cx: &mut Context<'_>, room: &Room, token: &str, then: &HttpRequest) -> Result<Value, Failure> {
    let before = version(cx, room, token)?;
    let both = cx.send_during_poll(&waiting(room, token, before), then)?;
    check_prompt(&both)?;
    let body = both.poll.expect_status(200)?.json()?;
    let after = number(&body, "version")?;
    ensure(after > before, || format!("the version went from {before} to {after}"))?;
    Ok(body)
}

fn check_prompt(both: &Overlap) -> Checked {
    ensure(both.other.status < 300, || format!("the other request has status {}", both.other.status))?;
    ensure(!both.early, || "it was answered before there was news".to_owned())?;
    ensure(both.latency < PROMPT, || format!("it was answered {} ms after the change", both.latency.as_millis()))
}

fn description(kind: &str) -> Value {
    json!({"type": kind, "sdp": sdp(200)})
}

/// A candidate as it is posted.
fn line(n: usize) -> Value {
    json!({"candidate": candidate(n), "sdpMid": "0", "sdpMLineIndex": 0})
}

/// A description of this kind together with candidates.
fn batch(kind: &str, candidates: Range<usize>) -> Value {
    json!({"description": description(kind), "candidates": candidates.map(line).collect::<Vec<_>>()})
}

/// The `candidate` strings of a candidate list.
fn lines(items: &Value) -> Value {
    let items = items.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().map(|item| item["candidate"].clone()).collect()
}
