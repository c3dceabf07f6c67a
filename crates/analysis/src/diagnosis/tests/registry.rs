//! Why requests fail, by what a probe has shown, and by where page and Registry are.

use registry_client::Event;
use registry_client::types::environment::Environment;
use registry_client::types::operation::Operation;
use registry_client::types::probe::{NoAnswer, ProbeAnswer, Probed, RegistryProbe};

use super::*;

fn failed<T>() -> Probed<T> {
    Err(NoAnswer::Failed("TypeError: Failed to fetch".into()))
}

fn answered(status: u16, of_a_registry: bool) -> Probed<ProbeAnswer> {
    Ok(ProbeAnswer { status, of_a_registry, ..ProbeAnswer::default() })
}

fn probe(opaque: Probed<()>, simple_cors: Probed<ProbeAnswer>, preflighted: Probed<ProbeAnswer>) -> RegistryProbe {
    RegistryProbe { opaque, simple_cors, preflighted, refused_headers: Vec::new(), mixed_content: false }
}

fn unreachable() -> RegistryProbe {
    probe(failed(), failed(), failed())
}

/// A room could not be created: the request failed after so many milliseconds.
fn fails(page: &str, registry: &str, took_ms: f64) -> Script {
    let environment = Environment {
        page_origin: page.into(),
        registry_url: registry.into(),
        has_web_rtc: true,
        online: true,
        ..Environment::default()
    };
    let operation = Operation::CreateRoom;
    let reason = "the Registry cannot be reached while creating the room: check its URL (TypeError: Failed to fetch)";
    Script::default()
        .and(Event::Environment(Box::new(environment)))
        .states(&[ConnectionState::Idle, ConnectionState::Creating])
        .and(Event::Request { id: 1, operation, bytes: 9 })
        .wait(took_ms)
        .and(Event::RequestFailed { id: 1, operation, duration_ms: took_ms, reason: reason.into() })
        .states(&[ConnectionState::Creating, ConnectionState::Error])
}

#[test]
fn a_probe_tells_why_requests_fail() {
    let (page, registry) = ("https://page.example", "https://registry.example");
    let http = "http://registry.example";
    let private = "https://192.168.0.9";
    let refused = RegistryProbe {
        refused_headers: vec!["X-Access-Token".into()],
        ..probe(Ok(()), answered(404, true), failed())
    };
    let slow = probe(Err(NoAnswer::TimedOut), failed(), failed());
    for (what, registry, took_ms, probe, expected) in [
        ("nothing known", registry, 9.0, None, Cause::RegistryUnreachable),
        ("nothing known, and slow", registry, 10_000.0, None, Cause::RegistrySilent),
        ("down", registry, 9.0, Some(unreachable()), Cause::RegistryUnreachable),
        ("packets are dropped", registry, 9.0, Some(slow), Cause::RegistrySilent),
        ("CORS", registry, 9.0, Some(self::probe(Ok(()), failed(), failed())), Cause::OriginRefused),
        ("preflight", registry, 9.0, Some(refused), Cause::HeadersRefused),
        (
            "nothing of that path",
            registry,
            9.0,
            Some(self::probe(Ok(()), answered(404, false), failed())),
            Cause::WrongAddress,
        ),
        ("a login page", registry, 9.0, Some(self::probe(Ok(()), answered(200, false), failed())), Cause::NotARegistry),
        ("mixed content, by the addresses", http, 9.0, None, Cause::InsecureRegistry),
        (
            "mixed content, by the probe",
            registry,
            9.0,
            Some(RegistryProbe { mixed_content: true, ..unreachable() }),
            Cause::InsecureRegistry,
        ),
        ("a private network", private, 9.0, Some(unreachable()), Cause::PrivateNetworkDenied),
        (
            "a private network that answers",
            private,
            9.0,
            Some(self::probe(Ok(()), failed(), failed())),
            Cause::OriginRefused,
        ),
    ] {
        let script = fails(page, registry, took_ms);
        let script = probe.into_iter().fold(script, |script, probe| script.and(Event::Probe(probe)));
        assert_eq!(script.causes(), [expected], "{what}");
        script.findings().iter().for_each(is_sound);
    }
}

#[test]
fn the_same_network_is_not_a_private_one_seen_from_outside() {
    for page in ["http://localhost:8080", "http://192.168.0.2", "https://printer.local"] {
        let script = fails(page, "https://192.168.0.9", 9.0).and(Event::Probe(unreachable()));
        assert_eq!(script.causes(), [Cause::RegistryUnreachable], "{page}");
    }
}

#[test]
fn a_probe_that_succeeds_shows_that_it_was_chance() {
    let works = probe(Ok(()), answered(404, true), answered(404, true));
    let script = fails("https://page.example", "https://registry.example", 9.0).and(Event::Probe(works));
    assert_eq!(script.causes(), [Cause::RequestLost]);
    let slow = fails("https://page.example", "https://registry.example", 10_000.0);
    let works = probe(Ok(()), answered(404, true), answered(404, true));
    assert_eq!(slow.and(Event::Probe(works)).causes(), [Cause::RegistrySilent]);
}

#[test]
fn a_404_to_joining_is_a_registrys_unless_a_probe_shows_otherwise() {
    let joining = |probe: Option<RegistryProbe>| {
        let operation = Operation::JoinRoom;
        let response = Event::Response {
            id: 1,
            operation,
            status: 404,
            duration_ms: 5.0,
            bytes: 20,
            code: Some("not_found".into()),
        };
        let script = Script::default()
            .states(&[ConnectionState::Idle, ConnectionState::Joining])
            .and(response)
            .states(&[ConnectionState::Joining, ConnectionState::Error]);
        probe.into_iter().fold(script, |script, probe| script.and(Event::Probe(probe)))
    };
    assert_eq!(joining(None).causes(), [Cause::RoomUnknown]);
    let registry = probe(Ok(()), answered(404, true), answered(404, true));
    assert_eq!(joining(Some(registry)).causes(), [Cause::RoomUnknown]);
    let other = probe(Ok(()), answered(404, false), answered(404, false));
    assert_eq!(joining(Some(other)).causes(), [Cause::WrongAddress]);
}

#[test]
fn foreign_words_are_kept_apart_from_our_own() {
    let script = fails("https://page.example", "https://registry.example", 9.0).and(Event::Probe(unreachable()));
    let finding = &script.findings()[0];
    assert!(!finding.explanation.contains("fetch") && !finding.explanation.contains("example"));
    let said: Vec<_> = finding.quotes.iter().map(|quote| (quote.source, quote.text.as_str())).collect();
    let browser = (Source::Browser, "TypeError: Failed to fetch");
    assert_eq!(said, [(Source::Address, "https://registry.example"), browser]);
}
