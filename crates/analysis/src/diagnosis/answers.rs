//! What the Registry answers, and what is no Registry's answer.

use registry_client::error::MALFORMED_ANSWER;
use registry_client::types::operation::Operation;
use registry_client::types::probe::Reach;

use super::facts::{Facts, Refusal, Seen};
use super::finding::Source;
use super::registry::{trouble, unanswered};
use super::{Cause, Finding, Rule, Severity, whole};

/// Clocks that differ by more than this are worth knowing of.
const CLOCKS_MS: f64 = 30_000.0;

pub(super) const RULES: &[Rule] = &[
    wrong_address,
    not_a_registry,
    registry_version,
    rate_limited,
    registry_overloaded,
    registry_failing,
    access_refused,
];

/// Of the Registry, but never the reason why there is no connection.
pub(super) const LATE_RULES: &[Rule] = &[clocks_differ];

/// Whether nothing that came so far was a Registry's.
fn never_understood(facts: &Facts<'_>) -> bool {
    facts.requests.understood == 0
}

/// What a probe has found that is no Registry, by its status.
fn probed_stranger(facts: &Facts<'_>) -> Option<u16> {
    match facts.requests.probe?.what.reach() {
        Reach::NoRegistry(status) => Some(status),
        _ => None,
    }
}

/// The responses that are not a Registry's. A 404 to joining may be one's; a probe tells.
fn strangers<'a>(facts: &Facts<'a>) -> Vec<Refusal<'a>> {
    let probed = probed_stranger(facts).is_some();
    facts.requests.refused(|refusal| {
        refusal.code == MALFORMED_ANSWER
            || refusal.code.starts_with("http_")
            || (refusal.code == "not_found" && (probed || refusal.operation == Operation::CreateRoom))
    })
}

/// A finding about responses that are not a Registry's, or about a probe that has shown so.
fn stranger(facts: &Facts<'_>, wanted: bool, cause: Cause, title: &str) -> Option<(Finding, u16)> {
    let is_wanted = |status: u16| (status == 404 || status == 405) == wanted;
    let all = strangers(facts);
    let seen: Vec<_> = all.iter().filter(|refusal| is_wanted(refusal.status)).collect();
    let probed = probed_stranger(facts).filter(|status| is_wanted(*status));
    let shown = trouble(facts).filter(|_| probed.is_some());
    let finding = match (&seen[..], shown) {
        ([], None) => return None,
        ([], Some(trouble)) => unanswered(facts, trouble, cause, title),
        (refusals, _) => {
            let finding = Finding::error(cause, title).seen(refusals.iter().map(|refusal| refusal.at));
            let finding = finding.over(refusals.iter().all(|refusal| refusal.healed));
            let address = facts.environment.map(|environment| environment.what.registry_url.clone());
            address.into_iter().fold(finding, |finding, url| finding.quote(Source::Address, url))
        }
    };
    Some((finding, seen.last().map(|refusal| refusal.status).or(probed).unwrap_or_default()))
}

fn wrong_address(facts: &Facts<'_>) -> Option<Finding> {
    let title = "There is no Registry at this address";
    let (finding, status) = stranger(facts, true, Cause::WrongAddress, title).filter(|_| never_understood(facts))?;
    Some(
        finding
            .because(format!(
                "A web server answers there, but it does not know the Registry’s calls: status {status}. The host is \
                 right, or at least exists; the path, or the port, is probably not."
            ))
            .advise("Check the Registry URL in the settings: its path, and its port.")
            .advise("If a proxy is in between, check that it passes on /rooms and /exchange below that path."),
    )
}

fn not_a_registry(facts: &Facts<'_>) -> Option<Finding> {
    let title = if never_understood(facts) {
        "What answers is not a Registry"
    } else {
        "Something else answers for the Registry"
    };
    let (finding, status) = stranger(facts, false, Cause::NotARegistry, title)?;
    Some(
        finding
            .because(format!(
                "The response, with status {status}, is not what a Registry says: not its JSON. A login page of a \
                 network, a proxy’s error page or another web application looks like that."
            ))
            .advise(
                "Open the Registry’s address in a tab of its own and look at what is there; a network may want a \
                 login first.",
            )
            .advise("Check the Registry URL in the settings."),
    )
}

