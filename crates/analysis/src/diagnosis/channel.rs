//! What comes after ICE: DTLS, SCTP and the data channel.

use registry_client::types::rtc::PeerConnectionState;

use super::facts::Facts;
use super::finding::Source;
use super::{Cause, Finding, Rule};

/// After ICE, DTLS and the channel take a few round trips.
const OPENS_MS: f64 = 5000.0;

pub(super) const RULES: &[Rule] = &[dtls_failed, nothing_arrives, channel_failed, channel_never_opened];

/// Whether there was no connection in this session, as far as the channel is concerned.
fn never_connected(facts: &Facts<'_>) -> bool {
    facts.states.connected.is_none() && !facts.connection.has_channel()
}

fn dtls_failed(facts: &Facts<'_>) -> Option<Finding> {
    let state = facts.connection.state.filter(|state| state.what == PeerConnectionState::Failed)?;
    let ice = facts.connection.ice.filter(|_| facts.connection.ice_works() && never_connected(facts))?;
    Some(
        Finding::error(Cause::DtlsFailed, "DTLS has failed")
            .because(
                "ICE is connected, so packets pass between the peers, and the peer connection has failed all the \
                 same: the encryption was not agreed on. Usually the certificate is not the one whose fingerprint is \
                 in the description.",
            )
            .advise(
                "Check that neither side’s SDP is changed on its way: fingerprint and setup of both must arrive \
                 unchanged.",
            )
            .advise("If one side is not a browser: check its DTLS version and its certificate.")
            .seen([ice.at, state.at]),
    )
}

fn nothing_arrives(facts: &Facts<'_>) -> Option<Finding> {
    let connected =
        facts.connection.ice_connected.filter(|_| facts.connection.ice_works() && never_connected(facts))?;
    let secured = facts.connection.state.is_some_and(|state| state.what == PeerConnectionState::Connected);
    let timed_out = facts.error("connection_timeout");
    let waiting = facts.is_connecting() && facts.lasts(connected, OPENS_MS);
    (!secured && (waiting || timed_out.is_some())).then(|| {
        Finding::error(Cause::NothingArrives, "ICE is connected, but nothing else arrives")
            .because(
                "The small packets of ICE’s checks pass, and DTLS does not get on. Large packets may be lost on the \
                 way (a tunnel or VPN with a small MTU), or a firewall lets only the checks pass.",
            )
            .advise("Try without VPN, or with a smaller MTU.")
            .advise("Try relay only with a TURN server over TCP: then the path is another one.")
            .seen(std::iter::once(connected).chain(timed_out.map(|error| error.at)))
    })
}

fn channel_failed(facts: &Facts<'_>) -> Option<Finding> {
    let error = facts.connection.channel_error.filter(|_| never_connected(facts) && !facts.is_over())?;
    Some(
        Finding::error(Cause::ChannelFailed, "The data channel has failed")
            .because("The browser reports an error of the channel before it was open.")
            .advise("Start again in a new room; if it happens again, try another browser on one side.")
            .quote(Source::Browser, error.what)
            .seen([error.at]),
    )
}

fn channel_never_opened(facts: &Facts<'_>) -> Option<Finding> {
    let state = facts.connection.state.filter(|_| never_connected(facts))?;
    let closed = facts.error("channel_closed");
    let secured = state.what == PeerConnectionState::Connected;
    let late = secured
        && (facts.is_connecting() && facts.lasts(state.at, OPENS_MS) || facts.error("connection_timeout").is_some());
    (late || closed.is_some()).then(|| {
        let channel = facts.connection.channel.map(|channel| channel.at);
        Finding::error(Cause::ChannelNeverOpened, "The data channel does not open")
            .because(
                "The peer connection is connected, and the channel is not open: the host opens it before its offer, \
                 so its SDP has to have a section m=application, and the guest’s answer has to accept it.",
            )
            .advise(
                "Look at both descriptions in the tab SDP: an answer with port 0 in m=application has rejected the \
                 channel.",
            )
            .advise(
                "If the peer is an application of yours: the host calls createDataChannel before createOffer, and the \
                 guest listens to ondatachannel.",
            )
            .seen(channel.into_iter().chain([state.at]).chain(closed.map(|closed| closed.at)))
    })
}
