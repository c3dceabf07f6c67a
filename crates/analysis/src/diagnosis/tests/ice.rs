//! Candidates, servers, checks and the channel: what only a browser reports.
//!
//! tidy: long because it is one table of what there may be

use registry_client::error::{Diagnostics, TimeoutError, WebRtcError};
use registry_client::event::{CandidateStep, DescriptionStep};
use registry_client::types::environment::Environment;
use registry_client::types::pair::{CandidateEnd, CheckedPair};
use registry_client::types::rtc::{IceConnectionState, IceGatheringState, PeerConnectionState};
use registry_client::{Error, ErrorKind};

use super::*;

const HOST: &str = "candidate:1 1 udp 2122260223 192.168.0.2 4000 typ host";
const MDNS: &str = "candidate:1 1 udp 2122260223 5f3a.local 4000 typ host";
const LOOPBACK: &str = "candidate:1 1 udp 2122260223 127.0.0.1 4000 typ host";
const REFLEXIVE: &str = "candidate:2 1 udp 1686052607 203.0.113.7 50000 typ srflx raddr 192.168.0.2 rport 4000";
const REMAPPED: &str = "candidate:2 1 udp 1686052607 203.0.113.7 50001 typ srflx raddr 192.168.0.2 rport 4000";
const RELAY: &str = "candidate:3 1 udp 41885439 198.51.100.9 60000 typ relay raddr 203.0.113.7 rport 50000";
const THEIRS: &str = "candidate:1 1 udp 2122260223 192.168.7.7 4000 typ host";

const STUN: &str = "stun:stun.example:3478";
const OTHER_STUN: &str = "stun:other.example:3478";
const TURN: &str = "turn:turn.example:3478?transport=udp";
const TURN_TCP: &str = "turn:turn.example:3478?transport=tcp";

fn failure(kind: impl Into<ErrorKind>) -> Event {
    Event::Failure(Error::new(kind, Diagnostics::default()))
}

impl Script {
    /// A guest who has answered, with these candidates on both sides.
    fn answered(own: &[&str], theirs: &[&str]) -> Self {
        let description = sdp("peer");
        let bytes = description.bytes();
        let offer = |step| Event::Offer { step, bytes, sdp: sdp("peer") };
        let answer = |step| Event::Answer { step, bytes, sdp: sdp("own") };
        let script = Self::guest()
            .and(offer(DescriptionStep::Received))
            .and(offer(DescriptionStep::Applied))
            .and(answer(DescriptionStep::Created))
            .and(answer(DescriptionStep::Set))
            .and(Event::IceGatheringState(IceGatheringState::Gathering));
        let script = own.iter().fold(script, |script, line| script.own(CandidateStep::Gathered, line));
        let script = script.and(answer(DescriptionStep::Posted));
        let theirs = theirs.iter().fold(script, |script, line| {
            script.theirs(CandidateStep::Received, line, None).theirs(CandidateStep::Applied, line, None)
        });
        theirs.ice(IceConnectionState::Checking)
    }

    fn own(self, step: CandidateStep, line: &str) -> Self {
        self.and(Event::LocalCandidate { step, candidate: candidate(line), reason: None })
    }

    fn theirs(self, step: CandidateStep, line: &str, reason: Option<&str>) -> Self {
        let reason = reason.map(str::to_owned);
        self.and(Event::RemoteCandidate { step, candidate: candidate(line), reason })
    }

    fn ice(self, state: IceConnectionState) -> Self {
        self.and(Event::IceConnectionState(state))
    }

    fn complete(self) -> Self {
        self.and(Event::IceGatheringState(IceGatheringState::Complete))
    }

    fn server_error(self, url: &str, code: u16, text: &str) -> Self {
        self.and(Event::IceCandidateError { url: url.into(), code, text: text.into() })
    }

    fn silent(self, url: &str) -> Self {
        self.server_error(url, 701, "STUN binding request timed out.")
    }

    fn server_answered(self, url: &str) -> Self {
        self.and(Event::IceServerAnswered { url: url.into(), candidate: None, relay_protocol: None })
    }

    /// ICE gives up, and so does the client.
    fn fails(self) -> Self {
        self.wait(15_000.0)
            .ice(IceConnectionState::Failed)
            .and(Event::ConnectionState(PeerConnectionState::Failed))
            .states(&[ConnectionState::Connecting, ConnectionState::Error])
            .and(failure(WebRtcError::IceFailed))
    }

    fn connects(self) -> Self {
        self.ice(IceConnectionState::Connected)
            .and(Event::ConnectionState(PeerConnectionState::Connected))
            .states(&[ConnectionState::Connecting, ConnectionState::Connected])
    }

