//! A single room outside of a `Registry`, as used by a platform that stores each room separately.

mod world;

use registry_core::{AllowedOrigins, Call, Config, Context, Handled, Refusal, Request, Response, Room};
use serde_json::json;
use world::{body, candidate, code, description, post};

/// The storage of one room.
struct SingleRoom {
    config: Config,
    room: Option<Room>,
}

impl SingleRoom {
    fn handle(&mut self, now: u64, request: &Request) -> Response {
        let outcome = request.call(true).and_then(|call| {
            let mut random = |bytes: &mut [u8]| bytes.fill(7);
            let cx = &mut Context { now, random: &mut random, config: &self.config };
            match call {
                Call::Create => {
                    let code = Room::draw_code(cx.random)?;
                    let (room, reply) = Room::create(cx, code, request.host_user_name()?)?;
                    self.room = Some(room);
                    Ok(reply)
                }
                Call::Room(_, action) => {
                    let room = self.room.as_mut().ok_or(Refusal::NoRoom)?;
                    match room.handle(cx, action, request)? {
                        Handled::Reply(reply) => Ok(reply),
                        Handled::Pending(wait) => room.answer(now, &wait),
                    }
                }
            }
        });
        Response::new(request, &AllowedOrigins::Any, outcome)
    }
}

#[test]
fn a_single_room_lives_and_ends_like_one_in_a_registry() {
    let mut single = SingleRoom { config: Config::default(), room: None };
    assert_eq!(code(&single.handle(0, &Request::new("GET", "/rooms/ACDEFGHJ/public"))), "404 not_found");
    let made = body(&single.handle(0, &post("/rooms", "", &json!({"hostUserName": "Ann"}))));
    let path = format!("/rooms/{}", made["code"].as_str().unwrap());
    let host = made["ownerToken"].as_str().unwrap();

    let before = single.room.as_ref().unwrap().changes();
    assert_eq!(
        code(&single.handle(1, &post(&format!("{path}/offer"), "wrong", &description("offer")))),
        "403 forbidden"
    );
    assert_eq!(single.room.as_ref().unwrap().changes(), before, "a refused request changes nothing");
    assert_eq!(code(&single.handle(1, &post(&format!("{path}/offer"), host, &description("offer")))), "204");
    assert_eq!(single.room.as_ref().unwrap().changes(), before + 1);
    assert_eq!(single.room.as_ref().unwrap().expires_at(), 180_001);
    let exchange = json!({"room": made["code"], "candidates": [candidate(1)], "since": 9_000_000_000_u64, "wait": 20});
    assert_eq!(body(&single.handle(2, &post("/exchange", host, &exchange)))["status"], "open");
    assert_eq!(single.room.as_ref().unwrap().changes(), before + 2);
    assert_eq!(code(&single.handle(180_001, &post(&format!("{path}/close"), host, &json!({})))), "404 not_found");
}
