//! Lost connections: rung by rung back, with every message once and in order.
//! tidy: long because it is one list of cases
#[path = "closing.rs"]
mod closing;
#[path = "exactly_once.rs"]
mod exactly_once;
#[path = "log.rs"]
mod log;
#[path = "talk.rs"]
mod talk;

use std::time::Duration;

use registry_client::ConnectionState::{Connected, Connecting, Disconnected, Error};
use registry_client::error::{ErrorKind, WebRtcError};
use registry_client::event::{DropReason, Event, StandbyStep};
use registry_client::settings::Overflow;
use registry_client::testing::{Pair, PairConfig};
use registry_client::{SendOutcome, SessionStore, Settings};
use serde_json::json;

use talk::Talk;

const SECOND: Duration = Duration::from_secs(1);

/// At the kind of Registry that is to be tested.
fn config() -> PairConfig {
    let registry = registry_core::Config { extended: crate::EXTENDED, ..registry_core::Config::default() };
    PairConfig { registry, ..PairConfig::default() }
}

fn durable() -> Talk {
    Talk::new(config())
}

fn with(settings: Settings) -> Talk {
    Talk::new(PairConfig { settings, ..config() })
}

#[test]
fn two_clients_greet_each_other_and_keep_a_standby_room() {
    let mut talk = durable();
    talk.pair.world.run_for(SECOND * 5);
    for client in [&talk.pair.host, &talk.pair.guest] {
        assert_eq!((client.count("peer:durable"), client.count("peer:plain")), (1, 0));
        assert!(client.count("standby") >= 1);
    }
}

#[test]
fn delivered_messages_are_acknowledged() {
    let mut talk = durable();
    talk.both_say(10);
    talk.pair.world.run_for(SECOND);
    assert_eq!(talk.pair.host.buffer().unacknowledged, 0);
    talk.expect_all();
    let ids: Vec<u64> = talk.delivered_ids();
    assert_eq!(ids, (1..=10).collect::<Vec<_>>());
}

#[test]
fn a_short_cut_is_not_even_noticed() {
    let mut talk = durable();
    talk.cut_for(SECOND * 3);
    talk.pair.world.run_for(SECOND * 3);
    assert_eq!(talk.pair.states(), (Connected, Connected));
    assert_eq!(talk.pair.host.count("reconnect:scheduled"), 0);
    talk.expect_all();
}

#[test]
fn what_heals_within_the_grace_period_needs_no_attempt() {
    let mut talk = durable();
    talk.cut_for(SECOND * 8);
    talk.pair.world.run_for(SECOND * 5);
    assert_eq!(talk.pair.states(), (Connected, Connected));
    assert_eq!(talk.pair.host.count("reconnect:attempting"), 0);
    assert_eq!(talk.pair.host.count("reconnect:success"), 1);
    talk.expect_all();
}

#[test]
fn a_long_cut_is_healed_by_a_restart_in_the_standby_room_on_the_same_connection() {
    let mut talk = durable();
    let made = talk.pair.ether.open.get();
    talk.be_offline_for(SECOND * 30);
    let back = talk.until_connected(SECOND * 10);
    assert!(back < SECOND * 4, "{back:?}");
    assert_eq!(talk.pair.host.count("ice:restart"), 1);
    assert_eq!(talk.pair.host.count("message:replayed"), 0, "SCTP delivers what was in flight");
    assert_eq!((talk.pair.ether.open.get(), talk.pair.host.count("reconnect:success")), (made, 1));
    talk.expect_all();
}

#[test]
fn while_only_the_path_is_cut_every_attempt_fails_until_it_is_back() {
    let mut talk = durable();
    talk.cut_for(SECOND * 45);
    talk.until_connected(SECOND * 60);
    let host = &talk.pair.host;
    assert!(host.count("reconnect:failed") >= 1);
    assert_eq!(host.count("reconnect:failed") + 1, host.count("reconnect:attempting"));
    talk.expect_all();
}

