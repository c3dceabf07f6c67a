//! The Registry: whether anything answers there, whether that is a Registry, and whether this page may use it.

use registry_client::types::probe::Reach;

use super::{Check, Line};

/// Whether a Registry answers at the address.
pub(super) fn address(check: &Check) -> Line {
    let line = Line::new("registry", "Registry").of(&check.plan.registry);
    if let Some(problem) = check.plan.registry_problem {
        return line.failed("bad-address", problem).advice("Correct the Registry URL in the settings.");
    }
    let Some(probe) = &check.registry else { return line };
    let line = match probe.answer() {
        Some(answer) => line.took(answer.took),
        None => line,
    };
    match probe.reach() {
        Reach::Registry | Reach::HeadersRefused(_) => line.ok("It answers as a Registry does."),
        Reach::OriginRefused => line.ok("Something answers there; this page may not read what."),
        Reach::NoRegistry(status) => line
            .failed("no-registry", format!("A server answers with status {status}, but not as a Registry does."))
            .advice("Check the address, with its path: it is the one to which /rooms is added."),
        Reach::MixedContent => line
            .failed("mixed-content", "This page came over https, so the browser does not let it ask an http address.")
            .advice("Use the Registry’s https address, or open this page over http."),
        Reach::Unreachable { timed_out: false } => line
            .failed("registry-unreachable", "Nothing answers there.")
            .advice("Check host and port, and whether the Registry is running. A firewall, a VPN or an extension of the browser can also be in the way."),
        Reach::Unreachable { timed_out: true } => line
            .failed("registry-silent", "Nothing has answered in time.")
            .advice("Check host and port. If they are right, a firewall or VPN probably drops what is sent there."),
    }
}

/// Whether this page may use it (CORS).
pub(super) fn permission(check: &Check) -> Line {
    let line = Line::new("cors", "Permission for this page");
    if check.plan.registry_problem.is_some() {
        return line.skipped("no-registry", "There is no Registry to ask.");
    }
    let Some(probe) = &check.registry else { return line };
    let origin = &check.plan.origin;
    match probe.reach() {
        Reach::Registry if check.plan.is_same_origin() => line.ok("None is needed: the page comes from the Registry’s origin."),
        Reach::Registry => line.ok("The Registry allows this page’s origin, and all headers."),
        Reach::OriginRefused => line
            .failed("origin-refused", format!("Pages of {origin} may not read what answers there (CORS)."))
            .advice(format!("Add {origin} to the origins that the Registry allows (--allowed-origins). If it is no Registry, check the address.")),
        Reach::HeadersRefused(headers) => {
            let which = if headers.is_empty() { "the client’s headers together".to_owned() } else { headers.join(" and ") };
            line.failed("headers-refused", format!("The preflight does not allow {which}."))
                .advice("The answer to OPTIONS must have Access-Control-Allow-Headers: Content-Type, X-Access-Token, X-Registry-Version. A proxy on the way may drop it.")
        }
        Reach::NoRegistry(_) | Reach::MixedContent | Reach::Unreachable { .. } => {
            line.skipped("no-registry", "There is no Registry to ask.")
        }
    }
}
