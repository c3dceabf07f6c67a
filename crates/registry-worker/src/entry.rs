//! Where every request arrives: it is passed on to the object of its room, or answered here if it has none.

use registry::{Call, Config, Refusal, Reply, Request, Response, Room};
use worker::{Context, Env, event};

use crate::system::{failed, random};
use crate::{http, settings};

/// The name of the namespace of rooms, in `wrangler.toml`.
const ROOMS: &str = "ROOMS";

#[event(fetch)]
async fn fetch(incoming: worker::Request, env: Env, _context: Context) -> worker::Result<worker::Response> {
    let client = http::client(&incoming)?;
    let request = http::read(incoming).await?.client(client);
    let config = config(&env);
    let origins = config.as_ref().map(|config| config.allowed_origins.clone()).unwrap_or_default();
    let outcome = match config {
        Ok(_) if request.method == "OPTIONS" => Ok(Reply::NO_CONTENT),
        Ok(config) => match (Entry { env, config }).pass_on(&request).await {
            Ok(response) => return Ok(response),
            Err(refusal) => Err(refusal),
        },
        Err(refusal) => Err(refusal),
    };
    http::write(Response::new(&request, &origins, outcome))
}

/// What the variables say.
///
/// # Errors
/// [`Refusal::Internal`]: a variable is wrong, and the log says which.
pub(crate) fn config(env: &Env) -> Result<Config, Refusal> {
    settings::config(|name| env.var(name).ok().map(|text| text.to_string())).map_err(failed)
}

/// The Registry before its rooms.
struct Entry {
    env: Env,
    config: Config,
}

impl Entry {
    /// The answer of the room's object.
    async fn pass_on(&self, request: &Request) -> Result<worker::Response, Refusal> {
        let call = request.call()?;
        match &call {
            Call::Create => {
                request.host_user_name()?;
                self.count(&call, &request.client).await?;
                self.create(request).await
            }
            Call::Room(code, _) => {
                self.count(&call, &request.client).await?;
                self.ask(code.as_str(), request).await
            }
        }
    }

    /// Has the object of a code make its room; if it has one already, that of another code.
    async fn create(&self, request: &Request) -> Result<worker::Response, Refusal> {
        for _ in 0..Room::CODE_ATTEMPTS {
            let code = Room::draw_code(&mut random)?;
            let response = self.ask(code.as_str(), request).await?;
            if response.status_code() != Room::CODE_TAKEN.status() {
                return Ok(response);
            }
        }
        Err(Room::CODE_TAKEN)
    }

    async fn ask(&self, code: &str, request: &Request) -> Result<worker::Response, Refusal> {
        let object = self.env.durable_object(ROOMS).and_then(|rooms| rooms.get_by_name(code)).map_err(failed)?;
        let request = http::forward(request).map_err(failed)?;
        object.fetch_with_request(request).await.map_err(failed)
    }

    /// Counts a call towards its client's limits. The platform says only that there were too many, so the client is
    /// told to wait for as long as it may take.
    async fn count(&self, call: &Call, client: &str) -> Result<(), Refusal> {
        let (Some(rates), Some(limit)) = (&self.config.rates, call.client_limit()) else { return Ok(()) };
        let counter = self.env.rate_limiter(settings::binding(limit)).map_err(failed)?;
        match counter.limit(client.to_owned()).await.map_err(failed)?.success {
            true => Ok(()),
            false => Err(Refusal::RateLimited { wait_ms: rates.per_client(limit).window_ms }),
        }
    }
}