#[test]
fn where_ice_cannot_be_restarted_a_fresh_connection_is_made_and_the_rest_replayed() {
    let mut talk = durable();
    talk.pair.ether.no_restart.set(true);
    talk.cut_for(SECOND * 30);
    talk.until_connected(SECOND * 10);
    assert!(talk.pair.host.count("message:replayed") + talk.pair.guest.count("message:replayed") > 0);
    talk.expect_all();
}

#[test]
fn where_failed_connections_lose_their_channels_a_fresh_one_is_made() {
    let mut talk = durable();
    talk.pair.ether.channels_die.set(true);
    talk.cut_for(SECOND * 40);
    talk.until_connected(SECOND * 60);
    talk.expect_all();
}

#[test]
fn a_network_that_changes_restarts_ice_over_the_control_channel_at_once() {
    for host_changes in [true, false] {
        let mut talk = durable();
        talk.pair.world.run_for(SECOND * 5);
        let changed = if host_changes { talk.pair.host.clone() } else { talk.pair.guest.clone() };
        changed.network_changed();
        talk.both_say(3);
        talk.pair.world.run_for(SECOND * 5);
        for client in [&talk.pair.host, &talk.pair.guest] {
            assert_eq!((client.count("ice:restart"), client.connection_state()), (1, Connected));
            assert_eq!(client.count("reconnect:scheduled"), 0);
        }
        talk.expect_all();
    }
}

#[test]
fn a_network_that_comes_back_ends_the_waiting() {
    let mut talk = durable();
    talk.be_offline_for(SECOND * 45);
    talk.pair.host.network_changed();
    talk.pair.guest.network_changed();
    let back = talk.until_connected(SECOND * 20);
    assert!(back < SECOND * 3, "{back:?}");
    talk.expect_all();
}

#[test]
fn a_minute_without_path_and_registry_is_survived() {
    let settings = Settings { max_buffer_age: SECOND * 300, max_buffer_size: 10_000, ..Settings::default() };
    let mut talk = with(settings);
    talk.be_offline_for(SECOND * 60);
    talk.until_connected(SECOND * 90);
    talk.expect_all();
}

#[test]
fn several_losses_in_a_row_are_survived() {
    let mut talk = durable();
    for _ in 0..4 {
        talk.cut_for(SECOND * 25);
        talk.until_connected(SECOND * 60);
        talk.both_say(5);
        talk.pair.world.run_for(SECOND * 3);
    }
    talk.expect_all();
    assert_eq!(talk.pair.guest.count("reconnect:success"), 4);
}

#[test]
fn a_connection_that_is_back_has_a_standby_room_again_within_moments() {
    let mut talk = durable();
    for _ in 0..3 {
        talk.pair.host.cut();
        talk.until_connected(SECOND * 10);
        talk.pair.world.run_for(SECOND * 3);
        let events = talk.pair.host.trace().events();
        let last = events.iter().rev().find_map(|entry| match entry.event {
            Event::Standby { step, .. } => Some(step),
            _ => None,
        });
        assert_eq!(last, Some(StandbyStep::Ready), "the guest has joined it");
    }
    talk.expect_all();
}

#[test]
fn the_standby_room_is_renewed_for_as_long_as_the_connection_lasts() {
    let mut talk = durable();
    talk.pair.world.run_for(SECOND * 3600);
    talk.cut_for(SECOND * 30);
    talk.until_connected(SECOND * 10);
    talk.expect_all();
    assert_eq!(talk.pair.network.refusals(429), 0);
}

