//! Faults on purpose: rules, presets, and messages that are held.

use std::time::Duration;

use registry_client::ConnectionState::{Connected, Connecting, Created, Error};
use registry_client::faults::{Direction, Effect, HeldProblem, Holds, Preset, Release, Rule};
use registry_client::interfaces::registry::Operation;
use registry_client::json::Json;
use registry_client::testing::{Pair, PairConfig};
use registry_client::types::fault::InjectedFault;
use registry_client::{ErrorKind, Event};
use strum::IntoEnumIterator;

const SECOND: Duration = Duration::from_secs(1);

fn met() -> Pair {
    let mut pair = Pair::new(PairConfig::default());
    pair.meet().unwrap();
    pair
}

fn marks(pair: &Pair) -> Vec<InjectedFault> {
    let events = pair.host.trace().events();
    let mark = |event: &Event| if let Event::Fault(fault) = event { Some(fault.clone()) } else { None };
    events.iter().filter_map(|entry| mark(&entry.event)).collect()
}

#[test]
fn as_long_as_nothing_is_asked_for_nothing_is_marked() {
    let pair = Pair::connected();
    assert!(marks(&pair).is_empty() && pair.faults[0].held().is_empty());
}

#[test]
fn a_delay_takes_as_long_as_it_says() {
    let mut pair = Pair::new(PairConfig::default());
    let rule = Rule { call: Some(Operation::CreateRoom), ..Rule::new(Effect::Delay { ms: [700.0, 700.0] }) };
    pair.faults[0].add(rule);
    pair.create().unwrap();
    let events = pair.host.trace().events();
    assert!(events.last().unwrap().at_ms - events[0].at_ms >= 1_400.0, "there and back");
    assert_eq!(marks(&pair).iter().map(|mark| mark.delay_ms).collect::<Vec<_>>(), [Some(700.0); 2]);
}

#[test]
fn what_is_lost_or_refused_is_repeated_and_the_peers_connect() {
    let refusal = |status| Effect::Status { status, retry_after_sec: None };
    for effect in
        [Effect::Lose, refusal(429), refusal(500), Effect::Repeat, Effect::Stale, Effect::Reorder { ms: 300.0 }]
    {
        for direction in [None, Some(Direction::Response)] {
            let mut pair = met();
            pair.faults[0].add(Rule { times: Some(2), direction, ..Rule::new(effect.clone()) });
            assert_eq!(pair.connect(), (Connected, Connected), "{effect:?}");
            // Some are about one direction, whatever is asked for.
            assert!(!marks(&pair).is_empty() || effect == Effect::Stale, "{effect:?} {direction:?}");
        }
    }
}

#[test]
fn on_each_kind_of_network_the_peers_connect_after_all() {
    for preset in Preset::iter() {
        for seed in 0..10 {
            let mut pair = Pair::new(PairConfig { seed, ..PairConfig::default() });
            pair.meet().unwrap();
            for faults in &pair.faults {
                faults.seed(seed);
                faults.preset(preset);
            }
            assert_eq!(pair.connect(), (Connected, Connected), "{preset:?} {seed}");
        }
    }
}

#[test]
fn the_same_seed_does_the_same() {
    let story = |seed| {
        let mut pair = met();
        pair.faults[0].seed(seed);
        pair.faults[0].preset(Preset::CongestedMobile);
        pair.connect();
        marks(&pair)
    };
    assert_eq!(story(5), story(5));
    assert_ne!(story(5), story(6));
}

#[test]
fn an_offer_that_is_held_goes_on_when_it_is_released() {
    for release in [Release::AsItIs, Release::Repeated] {
        let mut pair = met();
        pair.faults[0].hold(Holds { offers: true, ..Holds::default() });
        let (_host, _guest) = (pair.host.start_connection(), pair.guest.start_connection());
        let faults = pair.faults[0].clone();
        assert!(pair.world.run_until(SECOND * 2, || !faults.held().is_empty()));
        pair.world.run_for(SECOND * 3);
        assert_eq!(pair.states(), (Connecting, Connecting));
        let held = &faults.held()[0];
        assert_eq!((held.carries.as_str(), held.call), ("offer", Operation::Exchange));
        assert!(held.content.as_ref().is_some_and(|content| content.as_str().contains("m=application")));
        faults.hold(Holds::default());
        faults.release(held.number, release).unwrap();
        let host = pair.host.clone();
        assert!(pair.world.run_until(SECOND * 5, || host.connection_state() == Connected));
        let actions: Vec<_> = marks(&pair).into_iter().map(|mark| (mark.action, mark.delay_ms.is_some())).collect();
        assert_eq!(actions[0], ("held".to_owned(), false));
        assert!(actions[1].1, "{actions:?}");
    }
}

