//! One room without a collection around it, as a host that keeps each room in a place of its own has it.

mod world;

use registry::{AllowedOrigins, Call, Config, Context, Refusal, Request, Response, Room, Step};
use serde_json::json;
use world::{body, code, description, post};

/// One place, and the room in it.
struct Place {
    config: Config,
    room: Option<Room>,
}

impl Place {
    fn handle(&mut self, now: u64, request: &Request) -> Response {
        let outcome = request.call().and_then(|call| {
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
                        Step::Reply(reply) => Ok(reply),
                        Step::Wait(wait) => room.answer(now, &wait),
                    }
                }
            }
        });
        Response::new(request, &AllowedOrigins::Any, outcome)
    }
}

#[test]
fn a_room_alone_lives_and_ends_like_one_among_many() {
    let mut place = Place { config: Config::default(), room: None };
    assert_eq!(code(&place.handle(0, &Request::new("GET", "/rooms/ACDEFGHJ/public"))), "404 not_found");
    let made = body(&place.handle(0, &post("/rooms", "", &json!({"hostUserName": "Ann"}))));
    let path = format!("/rooms/{}", made["code"].as_str().unwrap());
    let host = made["ownerToken"].as_str().unwrap();

    let before = place.room.as_ref().unwrap().changes();
    assert_eq!(
        code(&place.handle(1, &post(&format!("{path}/offer"), "wrong", &description("offer")))),
        "403 forbidden"
    );
    assert_eq!(place.room.as_ref().unwrap().changes(), before, "what is refused changes nothing");
    assert_eq!(code(&place.handle(1, &post(&format!("{path}/offer"), host, &description("offer")))), "204");
    assert_eq!(place.room.as_ref().unwrap().changes(), before + 1);
    assert_eq!(place.room.as_ref().unwrap().expires_at(), 180_001);
    assert_eq!(code(&place.handle(180_001, &post(&format!("{path}/close"), host, &json!({})))), "404 not_found");
}
