//! The device, its browser and the page.

use registry_client::ConnectionState;
use registry_client::text::counted;

use super::address::{Place, place};
use super::facts::{Facts, Seen};
use super::{Cause, Finding, Rule, whole};

/// A page in the background that has had this much time for its handshake is slow because of that.
const THROTTLED_MS: f64 = 10_000.0;

pub(super) const RULES: &[Rule] =
    &[no_web_rtc, too_many_peer_connections, no_peer_connection, offline, page_slept, page_throttled];

/// What is only said after everything else.
pub(super) const LAST_RULES: &[Rule] = &[faults_injected];

fn no_web_rtc(facts: &Facts<'_>) -> Option<Finding> {
    let error = facts.error("webrtc_unsupported");
    let without = facts.environment.filter(|environment| !environment.what.has_web_rtc);
    let at = error.map(|error| error.at).or(without.map(|without| without.at))?;
    let finding = Finding::error(Cause::NoWebRtc, "This browser has no WebRTC")
        .because("There is no RTCPeerConnection in this page, so the browser cannot connect to a peer at all.")
        .advise("Check the browser’s settings, its policies and its privacy extensions: many of them disable WebRTC.")
        .advise("Otherwise use a current Chromium, Firefox or Safari.")
        .seen([at]);
    Some(match error {
        Some(error) => finding.quote_browser(error.what),
        None => finding,
    })
}

fn too_many_peer_connections(facts: &Facts<'_>) -> Option<Finding> {
    let error = facts.error("too_many_connections")?;
    Some(
        Finding::error(Cause::TooManyPeerConnections, "The browser has too many peer connections")
            .because(
                "The browser refused to create another peer connection because it has reached its limit for this \
                 site.",
            )
            .advise("Close other tabs of this site, or reload this page, then start the connection again.")
            .advise(
                "If it happens in your own application: call close() on peer connections that are no longer needed.",
            )
            .quote_browser(error.what)
            .seen([error.at]),
    )
}

fn no_peer_connection(facts: &Facts<'_>) -> Option<Finding> {
    let error = facts.error("no_peer_connection")?;
    Some(
        Finding::error(Cause::NoPeerConnection, "The browser could not create a peer connection")
            .because("RTCPeerConnection exists, but its constructor failed.")
            .advise("Start the connection again; if that does not help, reload the page or restart the browser.")
            .quote_browser(error.what)
            .seen([error.at]),
    )
}

fn offline(facts: &Facts<'_>) -> Option<Finding> {
    let environment = facts.environment;
    let before = environment.filter(|known| !known.what.online && facts.page.online.is_none());
    let offline = facts.page.offline.or(before.map(|before| before.at))?;
    // A device without network reaches itself; and a browser that does not know of a network may have one.
    let itself = environment.is_some_and(|known| place(&known.what.registry_url) == Place::Device);
    if itself || facts.requests.answered.is_some_and(|answered| answered.seq > offline.seq) {
        return None;
    }
    // A network that was away while nothing was wanted of it is no finding.
    let back = facts.page.online.is_some();
    if back && (facts.is_connected() || facts.requests.trouble().is_none()) {
        return None;
    }
    let idle = matches!(facts.states.now, ConnectionState::Idle) && !facts.is_over();
    let severity = if idle || facts.is_connected() { Finding::warning } else { Finding::error };
    Some(
        severity(Cause::Offline, "This device is offline")
            .because(
                "The browser reports that the device has no network. Neither the Registry nor a peer on another device can be \
                 reached.",
            )
            .advise("Check Wi-Fi, cable, VPN and flight mode.")
            .advise("In developer tools, check that the network panel is not set to offline.")
            .seen([offline])
            .over(back),
    )
}

fn page_slept(facts: &Facts<'_>) -> Option<Finding> {
    let Seen { at, what: gap_ms } = facts.page.slept?;
    // Sleep that no handshake has suffered from.
    let during_handshake = facts.states.started.is_some_and(|started| started.ms < at.ms);
    if !during_handshake || facts.is_connected() {
        return None;
    }
    let seconds = whole(gap_ms / 1000.0);
    Some(
        Finding::warning(Cause::PageSlept, "This page was asleep")
            .because(format!(
                "The page did not run for {seconds} s: the device slept, or the browser froze or throttled the tab. \
                 Meanwhile it read and posted nothing, and the peer may have given up."
            ))
            .advise("Keep the tab in the foreground and the device awake until the peers are connected.")
            .advise("If the peer has given up meanwhile, start again in a new room.")
            .seen([at])
            .over(facts.is_connecting()),
    )
}

fn page_throttled(facts: &Facts<'_>) -> Option<Finding> {
    let hidden = facts.page.hidden?;
    let started = facts.states.started.filter(|_| facts.is_connecting())?;
    let later = if hidden.ms > started.ms { hidden } else { started };
    facts.lasts(later, THROTTLED_MS).then(|| {
        Finding::note(Cause::PageThrottled, "This page is in the background")
            .because(
                "The tab is hidden while the handshake is going on. Browsers run timers of hidden tabs once a \
                 second, and after a few minutes once a minute, which delays polling and retries.",
            )
            .advise("Bring the tab to the foreground until the peers are connected.")
            .seen([hidden])
    })
}

fn faults_injected(facts: &Facts<'_>) -> Option<Finding> {
    let (first, count) = (facts.faults.first()?, facts.faults.len());
    let times = counted(count, "fault");
    Some(
        Finding::note(Cause::FaultsInjected, "Faults are injected on purpose")
            .because(format!(
                "This session has had {times} injected by the instrument; what else is found may be its effect.",
            ))
            .advise("Turn fault injection off to see how the connection behaves without it.")
            .seen(std::iter::once(first.at).chain(facts.faults.iter().rev().take(3).map(|fault| fault.at))),
    )
}