#[test]
fn a_held_message_is_edited_only_into_one_of_its_kind() {
    let mut pair = met();
    let faults = pair.faults[0].clone();
    faults.hold(Holds { offers: true, ..Holds::default() });
    let (_host, _guest) = (pair.host.start_connection(), pair.guest.start_connection());
    assert!(pair.world.run_until(SECOND * 2, || !faults.held().is_empty()));
    let held = faults.held().remove(0);
    let edit = |text: String| faults.release(held.number, Release::Edited(Json::from_text(text)));
    assert!(matches!(edit("{}".into()), Err(HeldProblem::Malformed(_))));
    assert!(matches!(edit("no JSON".into()), Err(HeldProblem::Malformed(_))));
    assert_eq!(faults.held().len(), 1, "still there");
    assert_eq!(faults.release(99, Release::AsItIs), Err(HeldProblem::Unknown));
    let edited = held.content.unwrap().as_str().replace("m=application 9 x y z", "m=application 9 edited y z");
    edit(edited).unwrap();
    faults.hold(Holds::default());
    let guest = pair.guest.clone();
    let arrived = move || {
        guest
            .trace()
            .events()
            .iter()
            .any(|entry| matches!(&entry.event, Event::Offer { sdp, .. } if sdp.expose().contains("9 edited")))
    };
    assert!(pair.world.run_until(SECOND * 5, arrived));
}

#[test]
fn a_message_that_is_dropped_comes_again_and_a_response_cannot_be_repeated() {
    let mut pair = met();
    let faults = pair.faults[0].clone();
    faults.hold(Holds { offers: true, responses: true, ..Holds::default() });
    let (_host, _guest) = (pair.host.start_connection(), pair.guest.start_connection());
    assert!(pair.world.run_until(SECOND * 2, || !faults.held().is_empty()));
    let first = faults.held().remove(0);
    faults.release(first.number, Release::Dropped).unwrap();
    let again = || faults.held().iter().any(|held| held.carries == "offer" && held.number > first.number);
    assert!(pair.world.run_until(SECOND * 5, again), "the client tries again");
    for held in faults.held() {
        if held.direction == Direction::Response {
            assert_eq!(faults.release(held.number, Release::Repeated), Err(HeldProblem::Impossible));
        }
    }
    faults.clear();
    let host = pair.host.clone();
    assert!(pair.world.run_until(SECOND * 30, || host.connection_state() == Connected));
    assert!(faults.held().is_empty());
}

#[test]
fn without_candidates_of_any_type_there_is_no_path() {
    let mut pair = met();
    for faults in &pair.faults {
        faults.drop_types(vec!["host".into()]);
    }
    let (_host, _guest) = (pair.host.start_connection(), pair.guest.start_connection());
    let host = pair.host.clone();
    assert!(pair.world.run_until(SECOND * 120, || host.connection_state() == Error));
    assert!(
        marks(&pair).iter().any(|mark| (mark.action.as_str(), mark.target.as_str()) == ("dropped", "local candidate"))
    );
    assert_eq!(pair.host.count("ice:candidate:local"), 1, "only the end of candidates");
}

#[test]
fn offline_means_that_the_registry_cannot_be_reached_until_it_can() {
    let mut pair = Pair::new(PairConfig::default());
    pair.faults[0].set_offline(true);
    assert!(matches!(pair.create().unwrap_err().kind, ErrorKind::Network(_)));
    assert!(pair.host.count("request") == 0 && marks(&pair)[0].action == "lost");
    pair.faults[0].set_offline(false);
    pair.create().unwrap();
    assert_eq!(pair.host.connection_state(), Created);
}

#[test]
fn no_secret_can_be_seen_in_what_is_held() {
    let mut pair = Pair::new(PairConfig::default());
    let faults = pair.faults[0].clone();
    faults.hold(Holds { offers: true, answers: true, candidates: true, responses: true });
    let _creating = pair.host.create_room("Ann");
    assert!(pair.world.run_until(SECOND * 2, || !faults.held().is_empty()));
    let held = faults.held().remove(0);
    assert_eq!((held.call, held.direction, held.content), (Operation::CreateRoom, Direction::Response, None));
    assert_eq!(faults.release(held.number, Release::Edited(Json::from_text("{}"))), Err(HeldProblem::Impossible));
}

#[test]
fn a_cut_and_a_restart_of_ice_are_marked_and_the_peers_stay_connected() {
    let mut pair = Pair::connected();
    let (faults, host) = (pair.faults[0].clone(), pair.host.clone());
    faults.cut(&host);
    assert_ne!(host.connection_state(), Connected);
    // Nothing to cut: nothing to mark.
    faults.cut(&host);
    assert!(pair.world.run_until(SECOND * 60, || host.connection_state() == Connected));
    faults.restart_ice(&host);
    let actions: Vec<_> = marks(&pair).into_iter().map(|mark| mark.action).collect();
    assert_eq!(actions, ["cut", "restarted"]);
}