#[test]
fn a_peer_that_is_gone_without_a_word_is_noticed_and_given_up_in_the_end() {
    let mut talk = durable();
    talk.pair.world.run_for(SECOND);
    talk.pair.ether.cut();
    let guest = std::mem::replace(&mut talk.pair.guest, talk.pair.host.clone());
    drop(guest);
    talk.host_says(2);
    let lost = talk.pair.host.clone();
    assert!(talk.pair.world.run_until(SECOND * 12, || lost.connection_state() != Connected), "it is noticed");
    assert!(talk.pair.world.run_until(SECOND * 600, || lost.connection_state() == Error), "it is given up");
    assert_eq!((lost.count("reconnect:attempting"), lost.count("reconnect:exhausted")), (5, 1));
    assert_eq!(lost.errors().last().unwrap().kind, ErrorKind::WebRtc(WebRtcError::PeerLost));
    assert_eq!(lost.count("message:undelivered"), 2, "what was not delivered is handed back");
    talk.pair.world.run_for(SECOND * 20);
    assert_eq!(talk.pair.world.leftovers(), (0, 0), "timers and tasks");
}

#[test]
fn a_peer_that_leaves_says_so_and_nobody_looks_for_it() {
    for host_leaves in [true, false] {
        let mut talk = durable();
        talk.pair.world.run_for(SECOND * 3);
        let (leaver, other) = talk.sides(host_leaves);
        talk.pair.world.block_on(SECOND * 2, leaver.close_room()).expect("it ends");
        talk.pair.world.run_for(SECOND * 30);
        assert_eq!(other.connection_state(), Disconnected);
        assert_eq!(other.errors().last().unwrap().kind.code(), "peer_left");
        assert_eq!(other.count("reconnect:scheduled"), 0);
        talk.pair.world.block_on(SECOND * 2, other.close_room()).expect("it ends");
        talk.pair.world.run_for(SECOND);
        assert_eq!((talk.pair.world.leftovers(), talk.pair.ether.open.get()), ((0, 0), 0));
        talk.expect_no_room_left();
    }
}

#[test]
fn closing_in_the_middle_of_a_reconnect_is_not_undone() {
    for after in (0..40).map(|n| SECOND * n / 2) {
        let mut talk = durable();
        talk.pair.ether.cut();
        talk.pair.world.run_for(SECOND * 8 + after);
        let host = talk.pair.host.clone();
        talk.pair.world.block_on(SECOND * 15, host.close_room()).expect("it ends");
        talk.pair.ether.heal();
        talk.pair.world.run_for(SECOND * 60);
        assert_eq!(host.connection_state().as_str(), "idle");
        talk.pair.world.run_for(SECOND * 600);
        let guest = talk.pair.guest.clone();
        assert!(matches!(guest.connection_state(), Error | Disconnected), "{}", guest.connection_state());
        talk.pair.world.block_on(SECOND * 15, guest.close_room()).expect("it ends");
        talk.pair.world.run_for(SECOND);
        assert_eq!((talk.pair.world.leftovers(), talk.pair.ether.open.get()), ((0, 0), 0), "after {after:?}");
    }
}

#[test]
fn while_it_is_lost_messages_are_buffered_and_the_caller_is_told() {
    let mut talk = with(Settings { max_buffer_size: 2, ..Settings::default() });
    talk.pair.ether.cut();
    talk.pair.world.run_for(SECOND * 7);
    let host = talk.pair.host.clone();
    assert_eq!(host.connection_state(), Disconnected);
    assert_eq!(host.send_message(json!(1)).unwrap(), SendOutcome::Buffered);
    assert_eq!(host.send_message(json!(2)).unwrap(), SendOutcome::Buffered);
    let refused = host.send_message(json!(3)).unwrap_err();
    assert_eq!((refused.kind.code(), refused.kind.retryable()), ("buffer_full", true));
    assert_eq!(host.buffer().waiting, 2);
    talk.pair.ether.heal();
    talk.pair.world.run_for(SECOND * 10);
    assert_eq!(talk.received_by_guest(), [json!(1), json!(2)]);
}

