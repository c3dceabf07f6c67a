use registry_client::interfaces::registry::Operation;
use registry_client::protocol::limits::{
    RATE_CANDIDATES, RATE_CREATE, RATE_EXCHANGE, RATE_JOIN, RATE_PUBLIC, RATE_SIGNAL, RATE_SIGNAL_LONG, RATE_SNAPSHOT,
    Rate,
};

use super::{Call, Outcome};

/// How much of one of the contract's limits is used. A Registry may have others.
#[derive(Clone, Debug, PartialEq)]
pub struct LimitUse {
    /// What is limited.
    pub name: &'static str,
    /// For whom it counts.
    pub shared_by: &'static str,
    /// This side's calls in the window that ends now.
    pub used: u32,
    /// The limit.
    pub rate: Rate,
    /// When the oldest of them leaves the window, in milliseconds from now.
    pub frees_in_ms: f64,
    /// How many calls were refused by it in this session (`429`).
    pub refused: u32,
}

type Limit = (&'static str, &'static str, Rate, &'static [Operation]);

const ADDRESS: &str = "everybody at your address";
const ROOM: &str = "both peers in the room";
const SIGNAL: &[Operation] =
    &[Operation::PostOffer, Operation::PostAnswer, Operation::PostCandidate, Operation::ReplaceJoinCode];

/// The contract's limits with the calls that they are about.
const LIMITS: [Limit; 8] = [
    ("rooms created", ADDRESS, RATE_CREATE, &[Operation::CreateRoom]),
    ("rooms looked up", ADDRESS, RATE_PUBLIC, &[Operation::GetPublicRoomInfo]),
    ("joins", ADDRESS, RATE_JOIN, &[Operation::JoinRoom]),
    ("exchanges", ROOM, RATE_EXCHANGE, &[Operation::Exchange]),
    ("reads of the room", ROOM, RATE_SNAPSHOT, &[Operation::GetRoom]),
    ("reads of the candidates", ROOM, RATE_CANDIDATES, &[Operation::GetCandidates]),
    ("descriptions and candidates", ROOM, RATE_SIGNAL, SIGNAL),
    ("descriptions and candidates, longer", ROOM, RATE_SIGNAL_LONG, SIGNAL),
];

pub(super) fn used(calls: &[Call], now_ms: f64) -> Vec<LimitUse> {
    LIMITS.iter().filter_map(|limit| use_of(limit, calls, now_ms)).collect()
}

fn use_of(&(name, shared_by, rate, operations): &Limit, calls: &[Call], now_ms: f64) -> Option<LimitUse> {
    let mut of = calls.iter().filter(|call| operations.contains(&call.operation)).peekable();
    of.peek()?;
    let (mut used, mut refused, mut oldest) = (0, 0, now_ms);
    for call in of {
        refused += u32::from(matches!(call.outcome, Outcome::Answered { status: 429, .. }));
        if call.sent_ms > now_ms - rate.window_ms as f64 {
            used += 1;
            oldest = call.sent_ms.min(oldest);
        }
    }
    let frees_in_ms = if used == 0 { 0.0 } else { (oldest + rate.window_ms as f64 - now_ms).max(0.0) };
    Some(LimitUse { name, shared_by, used, rate, frees_in_ms, refused })
}
