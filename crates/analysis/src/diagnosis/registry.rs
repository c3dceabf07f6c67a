//! Requests to the Registry that have no response, and why.

use registry_client::types::probe::Reach;

use super::address::{Place, is_mixed, place};
use super::facts::{Facts, Seen, Trouble};
use super::finding::Source;
use super::{Cause, Finding, Rule, Severity, whole};

/// A failure after this much time was none of a server that refuses connections: nothing came back at all.
const SLOW_MS: f64 = 5000.0;
/// So many failures in a row are not one packet that was lost.
const FAILURES: usize = 2;

pub(super) const RULES: &[Rule] = &[
    insecure_registry,
    private_network_denied,
    origin_refused,
    headers_refused,
    registry_silent,
    registry_unreachable,
    request_lost,
];

/// Requests without a response that cannot be put down to chance.
pub(super) fn trouble<'f, 'a>(facts: &'f Facts<'a>) -> Option<&'f Trouble<'a>> {
    facts
        .requests
        .trouble()
        .filter(|trouble| trouble.failures.len() >= FAILURES || trouble.probe.is_some() || facts.has_failed())
}

fn reach(trouble: &Trouble<'_>) -> Option<Reach> {
    trouble.probe.map(|probe| probe.what.reach())
}

/// A finding about requests that have no response.
pub(super) fn unanswered(facts: &Facts<'_>, trouble: &Trouble<'_>, cause: Cause, title: &str) -> Finding {
    // A connection that stands needs no Registry, only the way back to it does.
    let severity = if facts.is_connected() { Severity::Warning } else { Severity::Error };
    let probe = trouble.probe.map(|Seen { at, .. }| at);
    let finding = Finding::new(cause, severity, title)
        .seen(trouble.failures.iter().copied().take(4).chain(probe))
        .over(trouble.healed);
    match facts.environment {
        Some(environment) => finding.quote(Source::Address, environment.what.registry_url.clone()),
        None => finding,
    }
}

fn insecure_registry(facts: &Facts<'_>) -> Option<Finding> {
    let trouble = trouble(facts)?;
    let environment = facts.environment.map(|environment| environment.what);
    let mixed = environment.is_some_and(|known| is_mixed(&known.page_origin, &known.registry_url));
    if !mixed && reach(trouble) != Some(Reach::MixedContent) {
        return None;
    }
    Some(
        unanswered(facts, trouble, Cause::InsecureRegistry, "An https page may not use an http Registry")
            .because(
                "This page came over https, and the Registry’s address begins with http: browsers block such \
                 requests (mixed content) before they leave the device.",
            )
            .advise("Serve the Registry over https, and change its address in the settings.")
            .advise("For development, open the page over http, or use a Registry on localhost, which browsers exempt."),
    )
}

fn private_network_denied(facts: &Facts<'_>) -> Option<Finding> {
    let trouble = trouble(facts)?;
    let environment = facts.environment?.what;
    let (page, registry) = (place(&environment.page_origin), place(&environment.registry_url));
    let inward = page == Place::Internet && registry != Place::Internet;
    let blocked = matches!(reach(trouble), Some(Reach::Unreachable { .. }));
    (inward && blocked).then(|| {
        unanswered(facts, trouble, Cause::PrivateNetworkDenied, "A page of the internet may not reach this Registry")
            .because(
                "The page comes from the internet, and the Registry’s address is in a private network. Browsers ask \
                 for a permission before such requests (private network access), and not even one whose answer the \
                 page may not read got through.",
            )
            .advise(
                "Allow this site to access the local network: the setting is behind the icon beside the page’s \
                 address.",
            )
            .advise("Check that the Registry is running.")
            .advise("Or open the page from the same network, for example from the Registry itself.")
    })
}

fn origin_refused(facts: &Facts<'_>) -> Option<Finding> {
    let trouble = trouble(facts).filter(|trouble| reach(trouble) == Some(Reach::OriginRefused))?;
    let origin = facts.environment.map(|environment| environment.what.page_origin.as_str()).unwrap_or_default();
    Some(
        unanswered(facts, trouble, Cause::OriginRefused, "The Registry does not allow this page’s origin")
            .because(
                "A server answers at the Registry’s address: a request whose answer the page may not read got \
                 through. Those that the page may read did not, so its answers carry no permission for this origin \
                 (CORS).",
            )
            .advise("Add this page’s origin to the Registry’s allowed origins (registry-server: --allowed-origins).")
            .advise("If there is a proxy before the Registry, check that it passes on Access-Control-Allow-Origin.")
            .quote(Source::Address, origin),
    )
}