#[test]
fn a_buffer_that_drops_the_oldest_says_which() {
    let settings = Settings { max_buffer_size: 2, buffer_overflow: Overflow::DropOldest, ..Settings::default() };
    let mut talk = with(settings);
    talk.pair.ether.cut();
    talk.pair.world.run_for(SECOND * 7);
    for n in 1..=4 {
        assert_eq!(talk.pair.host.send_message(json!(n)).unwrap(), SendOutcome::Buffered);
    }
    assert_eq!(talk.dropped(), [(json!(1), DropReason::Overflow), (json!(2), DropReason::Overflow)]);
    talk.pair.ether.heal();
    talk.pair.world.run_for(SECOND * 10);
    assert_eq!(talk.received_by_guest(), [json!(3), json!(4)]);
}

#[test]
fn what_has_waited_for_too_long_expires_by_time() {
    let mut talk = with(Settings { max_buffer_age: SECOND * 10, ..Settings::default() });
    talk.pair.ether.cut();
    talk.pair.world.run_for(SECOND * 7);
    talk.pair.host.send_message(json!("late")).unwrap();
    talk.pair.world.run_for(SECOND * 9);
    assert!(talk.dropped().is_empty());
    talk.pair.world.run_for(SECOND * 2);
    assert_eq!(talk.dropped(), [(json!("late"), DropReason::Expired)]);
}

#[test]
fn without_a_buffer_only_a_connection_takes_messages() {
    let mut talk = with(Settings { buffer_enabled: false, ..Settings::default() });
    talk.both_say(2);
    talk.pair.ether.cut();
    talk.pair.world.run_for(SECOND * 7);
    let refused = talk.pair.host.send_message(json!(1)).unwrap_err();
    assert_eq!(refused.kind.code(), "not_connected");
}

#[test]
fn what_is_sent_in_the_moment_of_the_reconnect_comes_after_the_replay() {
    let mut talk = durable();
    talk.pair.ether.no_restart.set(true);
    let (host, told) = (talk.pair.host.clone(), std::rc::Rc::downgrade(&talk.sent_by_host));
    let listener = host.clone();
    let subscription = host.on_state_change(move |state| {
        if state == Connected {
            let value = json!("in the handler");
            listener.send_message(&value).unwrap();
            told.upgrade().unwrap().borrow_mut().push(value);
        }
    });
    talk.cut_for(SECOND * 30);
    talk.until_connected(SECOND * 30);
    talk.expect_all();
    drop(subscription);
}

#[test]
fn messages_above_the_high_water_mark_wait_and_arrive_in_order() {
    let mut talk = with(Settings { max_buffer_size: 1000, ..Settings::default() });
    let large = "x".repeat(60_000);
    let outcomes: Vec<_> =
        (0..40).map(|n| talk.host_sends(json!({"n": n, "large": large}))).map(Result::unwrap).collect();
    assert_eq!(outcomes.first(), Some(&SendOutcome::Sent));
    assert_eq!(outcomes.last(), Some(&SendOutcome::Buffered));
    talk.pair.world.run_for(SECOND * 2);
    talk.expect_all();
    assert_eq!(talk.pair.host.buffer(), registry_client::BufferLevels::default());
}

#[test]
fn a_message_larger_than_the_browser_takes_is_split_for_a_durable_peer() {
    let mut talk = durable();
    talk.host_sends(json!("before")).unwrap();
    talk.host_sends(json!("ä".repeat(700_000))).unwrap();
    talk.host_sends(json!("after")).unwrap();
    talk.pair.world.run_for(SECOND * 2);
    talk.expect_all();
    let refused = talk.pair.host.send_message(json!("x".repeat(9 * 1024 * 1024))).unwrap_err();
    assert_eq!(refused.kind.code(), "message_too_large");
}

#[test]
fn a_split_message_survives_a_loss_in_its_middle() {
    let mut talk = durable();
    talk.pair.ether.no_restart.set(true);
    talk.host_sends(json!("large".repeat(400_000))).unwrap();
    talk.host_sends(json!("after")).unwrap();
    talk.cut_for(SECOND * 20);
    talk.until_connected(SECOND * 30);
    talk.pair.world.run_for(SECOND * 2);
    talk.expect_all();
}