    fn in_environment(environment: Environment) -> Self {
        Self::default().and(Event::Environment(Box::new(environment)))
    }

    /// The same after something else.
    fn after(self, mut before: Self) -> Self {
        for entry in self.events {
            before.now_ms = entry.at_ms;
            before = before.and(entry.event.clone());
        }
        before.now_ms = self.now_ms;
        before
    }

    fn pairs(self, sent: u64, answered: u64, received: u64) -> Self {
        let end = |port| CandidateEnd {
            candidate_type: "host".into(),
            protocol: "udp".into(),
            address: "192.0.2.1".into(),
            port,
        };
        let pair = CheckedPair {
            local: end(1),
            remote: end(2),
            state: "failed".into(),
            nominated: false,
            requests_sent: sent,
            requests_received: received,
            responses_received: answered,
            round_trip_ms: None,
            bytes_sent: 0,
            bytes_received: 0,
        };
        self.and(Event::Pairs { pairs: vec![pair] })
    }
}

fn browser(relay_only: bool, ice_servers: &[&str]) -> Environment {
    Environment {
        has_web_rtc: true,
        online: true,
        relay_only,
        ice_servers: ice_servers.iter().map(|url| (*url).to_owned()).collect(),
        ..Environment::default()
    }
}

/// What is found in each script, the first first.
fn check(table: Vec<(&str, Script, &[Cause])>) {
    for (what, script, expected) in table {
        assert_eq!(script.causes(), expected, "{what}");
        script.findings().iter().for_each(is_sound);
    }
}

#[test]
fn servers_that_do_not_answer_and_errors_that_mean_nothing() {
    let gathered = || Script::answered(&[HOST], &[THEIRS]);
    check(vec![
        ("nothing yet", gathered(), &[]),
        ("no candidate in the offer, but one later", gathered().wait(2000.0), &[]),
        ("the first error of a server", gathered().silent(STUN), &[]),
        ("one address failed, another answered", gathered().silent(STUN).server_answered(STUN).complete(), &[]),
        ("answered first", gathered().server_answered(STUN).silent(STUN).complete(), &[]),
        ("dead", gathered().silent(STUN).complete(), &[Cause::StunUnreachable]),
        ("dead, with time", gathered().silent(STUN).wait(3000.0), &[Cause::StunUnreachable]),
        ("dead, though connected", gathered().connects().silent(STUN).complete(), &[Cause::StunUnreachable]),
        (
            "another one answered",
            Script::answered(&[HOST, REFLEXIVE], &[THEIRS]).silent(STUN).server_answered(OTHER_STUN).complete(),
            &[Cause::StunUnreachable],
        ),
        (
            "unknown name",
            gathered().server_error(STUN, 701, "STUN host lookup received error.").complete(),
            &[Cause::IceServerUnknown],
        ),
        ("dead TURN", gathered().connects().silent(TURN).complete(), &[Cause::TurnUnreachable]),
        ("wrong password", gathered().server_error(TURN, 401, "Unauthorized"), &[Cause::TurnCredentials]),
        (
            "wrong password and dead",
            gathered().server_error(TURN, 401, "Unauthorized").silent(TURN),
            &[Cause::TurnCredentials],
        ),
        ("stale", gathered().server_error(TURN, 438, "Stale Nonce").server_answered(TURN).complete(), &[]),
        ("quota", gathered().server_error(TURN, 486, "Allocation Quota Reached"), &[Cause::TurnRefused]),
    ]);
    let other = Script::answered(&[HOST, REFLEXIVE], &[THEIRS]).silent(STUN).server_answered(OTHER_STUN).complete();
    assert_eq!(other.findings()[0].severity, Severity::Note);
    assert_eq!(gathered().silent(STUN).complete().findings()[0].severity, Severity::Warning);
    let wrong = gathered().server_error(TURN, 401, "Unauthorized").findings();
    let said: Vec<_> = wrong[0].quotes.iter().map(|quote| (quote.source, quote.text.as_str())).collect();
    assert_eq!(said, [(Source::Server, TURN), (Source::Browser, "401 Unauthorized")]);
}

