use registry_client::check::{LoopbackStep, ServerError};
use registry_client::protocol::EpochMs;
use registry_client::types::candidate_line::CandidateLine;
use registry_client::types::probe::{NoAnswer, ProbeAnswer, Probed};
use serde_json::Value;

use super::*;
use crate::settings::{Login, PageSettings};

const ORIGIN: &str = "https://page.example";
const OWN: &str = "candidate:1 1 udp 9 192.168.0.2 5000 typ host";
const SEEN: &str = "candidate:2 1 udp 9 198.51.100.1 6000 typ srflx raddr 192.168.0.2 rport 5000";
const RELAY: &str = "candidate:3 1 udp 9 203.0.113.9 7000 typ relay raddr 198.51.100.1 rport 6000";

fn plan(registry: &str, stun: &str, turn: &[&str]) -> Plan {
    let mut set = PageSettings { registry_url: registry.into(), stun_url: stun.into(), ..PageSettings::default() };
    for (index, url) in turn.iter().enumerate() {
        if index > 0 {
            set.add_turn_row();
        }
        set.set_turn_row(index, (*url).to_owned());
        set.change_login(index, |login| {
            *login = Login { username: "user-name-7".into(), credential: "tr0ub4dor".into() }
        });
    }
    Plan::of(&set, ORIGIN)
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn gathered(lines: &[&str]) -> Gathering {
    let candidates = lines.iter().map(|line| (ms(20), CandidateLine::parse(line).unwrap())).collect();
    Gathering { candidates, complete: true, took: ms(40), ..Gathering::default() }
}

fn with_errors(codes: &[u16], lines: &[&str]) -> Gathering {
    let error = |code: &u16| (ms(30), ServerError { code: *code, text: "some \u{202e}words".into() });
    Gathering { errors: codes.iter().map(error).collect(), ..gathered(lines) }
}

fn silent(lines: &[&str]) -> Gathering {
    Gathering { complete: false, took: LIMIT, ..gathered(lines) }
}

fn failed<T>() -> Probed<T> {
    Err(NoAnswer::Failed("TypeError: Failed to fetch".into()))
}

fn answer(of_a_registry: bool) -> ProbeAnswer {
    ProbeAnswer { status: 404, of_a_registry, took: ms(12), received: EpochMs(1_600_000), ..ProbeAnswer::default() }
}

fn probe(opaque: Probed<()>, simple_cors: Probed<ProbeAnswer>, preflighted: Probed<ProbeAnswer>) -> Observation {
    let (refused_headers, mixed_content) = (Vec::new(), false);
    Observation::Registry(RegistryProbe { opaque, simple_cors, preflighted, refused_headers, mixed_content })
}

fn after(plan: Plan, observations: Vec<Observation>) -> Check {
    let mut check = Check::new(plan);
    observations.into_iter().for_each(|observation| check.see(observation));
    check
}

fn line(check: &Check, id: &str) -> Line {
    check.lines().into_iter().find(|line| line.id == id).unwrap_or_else(|| panic!("there is no line {id}"))
}

/// The causes of the lines about the Registry: address, permission, clock.
fn about_registry(observation: Observation) -> [&'static str; 3] {
    let check = after(plan("https://r.example", "", &[]), vec![observation]);
    ["registry", "cors", "clock"].map(|id| line(&check, id).cause)
}

fn server(plan: Plan, gathering: Gathering) -> Line {
    let id = if plan.servers[0].kind == Kind::Stun { "stun-1" } else { "turn-1" };
    line(&after(plan, vec![Observation::Server(0, gathering)]), id)
}

#[test]
fn what_is_wrong_with_the_registry_is_one_line_and_the_others_are_skipped() {
    let none = "no-registry";
    assert_eq!(about_registry(probe(failed(), failed(), failed())), ["registry-unreachable", none, none]);
    assert_eq!(about_registry(probe(Err(NoAnswer::TimedOut), failed(), failed())), ["registry-silent", none, none]);
    assert_eq!(about_registry(probe(Ok(()), failed(), failed())), ["ok", "origin-refused", none]);
    let other = || Ok(answer(false));
    assert_eq!(about_registry(probe(Ok(()), other(), other())), ["no-registry", none, "hidden-date"]);
    let fine = || Ok(answer(true));
    assert_eq!(about_registry(probe(Ok(()), fine(), fine())), ["ok", "ok", "hidden-date"]);
    assert_eq!(about_registry(probe(Ok(()), fine(), failed())), ["ok", "headers-refused", "hidden-date"]);
    let Observation::Registry(blocked) = probe(failed(), failed(), failed()) else { unreachable!() };
    let blocked = Observation::Registry(RegistryProbe { mixed_content: true, ..blocked });
    assert_eq!(about_registry(blocked), ["mixed-content", none, none]);
}

#[test]
fn the_refused_origin_and_headers_are_named() {
    let check = after(plan("https://r.example", "", &[]), vec![probe(Ok(()), failed(), failed())]);
    assert!(line(&check, "cors").advice.contains(ORIGIN));
    let Observation::Registry(probe) = probe(Ok(()), Ok(answer(true)), failed()) else { unreachable!() };
    let probe = RegistryProbe { refused_headers: vec!["X-Access-Token".to_owned()], ..probe };
    let check = after(plan("https://r.example", "", &[]), vec![Observation::Registry(probe)]);
    assert!(line(&check, "cors").words.contains("X-Access-Token"));
}

#[test]
fn a_bad_address_is_not_asked() {
    let check = Check::new(plan("ftp://x", "", &[]));
    assert_eq!(
        ["registry", "cors", "clock"].map(|id| line(&check, id).verdict),
        [Verdict::Failed, Verdict::Skipped, Verdict::Skipped]
    );
}

#[test]
fn the_clock_differs_only_where_that_can_be_known() {
    for (date, cause, words) in [
        (1_600_000, "ok", "agrees"),
        (1_580_000, "ok", "agrees"),
        (1_000_000, "clocks-differ", "9:59 ahead of"),
        (2_200_000, "clocks-differ", "behind"),
    ] {
        let answer = || Ok(ProbeAnswer { date: Some(EpochMs(date)), ..answer(true) });
        let check = after(plan(ORIGIN, "", &[]), vec![probe(Ok(()), answer(), answer())]);
        let line = line(&check, "clock");
        assert_eq!(line.cause, cause, "{date}");
        assert!(line.words.contains(words), "{}", line.words);
    }
}

#[test]
fn a_registry_of_the_same_origin_needs_no_permission() {
    for (registry, same) in [(ORIGIN, true), ("https://page.example/base", true), ("https://page.example.org", false)] {
        assert_eq!(plan(registry, "", &[]).is_same_origin(), same, "{registry}");
    }
}

#[test]
fn a_stun_server_that_answers_is_fine_whatever_other_adapters_do() {
    let one = || plan(ORIGIN, "stun:s", &[]);
    let seen = server(one(), with_errors(&[701], &[OWN, SEEN]));
    assert_eq!((seen.cause, seen.took, seen.address.map(|place| place.port)), ("ok", Some(ms(20)), Some(6000)));
    assert_eq!(server(one(), gathered(&[OWN])).cause, "ok", "it sees the own address");
    assert_eq!(server(one(), with_errors(&[701], &[OWN])).cause, "server-unreachable");
    assert_eq!(server(one(), silent(&[OWN])).cause, "server-silent");
    assert_eq!(server(one(), gathered(&[])).cause, "no-candidates");
    assert_eq!(server(one(), gathered(&["candidate:1 1 udp 9 a.local 5000 typ host"])).cause, "no-candidates");
}

#[test]
fn a_turn_server_is_told_by_what_it_answers() {
    let one = || plan(ORIGIN, "", &["turn:t?transport=tcp"]);
    let relays = server(one(), gathered(&[RELAY]));
    assert_eq!((relays.title, relays.cause, relays.subject.as_str()), ("TURN over TCP", "ok", "turn:t?transport=tcp"));
    for (codes, cause) in [
        (&[701, 401][..], "wrong-credentials"),
        (&[441], "wrong-credentials"),
        (&[403], "forbidden"),
        (&[486], "no-capacity"),
        (&[701], "server-unreachable"),
        (&[437], "server-error"),
    ] {
        let line = server(one(), with_errors(codes, &[]));
        assert_eq!((line.cause, line.verdict), (cause, Verdict::Failed), "{codes:?}");
        assert!(!line.words.contains('\u{202e}') && !line.advice.is_empty());
    }
    assert!(server(one(), silent(&[])).advice.contains("TLS"));
    assert_eq!(server(one(), gathered(&[])).cause, "no-candidates");
    let ports = [":1", ":3478", ":443", ""]
        .map(|port| server(plan(ORIGIN, "", &[&format!("turn:t{port}")]), gathered(&[])).cause);
    assert_eq!(ports, ["forbidden-port", "no-candidates", "no-candidates", "no-candidates"]);
    let refused = Gathering { refused: Some(WebRtcError::BadConfiguration("no".into())), ..gathered(&[]) };
    assert_eq!(server(one(), refused).cause, "unsupported");
}

#[test]
fn each_url_is_a_server_by_itself_and_one_that_cannot_be_used_says_why() {
    let mut set =
        PageSettings { registry_url: ORIGIN.into(), stun_url: "stun:a, http://b".into(), ..PageSettings::default() };
    set.turn_url = "turn:t, turns:t:443".into();
    let check = Check::new(Plan::of(&set, ORIGIN));
    let titles: Vec<_> = check
        .lines()
        .into_iter()
        .filter(|line| !line.subject.is_empty())
        .map(|line| (line.title, line.cause))
        .collect();
    let bad = "bad-setting";
    let expected =
        [("Registry", "running"), ("STUN", "running"), ("STUN", bad), ("TURN over UDP", bad), ("TURN over TLS", bad)];
    assert_eq!(titles, expected);
    let none = Check::new(plan(ORIGIN, "", &[]));
    assert_eq!(["stun", "turn"].map(|id| line(&none, id).verdict), [Verdict::Skipped; 2]);
}

#[test]
fn the_kind_of_nat_is_told_when_all_stun_servers_have_been_checked() {
    let other = "candidate:2 1 udp 9 198.51.100.1 6001 typ srflx raddr 192.168.0.2 rport 5000";
    let two = |together: &[&str], second: Gathering| {
        let observations = vec![
            Observation::Together(gathered(together)),
            Observation::Server(0, gathered(&[OWN, SEEN])),
            Observation::Server(1, second),
        ];
        line(&after(plan(ORIGIN, "stun:a stun:b", &[]), observations), "nat").cause
    };
    assert_eq!(two(&[OWN, SEEN], gathered(&[OWN, SEEN])), "endpoint-independent");
    assert_eq!(two(&[OWN, SEEN, other], gathered(&[OWN, other])), "address-dependent");
    assert_eq!(two(&[OWN, SEEN], silent(&[OWN])), "one-server");
    let early = after(plan(ORIGIN, "stun:a stun:b", &[]), vec![Observation::Together(gathered(&[OWN, SEEN]))]);
    assert_eq!(line(&early, "nat").verdict, Verdict::Running);
    assert_eq!(line(&Check::new(plan(ORIGIN, "stun:a", &[])), "nat").cause, "one-server");
}

#[test]
fn a_handshake_within_the_page_is_told_by_its_step() {
    let of = |outcome| {
        let check = after(plan(ORIGIN, "", &[]), vec![Observation::WebRtc(None), Observation::Loopback(outcome)]);
        ["loopback", "message"].map(|id| line(&check, id).cause)
    };
    assert_eq!(of(Ok(Loopback { opened: ms(40), round_trip: ms(2) })), ["ok", "ok"]);
    assert_eq!(of(Err(LoopbackError::TimedOut(LoopbackStep::Path, 3, None))), ["no-path", "no-channel"]);
    let failed = |step, opened| Err(LoopbackError::Failed(step, "no".into(), opened));
    assert_eq!(of(failed(LoopbackStep::Descriptions, None)), ["no-handshake", "no-channel"]);
    assert_eq!(of(failed(LoopbackStep::Message, Some(ms(40)))), ["ok", "no-message"]);
}

#[test]
fn without_webrtc_one_line_fails_and_the_others_are_skipped() {
    let refused = Observation::WebRtc(Some(WebRtcError::Unsupported("none".into())));
    let check = after(plan(ORIGIN, "stun:a stun:b", &["turn:t"]), vec![refused]);
    assert_eq!(line(&check, "webrtc").cause, "no-webrtc");
    for id in ["stun-1", "stun-2", "turn-1", "nat", "loopback", "message"] {
        assert_eq!(line(&check, id).verdict, Verdict::Skipped, "{id}");
    }
}

fn complete() -> Check {
    let fine = || Ok(answer(true));
    let observations = vec![
        Observation::WebRtc(None),
        probe(Ok(()), fine(), fine()),
        Observation::Server(0, gathered(&[OWN, SEEN])),
        Observation::Server(1, gathered(&[RELAY])),
        Observation::Loopback(Ok(Loopback { opened: ms(40), round_trip: ms(2) })),
        Observation::Over(ms(90)),
    ];
    after(plan("https://r.example", "stun:s", &["turn:t"]), observations)
}

#[test]
fn the_summary_counts_what_is_to_do() {
    let check = complete();
    assert_eq!((check.verdict(), check.summary().as_str()), (Verdict::Ok, "Nothing wrong was found"));
    assert!(check.is_over() && check.lines().iter().all(|line| !line.words.is_empty()));
    let fresh = Check::new(plan("https://r.example", "stun:s", &["turn:t"]));
    assert_eq!((fresh.verdict(), fresh.summary().as_str()), (Verdict::Running, "Checking, 8 to go"));
    let mut worse = complete();
    worse.see(Observation::Server(0, silent(&[OWN])));
    assert_eq!((worse.verdict(), worse.summary().as_str()), (Verdict::Failed, "1 failed"));
}

#[test]
fn the_report_has_no_login_and_addresses_only_if_they_are_asked_for() {
    let circumstances = Circumstances { at: "2026-01-01T00:00:00.000Z".into(), browser: "Browser/1".into() };
    let report = |with_addresses| complete().report(&circumstances, with_addresses);
    let (masked, shown) = (report(false), report(true));
    for text in [masked.as_str(), shown.as_str()] {
        assert!(!text.contains("tr0ub4dor") && !text.contains("user-name-7"), "{text}");
    }
    assert!(!masked.as_str().contains("198.51.100.1") && !masked.as_str().contains("203.0.113.9"), "{masked:?}");
    assert!(shown.as_str().contains("198.51.100.1:6000"));
    let value: Value = masked.value();
    assert_eq!((value["format"].as_str(), value["version"].as_u64()), (Some("registry-harness-check"), Some(1)));
    assert_eq!(
        (value["verdict"].as_str(), value["addresses"].as_str(), value["tookMs"].as_u64()),
        (Some("ok"), Some("masked"), Some(90))
    );
    let stun = value["checks"].as_array().unwrap().iter().find(|entry| entry["id"] == "stun-1").unwrap();
    assert_eq!(
        (&stun["subject"], &stun["address"], &stun["tookMs"]),
        (&"stun:s".into(), &"198.x.x.x:6000".into(), &20.into())
    );
}

#[test]
fn an_address_is_masked_in_every_form() {
    for (address, text) in
        [("198.51.100.1", "198.x.x.x:5"), ("2001:db8::1", "[2001:x]:5"), ("f3a0.local", "x:5"), ("::1", "[:x]:5")]
    {
        assert_eq!(masked(&Place { address: address.into(), port: 5 }), text);
    }
}