#[test]
fn a_plain_peer_is_left_alone() {
    let mut talk = Talk::plain(PairConfig::default());
    talk.both_say(5);
    talk.pair.world.run_for(SECOND * 10);
    talk.expect_all();
    let host = talk.pair.host.clone();
    assert_eq!((host.count("peer:plain"), host.count("standby"), host.count("message:delivered")), (1, 0, 0));
    assert_eq!(host.buffer().unacknowledged, 0, "nothing is kept for a peer that acknowledges nothing");
    let refused = host.send_message(json!("x".repeat(300_000))).unwrap_err();
    assert_eq!(refused.kind.code(), "message_too_large");
    talk.pair.ether.cut();
    talk.pair.world.run_for(SECOND * 8);
    assert_eq!(host.connection_state(), Disconnected);
    talk.pair.world.run_for(SECOND * 20);
    assert_eq!(host.connection_state(), Error);
    assert_eq!(host.count("reconnect:attempting"), 0);
}

#[test]
fn every_attempt_is_seen_in_states_and_events() {
    let mut talk = durable();
    talk.be_offline_for(SECOND * 30);
    talk.until_connected(SECOND * 10);
    let host = &talk.pair.host;
    let states: Vec<_> = host
        .trace()
        .events()
        .iter()
        .filter_map(|entry| if let Event::State { to, .. } = entry.event { Some(to) } else { None })
        .skip_while(|state| *state != Connected)
        .collect();
    assert_eq!(states, [Connected, Disconnected, Connecting, Connected]);
    for name in ["reconnect:scheduled", "reconnect:attempting", "reconnect:success"] {
        assert_eq!(host.count(name), 1, "{name}");
    }
}

#[test]
fn reconnecting_can_be_switched_off() {
    let mut talk = with(Settings { reconnect_enabled: false, ..Settings::default() });
    talk.pair.ether.cut();
    talk.pair.world.run_for(SECOND * 60);
    assert_eq!(talk.pair.states(), (Error, Error));
    assert_eq!(talk.pair.host.count("standby"), 0);
}

#[test]
fn a_second_pair_of_rooms_after_a_lost_one_begins_anew() {
    let mut pair: Pair = durable().pair;
    for _ in 0..3 {
        let closing = futures::future::join(pair.host.close_room(), pair.guest.close_room());
        pair.world.block_on(SECOND * 2, closing).expect("it ends");
        pair.meet().unwrap();
        assert_eq!(pair.connect(), (Connected, Connected));
    }
    pair.host.send_message(json!("hello")).unwrap();
    pair.world.run_for(SECOND);
    assert_eq!(pair.guest.count("message"), 1);
    assert!(pair.ether.violations.borrow().is_empty(), "{:?}", pair.ether.violations);
}

#[test]
fn a_page_that_is_reloaded_goes_on_and_nothing_is_lost() {
    for host_reloads in [true, false] {
        for no_restart in [true, false] {
            let mut talk = durable();
            talk.pair.ether.no_restart.set(no_restart);
            talk.pair.world.run_for(SECOND * 3);
            talk.both_say(3);
            talk.pair.world.run_for(SECOND);
            talk.reload(host_reloads);
            talk.both_say(3);
            talk.until_connected(SECOND * 10);
            talk.both_say(3);
            talk.pair.world.run_for(SECOND);
            talk.expect_all();
        }
    }
}

#[test]
fn what_a_page_had_not_delivered_when_it_was_reloaded_arrives_after() {
    let mut talk = durable();
    talk.pair.world.run_for(SECOND * 3);
    talk.pair.ether.cut();
    talk.host_says(5);
    talk.pair.world.run_for(SECOND * 7);
    talk.host_says(5);
    talk.reload(true);
    talk.pair.ether.heal();
    talk.until_connected(SECOND * 40);
    talk.expect_all();
    assert_eq!(talk.received_by_guest().len(), 10);
}

