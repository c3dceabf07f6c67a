//! The Durable Object of one room.

use registry::{Call, Config, Context, Refusal, Reply, Request, Response, Room, Step};
use registry_protocol::RoomCode;
use worker::{DurableObject, Env, State, durable_object};

use crate::place::Place;
use crate::system::{failed, now, random};
use crate::{entry, http};

/// The object that a room code names: the room's state machine, and where it is kept.
#[durable_object(alarm)]
pub struct RoomObject {
    code: Option<String>,
    config: Config,
    place: Place,
}

impl DurableObject for RoomObject {
    fn new(state: State, env: Env) -> Self {
        // The entry has read the same variables and lets nothing through when one is wrong.
        let config = entry::config(&env).unwrap_or_default();
        Self { code: state.id().name(), config, place: Place::new(state.storage()) }
    }

    async fn fetch(&self, incoming: worker::Request) -> worker::Result<worker::Response> {
        let request = http::read(incoming).await?;
        let outcome = self.outcome(&request).await;
        http::write(Response::new(&request, &self.config.allowed_origins, outcome))
    }

    /// The room is over, or seemed to be when the alarm was set.
    async fn alarm(&self) -> worker::Result<worker::Response> {
        self.place.clear(now()).await?;
        worker::Response::empty()
    }
}

impl RoomObject {
    async fn outcome(&self, request: &Request) -> Result<Reply, Refusal> {
        let call = request.call()?;
        let act = |room: &mut Option<Room>| {
            let cx = &mut Context { now: now(), random: &mut random, config: &self.config };
            match call {
                Call::Create => self.create(cx, room, request).map(Step::Reply),
                Call::Room(_, action) => room.as_mut().ok_or(Refusal::NoRoom)?.handle(cx, action, request),
            }
        };
        match self.place.with(act).await? {
            Step::Reply(reply) => Ok(reply),
            Step::Wait(wait) => self.place.wait(wait).await,
        }
    }

    /// Makes the room, unless there is one that is not over.
    fn create(&self, cx: &mut Context<'_>, place: &mut Option<Room>, request: &Request) -> Result<Reply, Refusal> {
        if place.as_ref().is_some_and(|room| cx.now < room.expires_at()) {
            return Err(Room::CODE_TAKEN);
        }
        let name = self.code.as_deref().ok_or_else(|| failed("the platform does not say which room this is"))?;
        let (room, reply) = Room::create(cx, RoomCode::parse(name)?, request.host_user_name()?)?;
        *place = Some(room);
        Ok(reply)
    }
}