/// A finding about refusals, which is over when the call has succeeded since.
fn refused(refusals: &[Refusal<'_>], finding: Finding) -> Option<Finding> {
    let over = refusals.iter().all(|refusal| refusal.healed);
    (!refusals.is_empty()).then(|| finding.seen(refusals.iter().map(|refusal| refusal.at)).over(over))
}

fn rate_limited(facts: &Facts<'_>) -> Option<Finding> {
    let refusals = facts.requests.refused(|refusal| refusal.status == 429 || refusal.code == "rate_limited");
    let severity = if facts.has_failed() { Severity::Error } else { Severity::Warning };
    refused(
        &refusals,
        Finding::new(Cause::RateLimited, severity, "The Registry limits the rate of requests")
            .because(
                "It responded with 429 (too many requests). Limits count per room, and for creating, looking up and \
                 joining rooms per IP address: everybody behind the same router counts together.",
            )
            .advise("Wait: the client tries again by itself when the Registry allows it, or says when to try.")
            .advise(
                "Close other tabs that use this Registry, or raise its limits (registry-server: --rate-create and \
                 others).",
            ),
    )
}

fn registry_overloaded(facts: &Facts<'_>) -> Option<Finding> {
    let refusals = facts.requests.refused(|refusal| refusal.status == 503 || refusal.code == "retry");
    let severity = if facts.has_failed() { Severity::Error } else { Severity::Warning };
    refused(
        &refusals,
        Finding::new(Cause::RegistryOverloaded, severity, "The Registry is full or overloaded")
            .because(
                "It responded with 503 (service unavailable): it holds as many rooms as it can, or a proxy has no \
                 server behind it.",
            )
            .advise("Try again in a while.")
            .advise(
                "If it is your Registry: raise --max-rooms, and check that the server behind the proxy is running.",
            ),
    )
}

fn registry_failing(facts: &Facts<'_>) -> Option<Finding> {
    let refusals = facts.requests.refused(|refusal| refusal.status >= 500 && refusal.status != 503);
    let status = refusals.last()?.status;
    let severity = if facts.has_failed() { Severity::Error } else { Severity::Warning };
    refused(
        &refusals,
        Finding::new(Cause::RegistryFailing, severity, "The Registry has an internal error")
            .because(format!(
                "It responded with status {status}: the fault is the server’s, or that of a proxy before it.",
            ))
            .advise("Look at the server’s log at this time.")
            .advise("The client repeats the call by itself; if it goes on, try again later."),
    )
}

fn registry_version(facts: &Facts<'_>) -> Option<Finding> {
    let refusals = facts.requests.refused(|refusal| refusal.code == "missing_version");
    refused(
        &refusals,
        Finding::error(Cause::RegistryVersion, "The Registry speaks another version")
            .because(
                "It refuses the version of the protocol that this client sends (X-Registry-Version), or a proxy has \
                 removed that header.",
            )
            .advise("Use a client and a Registry of the same version of the protocol.")
            .advise("If there is a proxy in between, let it pass on the header X-Registry-Version."),
    )
}

fn access_refused(facts: &Facts<'_>) -> Option<Finding> {
    let refusals = facts.requests.refused(|refusal| refusal.code == "forbidden" || refusal.status == 401);
    refused(
        &refusals,
        Finding::error(Cause::AccessRefused, "The Registry does not accept the access token")
            .because(
                "The token of this side was refused. It is valid for one room at one Registry: the room was \
                 replaced, another Registry answers at the same address, or a proxy has removed the header \
                 X-Access-Token.",
            )
            .advise("Create or join a room again."),
    )
}

fn clocks_differ(facts: &Facts<'_>) -> Option<Finding> {
    let Seen { at, what: ahead_ms } = facts.clock.filter(|clock| clock.what.abs() >= CLOCKS_MS)?;
    let seconds = whole(ahead_ms.abs() / 1000.0);
    let amount = if seconds < 60 { format!("{seconds} s") } else { format!("{} min", (seconds + 30) / 60) };
    let (device, certain) = if ahead_ms > 0.0 { ("behind", "later") } else { ("ahead of", "earlier") };
    Some(
        Finding::warning(Cause::ClocksDiffer, "The clocks of this device and the Registry differ")
            .because(format!(
                "This device’s clock is {amount} {device} the Registry’s, by what the Registry has said of its time. \
                 Expiry is shown by the Registry’s clock; a program that compares expiresAt with its own clock sees \
                 rooms expire {amount} {certain} than they do."
            ))
            .advise("Let the device set its clock automatically. If the Registry is yours, check its clock, too."),
    )
    .map(|finding| finding.seen([at]))
}
