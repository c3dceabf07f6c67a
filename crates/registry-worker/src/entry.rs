//! The entry point of every request: it forwards the request to the Durable Object of its room, or answers it here if
//! there is none.

use registry_core::{Call, Config, Refusal, Reply, Request, Response, Room};
use worker::{Context, Env, event};

use crate::client_limits::count;
use crate::system::{internal_error, random};
use crate::{documents, http, settings};

/// The binding of the rooms' Durable Object namespace, in `wrangler.toml`.
const ROOMS: &str = "ROOMS";

#[event(fetch)]
async fn fetch(incoming: worker::Request, env: Env, _context: Context) -> worker::Result<worker::Response> {
    let config = config(&env);
    if let Some(document) = documents::find(&incoming, config.is_ok()) {
        return document;
    }
    let client = http::client(&incoming)?;
    let request = http::read(incoming).await?.client(client);
    let origins = config.as_ref().map(|config| config.allowed_origins.clone()).unwrap_or_default();
    let outcome = match config {
        Ok(_) if request.method == "OPTIONS" => Ok(Reply::NO_CONTENT),
        Ok(config) => match (Entry { env, config }).route(&request).await {
            Ok(response) => return Ok(response),
            Err(refusal) => Err(refusal),
        },
        Err(refusal) => Err(refusal),
    };
    http::write(Response::new(&request, &origins, outcome))
}

/// The configuration given by the variables.
///
/// # Errors
/// [`Refusal::Internal`] if a variable is invalid; the log says which.
pub(crate) fn config(env: &Env) -> Result<Config, Refusal> {
    settings::config(|name| env.var(name).ok().map(|text| text.to_string())).map_err(internal_error)
}

/// The stateless part of the Registry, in front of the rooms.
struct Entry {
    env: Env,
    config: Config,
}

impl Entry {
    /// Forwards a request to its room's object and returns the response.
    async fn route(&self, request: &Request) -> Result<worker::Response, Refusal> {
        let call = request.call(self.config.extended)?;
        if matches!(call, Call::Create) {
            request.host_user_name()?;
        }
        if let Some(limit) = call.client_limit() {
            count(&self.env, &self.config, limit, request.client).await?;
        }
        match &call {
            Call::Create => self.create(request).await,
            Call::Room(code, _) => self.forward(code.as_str(), request).await,
        }
    }

    /// Creates a room in the object of a new code. If that object already has a room, tries another code.
    async fn create(&self, request: &Request) -> Result<worker::Response, Refusal> {
        for _ in 0..Room::CODE_ATTEMPTS {
            let code = Room::draw_code(&mut random)?;
            let response = self.forward(code.as_str(), request).await?;
            if response.status_code() != Room::CODE_TAKEN.status() {
                return Ok(response);
            }
        }
        Err(Room::CODE_TAKEN)
    }

    async fn forward(&self, code: &str, request: &Request) -> Result<worker::Response, Refusal> {
        let object =
            self.env.durable_object(ROOMS).and_then(|rooms| rooms.get_by_name(code)).map_err(internal_error)?;
        let request = http::forward(request).map_err(internal_error)?;
        object.fetch_with_request(request).await.map_err(internal_error)
    }
}
