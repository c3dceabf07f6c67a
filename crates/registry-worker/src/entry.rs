//! The entry point of every request: it forwards the request to the Durable Object of its room, or answers it here if
//! there is none.

use registry_core::{Call, Client, ClientLimit, Config, Refusal, Reply, Request, Response, Room};
use worker::{Context, Env, event};

use crate::system::{internal_error, random};
use crate::{documents, http, settings};

/// The binding of the rooms' Durable Object namespace, in `wrangler.toml`.
const ROOMS: &str = "ROOMS";

#[event(fetch)]
async fn fetch(incoming: worker::Request, env: Env, _context: Context) -> worker::Result<worker::Response> {
    if let Some(document) = documents::find(&incoming) {
        return document;
    }
    let client = http::client(&incoming)?;
    let request = http::read(incoming).await?.client(client);
    let config = config(&env);
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
        let limit = call.client_limit();
        match &call {
            Call::Create => {
                request.host_user_name()?;
                self.count(limit, request.client).await?;
                self.create(request).await
            }
            Call::Room(code, _) => {
                self.count(limit, request.client).await?;
                let response = self.forward(code.as_str(), request).await?;
                if limit.is_none() && matches!(response.status_code(), 403 | 404) {
                    self.count(Some(ClientLimit::Unauthorized), request.client).await?;
                }
                Ok(response)
            }
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

    /// Counts a call towards its per-client limit. The platform does not report how long to wait, so the client is told
    /// to wait for a whole window.
    async fn count(&self, limit: Option<ClientLimit>, client: Client) -> Result<(), Refusal> {
        let (Some(rates), Some(limit)) = (&self.config.client_rates, limit) else { return Ok(()) };
        let client = client.address().map(|address| address.to_string()).unwrap_or_default();
        let counter = self.env.rate_limiter(settings::binding(limit)).map_err(internal_error)?;
        match counter.limit(client).await.map_err(internal_error)?.success {
            true => Ok(()),
            false => Err(Refusal::RateLimited { wait_ms: rates.of(limit).window_ms }),
        }
    }
}
