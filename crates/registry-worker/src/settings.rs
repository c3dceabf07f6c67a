//! The configuration variables of a deployment, in the same format as the server's options.

use registry_core::parse::{duration, millis, origins};
use registry_core::{ClientLimit, Config, Ttl};

/// Parses the variables. One that is not set keeps its default.
///
/// # Errors
/// Which variable is invalid, and the expected format.
pub(crate) fn config(variable: impl Fn(&str) -> Option<String>) -> Result<Config, String> {
    let default = Config::default();
    let ttl = |name: &str, default: u64| read(&variable, name, default, |text| duration(text).map(millis));
    let config = Config {
        ttl: Ttl {
            open_ms: ttl("TTL_OPEN", default.ttl.open_ms)?,
            joined_ms: ttl("TTL_JOINED", default.ttl.joined_ms)?,
            paired_ms: ttl("TTL_PAIRED", default.ttl.paired_ms)?,
            closed_ms: ttl("TTL_CLOSED", default.ttl.closed_ms)?,
            candidates_ms: ttl("TTL_CANDIDATES", default.ttl.candidates_ms)?,
            room_ms: ttl("TTL_ROOM", default.ttl.room_ms)?,
        },
        allowed_origins: read(&variable, "ALLOWED_ORIGINS", default.allowed_origins, origins)?,
        ..default
    };
    let limited = read(&variable, "RATE_LIMITS", true, on_or_off)?;
    Ok(if limited { config } else { config.unlimited() })
}

/// The binding of the platform's rate limiter for a per-client limit, in `wrangler.toml`.
pub(crate) fn binding(limit: ClientLimit) -> &'static str {
    match limit {
        ClientLimit::Create => "CREATE_LIMIT",
        ClientLimit::Public => "PUBLIC_LIMIT",
        ClientLimit::Join => "JOIN_LIMIT",
        ClientLimit::Unauthorized => "UNAUTHORIZED_LIMIT",
    }
}

fn on_or_off(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("expected on or off".to_owned()),
    }
}

fn read<T>(
    variable: impl Fn(&str) -> Option<String>,
    name: &str,
    default: T,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<T, String> {
    match variable(name) {
        Some(text) => parse(text.trim()).map_err(|why| format!("{name}: {why}")),
        None => Ok(default),
    }
}

#[cfg(test)]
mod tests {
    use registry_core::{AllowedOrigins, ClientRates};

    use super::*;

    fn of(variables: &[(&str, &str)]) -> Result<Config, String> {
        config(|name| variables.iter().find(|(n, _)| *n == name).map(|(_, text)| (*text).to_owned()))
    }

    #[test]
    fn the_defaults_are_those_of_the_registry() {
        assert_eq!(of(&[]), Ok(Config::default()));
        assert_eq!(of(&[("ALLOWED_ORIGINS", ""), ("RATE_LIMITS", "on")]), Ok(Config::default()));
    }

    #[test]
    fn variables_override_the_defaults() {
        let config =
            of(&[("TTL_OPEN", "2s"), ("TTL_CANDIDATES", "1m"), ("RATE_LIMITS", "off"), ("ALLOWED_ORIGINS", "*")]);
        let config = config.unwrap();
        assert_eq!((config.ttl.open_ms, config.ttl.candidates_ms), (2000, 60_000));
        assert_eq!((config.client_rates, config.room_rates), (None, None));
        assert_eq!(config.allowed_origins, AllowedOrigins::Any);
    }

    #[test]
    fn an_error_names_the_variable() {
        for (name, text) in [("TTL_PAIRED", "soon"), ("RATE_LIMITS", "5"), ("ALLOWED_ORIGINS", "a.example")] {
            assert!(of(&[(name, text)]).unwrap_err().starts_with(name));
        }
    }

    /// The platform does the counting, so the numbers are in its configuration file; they must equal those of the
    /// contract.
    #[test]
    fn the_platform_counts_to_the_limits_of_the_contract() {
        let toml: String = include_str!("../wrangler.toml").split_whitespace().collect();
        for limit in [ClientLimit::Create, ClientLimit::Public, ClientLimit::Join, ClientLimit::Unauthorized] {
            let (name, rate) = (binding(limit), ClientRates::default().of(limit));
            let (_, section) = toml.split_once(&format!("name=\"{name}\"")).unwrap();
            let section = section.split("[[").next().unwrap();
            let simple = format!("simple={{limit={},period={}}}", rate.count, rate.window_ms / 1000);
            assert!(section.contains(&simple), "{name} is not {simple}");
        }
    }
}
