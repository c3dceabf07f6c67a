//! What an extended Registry adds: versions, waiting, differences, tags, keys, and when to come again.

use std::time::Duration;

use registry_protocol::limits::RATE_JOIN;
use serde_json::{Value, json};

use super::{Case, Needs};
use crate::check::{Checked, Failure, ensure, number, same};
use crate::cx::Cx;
use crate::rooms::{Room, candidate, join};
use crate::{Ask, Meanwhile};

/// An answer that is due comes within this time.
const PROMPT: Duration = Duration::from_secs(1);

pub(super) fn cases() -> Vec<Case> {
    [versions(), waits(), candidates(), repeats(), limits()].into_iter().flatten().collect()
}

fn case(name: &str, run: impl Fn(&mut Cx<'_>) -> Checked + 'static) -> Case {
    Case { group: "extended", name: name.to_owned(), needs: Needs::Extended, run: Box::new(run) }
}

fn versions() -> Vec<Case> {
    vec![
        case("a version grows with every change, and not with the own candidates", |cx| {
            let room = cx.new_joined()?;
            let mut last = version(cx, &room, &room.host)?;
            for (ask, grows) in [
                (room.offer(), true),
                (room.candidate(&room.host, 1), false),
                (room.candidate(&room.guest, 1), true),
                (room.candidate(&room.guest, 1), false),
                (room.answer(), true),
            ] {
                cx.send(&ask)?.status(204)?;
                let now = version(cx, &room, &room.host)?;
                ensure(if grows { now > last } else { now == last }, || format!("from {last} to {now}"))?;
                last = now;
            }
            Ok(())
        }),
        case("a version is a whole number that JavaScript can hold", |cx| {
            let room = cx.open()?;
            let version = version(cx, &room, &room.host)?;
            ensure(version.fract() == 0.0 && (1.0..9e15).contains(&version), || version.to_string())
        }),
        case("queries that make no sense are ignored", |cx| {
            let room = cx.open()?;
            for query in ["?since=x&wait=y", "?since=-1&wait=-1", "?wait=", "?since", "?wait=1e9&since=1.5"] {
                cx.send(&room.get(query, &room.host))?.status(200)?;
            }
            Ok(())
        }),
    ]
}

fn waits() -> Vec<Case> {
    vec![
        case("a wait for an older version is answered at once, with all that is new", |cx| {
            let room = cx.new_joined()?;
            let before = version(cx, &room, &room.guest)?;
            cx.send(&room.offer())?.status(204)?;
            cx.send(&room.candidate(&room.host, 1))?.status(204)?;
            for ask in [
                room.get(&format!("?since={before}&wait=20"), &room.guest),
                waiting(&room, &room.guest, before),
                room.get("?wait=20", &room.guest),
                room.get(&format!("?since={before}"), &room.guest),
            ] {
                let begun = cx.transport.now();
                let body = cx.send(&ask)?.status(200)?.json()?;
                ensure(cx.transport.now() - begun < PROMPT, || "it waited".to_owned())?;
                same("offer.type", &body["offer"]["type"], &json!("offer"))?;
                same("candidates", &lines(&body["candidates"]["items"]), &json!([candidate(1)]))?;
            }
            Ok(())
        }),
        case("a wait ends in time without news", |cx| {
            let room = cx.new_joined()?;
            let before = version(cx, &room, &room.host)?;
            let ask = room.get(&format!("?since={before}&wait=1"), &room.host);
            let begun = cx.transport.now();
            let body = cx.send(&ask)?.status(200)?.json()?;
            let took = cx.transport.now() - begun;
            let second = Duration::from_secs(1);
            ensure((second..second + PROMPT).contains(&took), || format!("it took {} ms", took.as_millis()))?;
            same("version", &body["version"], &json!(before as u64))
        }),
        case("a wait is answered when the offer is posted", |cx| {
            let room = cx.new_joined()?;
            let body = news(cx, &room, &room.guest, &room.offer())?;
            same("offer.type", &body["offer"]["type"], &json!("offer"))
        }),
        case("a wait is answered when the answer is posted", |cx| {
            let room = cx.new_joined()?;
            cx.send(&room.offer())?.status(204)?;
            let body = news(cx, &room, &room.host, &room.answer())?;
            same("answer.type", &body["answer"]["type"], &json!("answer"))?;
            same("status", &body["status"], &json!("paired"))
        }),
        case("a wait is answered when the guest joins", |cx| {
            let room = cx.new_room()?;
            let body = news(cx, &room, &room.host, &room.join())?;
            same("status", &body["status"], &json!("joined"))
        }),
        case("a wait is answered by a candidate of the other side, and brings it", |cx| {
            let room = cx.new_joined()?;
            cx.send(&room.candidate(&room.guest, 1))?.status(204)?;
            let body = news(cx, &room, &room.host, &room.candidate(&room.guest, 2))?;
            same("mode", &body["candidates"]["mode"], &json!("delta"))?;
            same("lastSeq", &body["candidates"]["lastSeq"], &json!(2))?;
            same("candidates", &lines(&body["candidates"]["items"]), &json!([candidate(2)]))
        }),
        case("a wait ends with the room", |cx| {
            let room = cx.new_joined()?;
            let before = version(cx, &room, &room.guest)?;
            let both = cx.send_meanwhile(&waiting(&room, &room.guest, before), &room.post("/close", &room.host))?;
            prompt(&both)?;
            both.waiting.refused(&[(404, "not_found")])
        }),
        case("nobody waits without a token", |cx| {
            let room = cx.open()?;
            let ask = Ask::get(room.path("?wait=20")).token(&"x".repeat(43));
            cx.send(&ask)?.refused(&[(403, "forbidden")])
        }),
    ]
}

fn candidates() -> Vec<Case> {
    vec![
        case("candidates are shown from a number on", |cx| {
            let room = cx.new_joined()?;
            for n in 1..=3 {
                cx.send(&room.candidate(&room.host, n))?.status(204)?;
            }
            for (query, mode, expected) in [
                ("", "full", vec![1, 2, 3]),
                ("?since=0", "delta", vec![1, 2, 3]),
                ("?since=2", "delta", vec![3]),
                ("?since=3", "delta", vec![]),
            ] {
                let ask = room.get(&format!("/candidates{query}"), &room.guest);
                let body = cx.send(&ask)?.status(200)?.json()?;
                same("mode", &body["mode"], &json!(mode))?;
                same("lastSeq", &body["lastSeq"], &json!(3))?;
                let expected: Vec<_> = expected.into_iter().map(candidate).collect();
                same("items", &lines(&body["items"]), &json!(expected))?;
            }
            Ok(())
        }),
        case("candidates can be waited for", |cx| {
            let room = cx.new_joined()?;
            let ask = room.get("/candidates?since=0&wait=20", &room.guest);
            let both = cx.send_meanwhile(&ask, &room.candidate(&room.host, 1))?;
            prompt(&both)?;
            let body = both.waiting.status(200)?.json()?;
            same("items", &lines(&body["items"]), &json!([candidate(1)]))
        }),
    ]
}

fn repeats() -> Vec<Case> {
    vec![
        case("a tag that is known spares the snapshot", |cx| {
            let room = cx.new_joined()?;
            let first = cx.send(&room.get("", &room.host))?;
            let tag = first.status(200)?.header("ETag").ok_or_else(|| Failure::new("no ETag"))?.to_owned();
            let ask = room.get("", &room.host).header("If-None-Match", &tag);
            cx.send(&ask)?.status(304)?;
            cx.send(&room.offer())?.status(204)?;
            cx.send(&ask)?.status(200).map(drop)
        }),
        case("a candidate that is posted again with the same key changes nothing", |cx| {
            let room = cx.new_joined()?;
            for n in [1, 2] {
                cx.send(&room.candidate(&room.host, n).header("Idempotency-Key", "conformance-1"))?.status(204)?;
            }
            let body = cx.send(&room.get("/candidates", &room.guest))?.status(200)?.json()?;
            same("items", &lines(&body["items"]), &json!([candidate(1)]))
        }),
    ]
}

fn limits() -> Vec<Case> {
    let case = |name: &str, run: fn(&mut Cx<'_>) -> Checked| Case {
        group: "extended",
        name: name.to_owned(),
        needs: Needs::ExtendedLimits,
        run: Box::new(run),
    };
    vec![
        case("a refusal says when to come again, in the body and in a header", |cx| {
            let room = cx.new_joined()?;
            for _ in 0..50 {
                let answer = cx.send_at_once(&room.get("", &room.host))?;
                if answer.status == 429 {
                    let seconds = number(&answer.json()?["error"], "retryAfterSec")?;
                    let header = answer.header("Retry-After").and_then(|value| value.parse::<f64>().ok());
                    return ensure(header == Some(seconds), || format!("{header:?} and {seconds}"));
                }
            }
            Err(Failure::new("50 snapshots at once are not refused"))
        }),
        case("a join code cannot be guessed quickly: after a few wrong ones the right one must wait", |cx| {
            cx.pass(Duration::from_millis(RATE_JOIN.window_ms + 1000), "for the limit to be unused");
            let room = cx.new_room()?;
            let wrong = if room.join_code == "000000" { "000001" } else { "000000" };
            for _ in 1..RATE_JOIN.count {
                let answer = cx.send_at_once(&join(&room.code, wrong))?;
                if answer.status == 429 {
                    break;
                }
                answer.refused(&[(403, "bad_join_code")])?;
            }
            cx.send_at_once(&room.join())?.refused(&[(429, "rate_limited")])
        }),
    ]
}

/// The room's version for the holder of `token`.
fn version(cx: &mut Cx<'_>, room: &Room, token: &str) -> Result<f64, Failure> {
    number(&cx.send(&room.get("", token))?.status(200)?.json()?, "version")
}

/// A request that waits for what comes after `version`, at an address that never changes.
fn waiting(room: &Room, token: &str, version: f64) -> Ask {
    room.get("?wait=20", token).header("X-Registry-Version", format!("1;since={version}"))
}

/// What the holder of `token` is shown when `then` is done while it waits.
fn news(cx: &mut Cx<'_>, room: &Room, token: &str, then: &Ask) -> Result<Value, Failure> {
    let before = version(cx, room, token)?;
    let both = cx.send_meanwhile(&waiting(room, token, before), then)?;
    prompt(&both)?;
    let body = both.waiting.status(200)?.json()?;
    let after = number(&body, "version")?;
    ensure(after > before, || format!("version {before} became {after}"))?;
    Ok(body)
}

fn prompt(both: &Meanwhile) -> Checked {
    ensure(both.then.status < 300, || format!("the other request has status {}", both.then.status))?;
    ensure(!both.early, || "it did not wait".to_owned())?;
    ensure(both.after < PROMPT, || format!("it was answered {} ms after the change", both.after.as_millis()))
}

/// The lines of a list of candidates.
fn lines(items: &Value) -> Value {
    let items = items.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().map(|item| item["candidate"].clone()).collect()
}
