//! The parts of a check, with peer connections that exist only in memory.
#![cfg(feature = "testing")]

use std::rc::Rc;
use std::time::Duration;

use registry_client::check::{Gathering, LoopbackError, LoopbackStep, gather, loopback};
use registry_client::error::WebRtcError;
use registry_client::interfaces::clock::Clock;
use registry_client::interfaces::webrtc::{PeerConfig, WebRtcManager};
use registry_client::testing::{Ether, IceFate, Pair, PairConfig};

const LIMIT: Duration = Duration::from_secs(5);
const LONG: Duration = Duration::from_secs(60);

fn gathered(pair: &mut Pair, enough: fn(&Gathering) -> bool) -> Gathering {
    let (webrtc, clock) = (Rc::clone(&pair.webrtc[0]), Rc::clone(&pair.devices[0]) as Rc<dyn Clock>);
    let gathering = async move { gather(&*webrtc, &*clock, &PeerConfig::default(), LIMIT, enough).await };
    pair.world.block_on(LONG, gathering).expect("it ends")
}

fn looped(pair: &mut Pair) -> Result<registry_client::check::Loopback, LoopbackError> {
    let [a, b] = pair.webrtc.clone();
    let clock = Rc::clone(&pair.devices[0]) as Rc<dyn Clock>;
    let run = async move {
        let both: [&dyn WebRtcManager; 2] = [&*a, &*b];
        loopback(both, &*clock, LIMIT).await
    };
    pair.world.block_on(LONG, run).expect("it ends")
}

/// Nothing is left, and another check can follow.
fn assert_closed(ether: &Ether) {
    assert_eq!(*ether.violations.borrow(), Vec::<String>::new());
    assert_eq!(ether.open.get(), 0);
}

#[test]
fn candidates_are_gathered_to_their_end_or_until_there_are_enough() {
    let mut pair = Pair::new(PairConfig::default());
    let all = gathered(&mut pair, |_| false);
    assert!(all.complete && all.first("host").is_some() && all.errors.is_empty(), "{all:?}");
    let first = gathered(&mut pair, |so_far| !so_far.candidates.is_empty());
    assert_eq!((first.candidates.len(), first.complete), (1, false));
    assert_closed(&pair.ether);
}

#[test]
fn a_browser_that_refuses_is_reported_in_its_words() {
    let mut pair = Pair::new(PairConfig::default());
    let refusal = WebRtcError::Unsupported("none".into());
    pair.ether.refuses.replace(Some(refusal.clone()));
    assert_eq!(gathered(&mut pair, |_| false).refused, Some(refusal.clone()));
    assert_eq!(looped(&mut pair), Err(LoopbackError::Refused(refusal)));
}

#[test]
fn a_handshake_within_the_page_ends_with_a_message() {
    let mut pair = Pair::new(PairConfig::default());
    let done = looped(&mut pair).expect("it succeeds");
    assert!(done.opened > Duration::ZERO && done.opened < LIMIT, "{done:?}");
    assert_closed(&pair.ether);
    assert!(looped(&mut pair).is_ok(), "as often as one likes");
}

#[test]
fn a_handshake_that_finds_no_path_ends_in_time() {
    let mut pair = Pair::new(PairConfig::default());
    pair.ether.fate.set(IceFate::Hangs);
    let error = looped(&mut pair).unwrap_err();
    assert!(matches!(error, LoopbackError::TimedOut(LoopbackStep::Path, 1.., None)), "{error:?}");
    assert_closed(&pair.ether);
}
