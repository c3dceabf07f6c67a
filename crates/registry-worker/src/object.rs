//! The Durable Object of one room.

use registry_core::{Call, ClientLimit, Config, Context, Handled, Refusal, Reply, Request, Response, Room};
use registry_protocol::RoomCode;
use worker::{DurableObject, Env, State, durable_object};

use crate::client_limits::count;
use crate::room_store::RoomStore;
use crate::system::{internal_error, now, random};
use crate::{entry, http};

/// The object named by a room code: the room's state machine and its storage.
#[durable_object(alarm)]
pub struct RoomObject {
    env: Env,
    code: Option<String>,
    config: Config,
    store: RoomStore,
}

impl DurableObject for RoomObject {
    fn new(state: State, env: Env) -> Self {
        // The entry point reads the same variables, and forwards nothing if one is invalid.
        let config = entry::config(&env).unwrap_or_default();
        Self { env, code: state.id().name(), config, store: RoomStore::new(state.storage()) }
    }

    async fn fetch(&self, incoming: worker::Request) -> worker::Result<worker::Response> {
        let client = http::forwarded_client(&incoming)?;
        let request = http::read(incoming).await?.client(client);
        let outcome = self.outcome(&request).await;
        http::write(Response::new(&request, &self.config.allowed_origins, outcome))
    }

    /// The room has expired, or was due to expire when the alarm was set.
    async fn alarm(&self) -> worker::Result<worker::Response> {
        self.store.clear(now()).await?;
        worker::Response::empty()
    }
}

impl RoomObject {
    async fn outcome(&self, request: &Request) -> Result<Reply, Refusal> {
        let call = request.call(self.config.extended)?;
        let by_token = call.client_limit().is_none();
        let act = |room: &mut Option<Room>| {
            let cx = &mut Context { now: now(), random: &mut random, config: &self.config };
            match call {
                Call::Create => self.create(cx, room, request).map(Handled::Reply),
                Call::Room(_, action) => room.as_mut().ok_or(Refusal::NoRoom)?.handle(cx, action, request),
            }
        };
        let handled = self.store.with(act).await;
        if by_token && matches!(handled, Err(Refusal::WrongToken | Refusal::NoRoom)) {
            count(&self.env, &self.config, ClientLimit::Unauthorized, request.client).await?;
        }
        match handled? {
            Handled::Reply(reply) => Ok(reply),
            Handled::Pending(poll) => self.store.long_poll(poll).await,
        }
    }

    /// Creates the room, unless there is one that has not expired.
    fn create(&self, cx: &mut Context<'_>, slot: &mut Option<Room>, request: &Request) -> Result<Reply, Refusal> {
        if slot.as_ref().is_some_and(|room| cx.now < room.expires_at()) {
            return Err(Room::CODE_TAKEN);
        }
        let name =
            self.code.as_deref().ok_or_else(|| internal_error("the platform did not provide the object's name"))?;
        let (room, reply) = Room::create(cx, RoomCode::parse(name)?, request.host_user_name()?)?;
        *slot = Some(room);
        Ok(reply)
    }
}
