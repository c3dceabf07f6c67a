//! Each STUN and TURN server by itself.

use registry_client::check::{Gathering, ServerError};

use super::{Check, Kind, Line, Server};
use crate::foreign::isolated;
use crate::format::duration;
use crate::settings::TurnServer;

/// The code of `icecandidateerror` for a server that could not be reached.
const UNREACHABLE: u16 = 701;

/// A line for each URL, and one that says so where there is none.
pub(super) fn lines(check: &Check) -> Vec<Line> {
    let mut lines = Vec::new();
    for kind in [Kind::Stun, Kind::Turn] {
        let servers = check.plan.servers.iter().enumerate().filter(|(_, server)| server.kind == kind);
        let before = lines.len();
        for (number, (index, server)) in servers.enumerate() {
            lines.push(line(check, number, server, check.servers.get(&index)));
        }
        if lines.len() == before {
            lines.push(none(kind));
        }
    }
    lines
}

fn none(kind: Kind) -> Line {
    match kind {
        Kind::Stun => Line::new("stun", "STUN")
            .skipped("no-stun", "No STUN server is set: peers behind a NAT are reached only through TURN."),
        Kind::Turn => Line::new("turn", "TURN")
            .skipped("no-turn", "No TURN server is set: where no direct path exists, there will be no connection."),
    }
}

fn line(check: &Check, number: usize, server: &Server, observed: Option<&Gathering>) -> Line {
    let name = if server.kind == Kind::Stun { "stun" } else { "turn" };
    let line = Line::new(format!("{name}-{}", number + 1), title(server)).of(&server.url);
    if let Err(problem) = server.usable {
        return line.failed("bad-setting", problem).advice("Correct it in the settings.");
    }
    if check.has_no_webrtc() {
        return line.skipped("no-webrtc", "Not without WebRTC.");
    }
    let Some(gathered) = observed else { return line };
    if let Some(error) = &gathered.refused {
        return line
            .failed("unsupported", format!("This browser does not take it: {}", isolated(&error.to_string())))
            .advice("Check the URL. Not every browser knows every kind of server.");
    }
    match server.kind {
        Kind::Stun => stun(line, gathered),
        Kind::Turn => turn(line, server, gathered),
    }
}

/// What a browser and the server talk over.
fn transport(server: &Server) -> &'static str {
    let tcp = server.url.ends_with("?transport=tcp");
    match (server.kind, server.url.starts_with("turns:")) {
        (Kind::Turn, true) if server.url.ends_with("?transport=udp") => "DTLS",
        (Kind::Turn, true) => "TLS",
        (Kind::Turn, false) if tcp => "TCP",
        _ => "UDP",
    }
}

fn title(server: &Server) -> &'static str {
    match (server.kind, transport(server)) {
        (Kind::Stun, _) => "STUN",
        (Kind::Turn, "DTLS") => "TURN over DTLS",
        (Kind::Turn, "TLS") => "TURN over TLS",
        (Kind::Turn, "TCP") => "TURN over TCP",
        (Kind::Turn, _) => "TURN over UDP",
    }
}

/// Whether a STUN server has answered. One that sees an address that the device has anyway adds no candidate; one that does not
/// answer makes the browser wait, and report an error.
pub(super) fn answers(gathered: &Gathering) -> bool {
    let plain = gathered.lines().any(|line| line.kind == "host" && line.protocol == "udp" && !line.place.is_hidden());
    gathered.first("srflx").is_some() || (plain && gathered.complete && gathered.errors.is_empty())
}

fn stun(line: Line, gathered: &Gathering) -> Line {
    match gathered.first("srflx") {
        Some((at, seen)) => {
            let line = line.took(*at).ok("It answers, and sees this device at a public address.");
            Line { address: Some(seen.place.clone()), ..line }
        }
        None if answers(gathered) => {
            line.took(gathered.took).ok("It sees the address that the device has itself: there is no NAT on the way.")
        }
        None => unusable(line, gathered, "UDP"),
    }
}

/// Whether browsers refuse to talk to a TURN server at this port: below 1024 Chromium allows three for TCP, and says nothing of the
/// others.
fn has_forbidden_port(server: &Server) -> bool {
    let port = TurnServer::of(&server.url).and_then(|server| server.as_str().rsplit(':').next()?.parse::<u16>().ok());
    port.is_some_and(|port| port < 1024 && !matches!(port, 53 | 80 | 443))
}

fn turn(line: Line, server: &Server, gathered: &Gathering) -> Line {
    let Some((at, relay)) = gathered.first("relay") else {
        if gathered.complete && gathered.errors.is_empty() && has_forbidden_port(server) {
            return line
                .failed("forbidden-port", "The browser does not talk to a TURN server at this port.")
                .advice("Let it listen on 443, 80, 53 or a port above 1023: Chromium uses no others over TCP.");
        }
        return unusable(line, gathered, transport(server));
    };
    let line = line.took(*at).ok("It takes the login, and relays.");
    Line { address: Some(relay.place.clone()), ..line }
}

/// Why there was no candidate of the server.
fn unusable(line: Line, gathered: &Gathering, transport: &str) -> Line {
    let line = line.took(gathered.took);
    // What a server has answered says more than that another network adapter does not reach it.
    let errors = || gathered.errors.iter().map(|(_, error)| error);
    let error = errors().find(|error| error.code != UNREACHABLE).or_else(|| errors().next());
    match error {
        Some(error) => refused(line, error, transport),
        None if !gathered.complete => line
            .failed("server-silent", format!("It has not answered over {transport} within {}.", duration(5000.0)))
            .advice(format!(
                "Check host and port. If they are right, a firewall or VPN probably blocks {transport}{}.",
                way_out(transport)
            )),
        None => line
            .failed("no-candidates", "The browser has gathered nothing for it, and does not say why.")
            .advice("Look for a setting or an extension that restricts WebRTC, and for a network connection."),
    }
}

fn refused(line: Line, error: &ServerError, transport: &str) -> Line {
    let said = match error.text.is_empty() {
        true => String::new(),
        false => format!(" The browser says: {}", isolated(&error.text)),
    };
    match error.code {
        401 | 441 => line
            .failed("wrong-credentials", format!("It refuses the user name or the password ({}).", error.code))
            .advice("Enter them again. Passwords with a time limit may have expired."),
        403 => line
            .failed("forbidden", format!("It answers, and forbids its use (403).{said}"))
            .advice("Ask whoever runs it; it may serve only some networks."),
        486 | 508 => line
            .failed("no-capacity", format!("It has no capacity left for this user ({}).{said}", error.code))
            .advice("Close other connections through it, or try again later."),
        UNREACHABLE => line
            .failed("server-unreachable", format!("It cannot be reached over {transport} (701).{said}"))
            .advice(match transport {
                "TLS" | "DTLS" => "Check host and port, and the server’s certificate: a browser does not say if that is what it objects to.".to_owned(),
                _ => format!("Check host and port, and whether a firewall or VPN blocks {transport}{}.", way_out(transport)),
            }),
        code => line.failed("server-error", format!("It answers with error {code}.{said}")).advice("Ask whoever runs it."),
    }
}

/// What else could be tried.
fn way_out(transport: &str) -> &'static str {
    match transport {
        "UDP" => "; TURN over TCP or TLS (turns:, port 443) may get through",
        "TCP" => "; TURN over TLS (turns:, port 443) may get through",
        _ => "",
    }
}
