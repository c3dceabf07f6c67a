//! Whatever the requests, their order and their timing: a room behaves like a much simpler model.

mod machine;
mod readers;
#[path = "../world/mod.rs"]
mod world;

use machine::{Model, Who, numbered, perform, steps};
use proptest::prelude::*;
use registry_core::Request;
use serde_json::json;
use world::{Keys, World, candidate, code};

/// Checks that the room a peer reads equals the model.
fn compare(world: &mut World, keys: &Keys, model: &mut Model) -> Result<(), TestCaseError> {
    let room = world.get(&keys.path(""), &keys.host);
    if room.status == 404 {
        return Ok(());
    }
    let room = world::body(&room);
    prop_assert_eq!(&room["status"], model.state);
    prop_assert_eq!(room["expiresAt"].as_u64(), Some(model.ends));
    prop_assert_eq!(room["attempt"].as_u64().unwrap_or(0), model.attempt);
    prop_assert_eq!(&room["offer"], &json!(model.offer.map(|n| numbered("offer", n))));
    prop_assert_eq!(&room["answer"], &json!(model.answer.map(|n| numbered("answer", n))));
    prop_assert_eq!(model.answer.is_some(), model.state == "paired");
    let shown = world::body(&world.get(&keys.path("/candidates"), &keys.host))["items"].clone();
    let expected: Vec<_> = model.list(world.now, Who::Guest).0.iter().map(|n| candidate(*n)).collect();
    prop_assert_eq!(shown, json!(expected));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_room_behaves_like_the_model(steps in steps()) {
        let mut world = World::unlimited();
        let mut keys = world.create();
        let mut model = Model::new(world.now);
        for step in steps {
            world.now = model.after(world.now, step);
            let expected = model.step(world.now, step);
            prop_assert_eq!(perform(&mut world, &mut keys, step), expected, "{:?}", step);
            compare(&mut world, &keys, &mut model)?;
        }
    }

    #[test]
    fn arbitrary_requests_get_a_well_formed_response(
        method in "GET|POST|OPTIONS|HEAD|[A-Z]{0,3}",
        path in "(/rooms(/[A-Z0-9]{8})?(/(public|join|offer|answer|candidate|candidates|close))?)|/exchange|.{0,30}",
        token in ".{0,50}",
        origin in ".{0,30}",
        body in prop::collection::vec(any::<u8>(), 0..300),
        versioned in any::<bool>(),
    ) {
        let mut world = World::unlimited();
        let mut request = Request::new(method, path).header("X-Access-Token", token).header("Origin", origin).body(body);
        if versioned {
            request = request.header("x-registry-version", " 1 ");
        }
        let response = world.send(&request);
        prop_assert!((200..500).contains(&response.status));
        prop_assert!(response.status == 204 || response.status == 201 || !code(&response).ends_with(' '));
    }
}
