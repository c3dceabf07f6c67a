//! The kind of NAT.

use registry_client::check::{Nat, nat};

use super::servers::answers;
use super::{Check, Line, Verdict};

pub(super) fn line(check: &Check) -> Line {
    let line = Line::new("nat", "NAT");
    if check.plan.stun().count() < 2 {
        return line.skipped("one-server", "Two STUN servers are needed to tell the kind of NAT.");
    }
    if check.has_no_webrtc() {
        return line.skipped("no-webrtc", "Not without WebRTC.");
    }
    let observed: Option<Vec<_>> = check.plan.stun().map(|(index, _)| check.servers.get(&index)).collect();
    let Some((together, alone)) = check.together.as_ref().zip(observed) else { return line };
    let answered = alone.into_iter().filter(|gathered| answers(gathered)).count();
    match nat(together.lines(), answered) {
        Nat::None => line.ok("None: servers see the address that the device has itself."),
        Nat::EndpointIndependent => Line { cause: "endpoint-independent", ..line.ok("The servers see the same address and port (endpoint-independent mapping): direct connections are likely.") },
        Nat::AddressDependent => line
            .is(Verdict::Warning, "address-dependent", "Each server sees another port (address-dependent mapping, “symmetric”).")
            .advice("Set a TURN server: a direct connection works only to peers that are not behind such a NAT."),
        Nat::OneServer => line.skipped("one-server", "There is one; of what kind cannot be told, since only one STUN server has answered."),
        Nat::Unknown => line.skipped("unknown", "It cannot be told from what the STUN servers have answered."),
    }
}
