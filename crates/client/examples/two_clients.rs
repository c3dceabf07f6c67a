//! Two clients in one process meet, talk and leave, in virtual time: what an application's own tests can build on.
//!
//! `cargo run --package registry-client --example two_clients --features testing`

use std::time::Duration;

use registry_client::testing::{Faults, Pair, PairConfig};
use registry_client::{Event, SendOutcome};
use serde_json::json;

fn main() {
    let mut pair = Pair::new(PairConfig { seed: 1, ..PairConfig::default() });
    let room = pair.meet().expect("the Registry is there");
    println!("room {} is open", room.code.as_str());

    // From now on each request takes up to a second each way, and one in ten is lost.
    pair.network.faults.replace(Faults { delay: Duration::from_secs(1), lose_request: 0.1, ..Faults::default() });
    let (host, guest) = pair.connect();
    println!("the host is {host}, the guest is {guest}, after {:.1} s", pair.world.elapsed().as_secs_f64());

    let sent = pair.host.send_message(json!({ "hello": "guest" })).expect("connected");
    assert_eq!(sent, SendOutcome::Sent);
    let heard = || pair.guest.trace().events().iter().any(|entry| matches!(entry.event, Event::Message { .. }));
    assert!(pair.world.run_until(Duration::from_secs(1), heard));
    println!("the guest has heard from the host");

    let closed = pair.host.close_room();
    pair.world.block_on(Duration::from_secs(30), closed).expect("the room is closed");
    println!("after {:.1} s nothing is left", pair.world.elapsed().as_secs_f64());
}

#[cfg(test)]
mod tests {
    #[test]
    fn they_meet_talk_and_leave() {
        super::main();
    }
}