#[test]
fn relay_only() {
    let with = |relay_only, servers: &[&str], script: Script| {
        script.after(Script::in_environment(browser(relay_only, servers)))
    };
    let none = || Script::answered(&[], &[THEIRS]);
    check(vec![
        (
            "without TURN, before anything",
            Script::in_environment(browser(true, &[STUN])),
            &[Cause::RelayOnlyWithoutTurn],
        ),
        ("without TURN", with(true, &[STUN], none().complete().fails()), &[Cause::RelayOnlyWithoutTurn]),
        ("with TURN", with(true, &[TURN], Script::answered(&[RELAY], &[THEIRS]).complete().connects()), &[]),
        ("TURN is dead", with(true, &[TURN], none().silent(TURN).complete()), &[Cause::TurnUnreachable]),
        (
            "TURN is dead, and Chromium calls it STUN",
            with(true, &[TURN], none().silent(&TURN.replace("turn:", "stun:")).complete()),
            &[Cause::TurnUnreachable],
        ),
        (
            "TURN works, and one interface of its STUN does not",
            with(
                true,
                &[TURN],
                Script::answered(&[RELAY], &[THEIRS])
                    .silent(&TURN.replace("turn:", "stun:"))
                    .server_answered(TURN)
                    .complete()
                    .connects(),
            ),
            &[],
        ),
        (
            "wrong password",
            with(true, &[TURN], none().server_error(TURN, 401, "Unauthorized").complete()),
            &[Cause::TurnCredentials],
        ),
        ("no relay, and no error", with(true, &[TURN], none().complete()), &[Cause::NoRelay]),
        ("no relay yet", with(true, &[TURN], none().wait(4000.0)), &[]),
        ("not relay only", with(false, &[STUN], Script::answered(&[HOST], &[THEIRS]).complete()), &[]),
    ]);
    let dead = with(true, &[TURN], none().silent(TURN).complete());
    assert_eq!(dead.findings()[0].severity, Severity::Error, "nothing else can connect");
}

#[test]
fn candidates_that_cannot_connect() {
    let hidden = "candidate:2 1 udp 1686052607 203.0.113.7 50000 typ srflx raddr 0.0.0.0 rport 0";
    let hidden_remapped = "candidate:2 1 udp 1686052607 203.0.113.7 50001 typ srflx raddr 0.0.0.0 rport 0";
    let their_nat = [
        "candidate:2 1 udp 1 198.51.100.1 1 typ srflx raddr 10.0.0.1 rport 9",
        "candidate:2 1 udp 1 198.51.100.1 2 typ srflx raddr 10.0.0.1 rport 9",
    ];
    let ipv6 = "candidate:1 1 udp 1 2001:db8::1 4000 typ host";
    check(vec![
        ("none at all", Script::answered(&[], &[THEIRS]).complete(), &[Cause::NoCandidates]),
        ("none yet", Script::answered(&[], &[THEIRS]), &[]),
        ("only mDNS, in time", Script::answered(&[MDNS], &[MDNS]).complete().wait(7000.0), &[]),
        ("only mDNS, connected", Script::answered(&[MDNS], &[MDNS]).complete().connects().wait(60_000.0), &[]),
        ("only mDNS", Script::answered(&[MDNS], &[THEIRS]).complete().wait(8000.0), &[Cause::OnlyMdns]),
        ("only mDNS, failed", Script::answered(&[MDNS], &[THEIRS]).complete().fails(), &[Cause::OnlyMdns]),
        ("only loopback", Script::answered(&[LOOPBACK], &[THEIRS]).complete().fails(), &[Cause::OnlyLoopback]),
        ("one is enough", Script::answered(&[LOOPBACK, HOST], &[THEIRS]).complete().fails(), &[Cause::ChecksFailed]),
        ("IPv6 and IPv4", Script::answered(&[ipv6], &[THEIRS]).complete().fails(), &[Cause::NoCommonFamily]),
        ("UDP", Script::answered(&[HOST], &[THEIRS]).silent(STUN).complete().fails(), &[Cause::UdpBlocked]),
        (
            "UDP, though mDNS",
            Script::answered(&[MDNS], &[THEIRS]).silent(STUN).silent(OTHER_STUN).complete().fails(),
            &[Cause::UdpBlocked],
        ),
        (
            "UDP, but a relay over TCP",
            Script::answered(&[HOST, RELAY], &[THEIRS]).silent(TURN).server_answered(TURN_TCP).complete().connects(),
            &[Cause::UdpBlocked],
        ),
        (
            "not UDP, as the peer was heard",
            Script::answered(&[HOST], &[THEIRS]).silent(STUN).complete().pairs(9, 0, 3).fails(),
            &[Cause::StunUnreachable],
        ),
        (
            "both NATs",
            Script::answered(&[HOST, REFLEXIVE, REMAPPED], &their_nat).complete().fails(),
            &[Cause::SymmetricNat],
        ),
        (
            "hidden NAT",
            Script::answered(&[MDNS, hidden, hidden_remapped], &[THEIRS]).complete().fails(),
            &[Cause::SymmetricNat],
        ),
        ("one port", Script::answered(&[HOST, REFLEXIVE], &[THEIRS]).complete().fails(), &[Cause::ChecksFailed]),
        (
            "such a NAT with a relay",
            Script::answered(&[HOST, REFLEXIVE, REMAPPED, RELAY], &their_nat).complete().fails(),
            &[Cause::ChecksFailed],
        ),
        (
            "such a NAT that connects",
            Script::answered(&[HOST, REFLEXIVE, REMAPPED], &[THEIRS]).complete().connects(),
            &[],
        ),
    ]);
}