#[test]
fn a_page_can_be_reloaded_only_once_for_one_saving() {
    let mut talk = durable();
    talk.pair.world.run_for(SECOND * 3);
    talk.pair.reload(true);
    let first = talk.pair.host.resume();
    assert!(first.is_some());
    talk.pair.reload(true);
    let second = talk.pair.host.clone();
    assert!(second.resume().is_some(), "what the first had taken up is saved again");
    assert!(talk.pair.stores[0].take().is_none(), "a third page finds nothing");
}

#[test]
fn what_has_expired_is_not_resumed() {
    let mut talk = durable();
    talk.pair.world.run_for(SECOND * 3);
    talk.pair.reload(false);
    talk.pair.world.run_for(SECOND * 4000);
    let guest = talk.pair.guest.clone();
    let resumed = talk.pair.world.block_on(SECOND, guest.resume().unwrap()).unwrap();
    assert_eq!(resumed.unwrap_err().kind.code(), "room_gone");
    assert_eq!(guest.connection_state().as_str(), "idle");
}

#[test]
fn a_peer_that_begins_anew_is_told_from_one_that_resumes() {
    let mut talk = durable();
    talk.pair.world.run_for(SECOND * 3);
    talk.pair.reload(false);
    // Nobody resumes; the host looks for its guest in vain.
    talk.pair.world.run_for(SECOND * 600);
    assert_eq!(talk.pair.host.connection_state(), Error);
    assert_eq!(talk.pair.guest.connection_state().as_str(), "idle");
}

#[test]
fn a_connection_that_is_cut_on_purpose_comes_back() {
    for host_cuts in [true, false] {
        let mut talk = durable();
        let (cutter, other) = talk.sides(host_cuts);
        talk.both_say(3);
        cutter.cut();
        assert_ne!(cutter.connection_state(), Connected);
        talk.both_say(3);
        talk.until_connected(SECOND * 10);
        talk.expect_all();
        assert_eq!((cutter.count("reconnect:success"), other.count("reconnect:success")), (1, 1));
    }
}

#[test]
fn a_guest_that_need_not_have_gone_to_the_standby_room_still_has_it() {
    let mut talk = durable();
    talk.pair.ether.cut();
    talk.pair.world.run_for(SECOND * 6);
    talk.pair.guest.network_changed();
    talk.pair.ether.heal();
    talk.until_connected(SECOND * 5);
    assert_eq!((talk.pair.guest.count("reconnect:attempting"), talk.pair.guest.count("offer:applied")), (1, 1));
    talk.be_offline_for(SECOND * 30);
    talk.until_connected(SECOND * 10);
    talk.expect_all();
}

#[test]
fn what_only_parts_could_carry_is_handed_back_when_the_peer_is_plain_and_blocks_nothing() {
    let mut pair = Pair::new(PairConfig::default());
    pair.ether.plain.set(true);
    pair.meet().unwrap();
    assert_eq!(pair.connect(), (Connected, Connected));
    // Nobody knows yet what the other side is.
    let host = pair.host.clone();
    assert_eq!(host.send_message(json!("x".repeat(300_000))).unwrap(), SendOutcome::Buffered);
    assert_eq!(host.send_message(json!("after")).unwrap(), SendOutcome::Buffered);
    pair.world.run_for(SECOND * 4);
    assert_eq!((host.count("peer:plain"), host.count("message:undelivered"), pair.guest.count("message")), (1, 1, 1));
    assert_eq!(host.buffer(), registry_client::BufferLevels::default());
}

#[test]
fn after_several_losses_no_room_is_left_open() {
    let mut talk = durable();
    for _ in 0..3 {
        talk.pair.host.cut();
        talk.until_connected(SECOND * 10);
        talk.pair.world.run_for(SECOND * 5);
    }
    let (host, guest) = talk.sides(true);
    talk.pair.world.block_on(SECOND * 2, host.close_room()).expect("it ends");
    talk.pair.world.block_on(SECOND * 2, guest.close_room()).expect("it ends");
    talk.expect_no_room_left();
}
