//! Rate limits per client, counted by the platform.

use registry_core::{Client, ClientLimit, Config, Refusal};
use worker::Env;

use crate::settings;
use crate::system::internal_error;

/// Counts a call towards its per-client limit. The platform does not report how long to wait, so the client is told to wait for
/// a whole window.
///
/// # Errors
/// [`Refusal::RateLimited`]; [`Refusal::Internal`] if the limiter is missing from the deployment.
pub(crate) async fn count(env: &Env, config: &Config, limit: ClientLimit, client: Client) -> Result<(), Refusal> {
    let Some(rates) = &config.client_rates else { return Ok(()) };
    let client = client.address().map(|address| address.to_string()).unwrap_or_default();
    let counter = env.rate_limiter(settings::binding(limit)).map_err(internal_error)?;
    match counter.limit(client).await.map_err(internal_error)?.success {
        true => Ok(()),
        false => Err(Refusal::RateLimited { wait_ms: rates.of(limit).window_ms }),
    }
}