fn headers_refused(facts: &Facts<'_>) -> Option<Finding> {
    let trouble = trouble(facts)?;
    let Some(Reach::HeadersRefused(headers)) = reach(trouble) else { return None };
    let which = match &headers[..] {
        [] => "the headers of this client together".to_owned(),
        [one] => format!("the header {one}"),
        [most @ .., last] => format!("the headers {} and {last}", most.join(", ")),
    };
    Some(
        unanswered(facts, trouble, Cause::HeadersRefused, "The Registry’s preflight refuses the client’s headers")
            .because(format!(
                "A request without headers of its own got through, and one with {which} did not: the answer to the \
                 preflight (OPTIONS) does not list them."
            ))
            .advise(
                "Let the Registry, or the proxy before it, answer OPTIONS with Access-Control-Allow-Headers: \
                 X-Access-Token, X-Registry-Version, Content-Type.",
            )
            .advise("Check that it also allows the method POST."),
    )
}

fn registry_silent(facts: &Facts<'_>) -> Option<Finding> {
    let trouble = trouble(facts)?;
    let silent = match reach(trouble) {
        Some(Reach::Unreachable { timed_out }) => timed_out,
        Some(Reach::Registry) | None => trouble.took_ms >= SLOW_MS,
        Some(_) => false,
    };
    silent.then(|| {
        unanswered(facts, trouble, Cause::RegistrySilent, "The Registry does not respond in time")
            .because(format!(
                "Requests wait for {} s and longer without any response, not even a refusal: packets are lost on the \
                 way, or the server accepts connections and hangs.",
                whole(trouble.took_ms / 1000.0)
            ))
            .advise(
                "Check this device’s network, VPN and firewall: a firewall that drops packets looks just like that.",
            )
            .advise("Check that the server is not overloaded, and that its port is open in its firewall.")
    })
}

fn registry_unreachable(facts: &Facts<'_>) -> Option<Finding> {
    let trouble = trouble(facts)?;
    // Something is there; what is wrong with it, other rules say.
    let nothing_there = match reach(trouble) {
        Some(Reach::Unreachable { .. }) | None => true,
        Some(_) => false,
    };
    nothing_there.then(|| {
        let probed = trouble.probe.is_some();
        let how = if probed {
            "Not even a request whose answer the page may not read got through, so CORS is not the reason: the name \
             is unknown, nothing listens at that port, or the certificate is not trusted."
        } else {
            "Requests fail without any response. The browser does not say why: the server may be down, its address \
             wrong, or its answers may carry no permission for this page’s origin (CORS)."
        };
        unanswered(facts, trouble, Cause::RegistryUnreachable, "Nothing answers at the Registry’s address")
            .because(how)
            .advise("Check that the Registry is running, and its URL in the settings: scheme, host and port.")
            .advise(
                "Open the address in a tab of its own: there the browser says what is wrong with name, port or \
                 certificate.",
            )
            .quote(Source::Browser, browser_reason(trouble.reason))
    })
}

fn request_lost(facts: &Facts<'_>) -> Option<Finding> {
    let trouble = trouble(facts).filter(|trouble| facts.has_failed() && trouble.took_ms < SLOW_MS)?;
    (reach(trouble) == Some(Reach::Registry)).then(|| {
        unanswered(facts, trouble, Cause::RequestLost, "A request to the Registry was lost")
            .because(
                "The connection broke before there was a response. The Registry is there and allows this page: it has answered \
                 other requests right afterwards.",
            )
            .advise("Try again.")
            .advise("If it happens often, look for a proxy or a network in between that breaks connections.")
            .quote(Source::Browser, browser_reason(trouble.reason))
    })
}

/// The browser's words, which the client gives in parentheses at the end.
fn browser_reason(reason: &str) -> &str {
    let inner = reason.strip_suffix(')').and_then(|reason| reason.rsplit_once('('));
    inner.map(|(_, words)| words).unwrap_or_default()
}