#[test]
fn what_pairs_show_is_told() {
    let failing = || Script::answered(&[HOST], &[THEIRS]).complete();
    let told = |script: Script| script.fails().findings()[0].explanation.clone();
    assert!(told(failing().pairs(9, 0, 0)).contains("9 checks were sent, none was answered"));
    assert!(told(failing().pairs(9, 0, 4)).contains("in one direction only"));
    assert!(told(failing().and(Event::Pairs { pairs: Vec::new() })).contains("form no pair"));
    assert!(told(failing()).contains("1 candidate"));
}

#[test]
fn the_peers_candidates() {
    let none = || Script::answered(&[HOST], &[]).complete();
    let refused = |script: Script| script.theirs(CandidateStep::Failed, THEIRS, Some("OperationError: bad"));
    let other = |line: &str| format!("{line} ufrag other");
    let strangers = Script::answered(&[HOST], &[&other(THEIRS)]).complete();
    let right = Script::answered(&[HOST], &[&format!("{THEIRS} ufrag peer")]).complete();
    let too_many: Vec<String> = (0..50).map(|n| HOST.replace("4000", &(4000 + n).to_string())).collect();
    let too_many = || Script::answered(&too_many.iter().map(String::as_str).collect::<Vec<_>>(), &[THEIRS]).complete();
    check(vec![
        ("none yet", none().wait(4000.0), &[]),
        ("never", none().wait(5000.0), &[Cause::NoRemoteCandidates]),
        ("never, and failed", none().fails(), &[Cause::NoRemoteCandidates]),
        ("the peer was heard all the same", none().pairs(1, 1, 1).connects().wait(9000.0), &[]),
        ("all refused", refused(none()), &[Cause::RemoteCandidatesFailed]),
        ("one refused", refused(Script::answered(&[HOST], &[THEIRS])).complete(), &[]),
        (
            "one refused, and failed",
            refused(Script::answered(&[HOST], &[THEIRS])).complete().fails(),
            &[Cause::RemoteCandidatesFailed],
        ),
        ("of another description", strangers.fails(), &[Cause::CandidatesOfAnotherDescription]),
        ("of this description", right.fails(), &[Cause::ChecksFailed]),
        ("too many, and connected", too_many().connects(), &[]),
        ("too many, and failed", too_many().fails(), &[Cause::TooManyCandidates]),
    ]);
    let all = refused(none()).findings();
    assert_eq!(all[0].quotes, [Quote { source: Source::Browser, text: "OperationError: bad".into() }]);
}

#[test]
fn after_ice() {
    let works = || Script::answered(&[HOST], &[THEIRS]).complete().ice(IceConnectionState::Connected);
    let secured = || works().and(Event::ConnectionState(PeerConnectionState::Connected));
    let gives_up = |script: Script, error: ErrorKind| {
        script.states(&[ConnectionState::Connecting, ConnectionState::Error]).and(failure(error))
    };
    let late = || TimeoutError::Connection { after: std::time::Duration::from_secs(30) }.into();
    let failed = works().and(Event::ConnectionState(PeerConnectionState::Failed));
    check(vec![
        ("in time", works().wait(4000.0), &[]),
        ("DTLS fails", gives_up(failed, WebRtcError::IceFailed.into()), &[Cause::DtlsFailed]),
        ("DTLS hangs", works().wait(5000.0), &[Cause::NothingArrives]),
        ("DTLS hangs to the end", gives_up(works().wait(30_000.0), late()), &[Cause::NothingArrives]),
        ("the channel takes its time", secured().wait(4000.0), &[]),
        ("the channel hangs", secured().wait(5000.0), &[Cause::ChannelNeverOpened]),
        ("the channel closes", gives_up(secured(), WebRtcError::ChannelClosed.into()), &[Cause::ChannelNeverOpened]),
        (
            "the channel reports an error",
            secured().and(Event::DataChannelError { reason: "sctp".into() }),
            &[Cause::ChannelFailed],
        ),
    ]);
}
