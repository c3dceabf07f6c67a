use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Parser};
use registry_core::parse::{duration, millis, origins, rate};
use registry_core::{AllowedOrigins, Config, Rates, Ttl};
use registry_protocol::limits::Rate;
use tracing::level_filters::LevelFilter;

use crate::LogFormat;

/// A signalling Registry for WebRTC handshakes, with all rooms in memory.
///
/// Every option can also be set by environment variable. Durations are written like 180, 180s, 500ms or 3m; rates like
/// 5/60s (at most 5 in any 60 seconds).
#[derive(Clone, Debug, Parser)]
#[command(version)]
pub struct Options {
    /// Address and port to listen on; port 0 picks a free port
    #[arg(long, env = "REGISTRY_LISTEN", default_value = "127.0.0.1:8787")]
    pub listen: SocketAddr,

    /// Directory of the built page, served at /; without it only the API is served
    #[arg(long = "static", env = "REGISTRY_STATIC", value_name = "DIR")]
    pub static_dir: Option<PathBuf>,

    /// Comma-separated list of other origins that may use the API (CORS), or * for all; the server's own origin is
    /// always allowed
    #[arg(long, env = "REGISTRY_ALLOWED_ORIGINS", default_value = "", hide_default_value = true, value_parser = origins)]
    pub allowed_origins: AllowedOrigins,

    /// Comma-separated list of origins that may embed the page in a frame, or * for all; the server's own origin is
    /// always allowed
    #[arg(long, env = "REGISTRY_EMBED_ORIGINS", default_value = "", hide_default_value = true, value_parser = origins)]
    pub embed_origins: AllowedOrigins,

    /// Maximum number of rooms; above it, creating a room fails with 503. A room takes at most about 200 KiB, usually a
    /// tenth of that
    #[arg(long, env = "REGISTRY_MAX_ROOMS", default_value_t = 10_000)]
    pub max_rooms: usize,

    /// Maximum number of connections; close to it, the oldest are closed to make way for new ones: at once if idle,
    /// otherwise after the current request
    #[arg(long, env = "REGISTRY_MAX_CONNECTIONS", default_value_t = 4096)]
    pub max_connections: usize,

    /// How long a connection may be idle, or take to send the headers of a request
    #[arg(long, env = "REGISTRY_HEAD_TIMEOUT", default_value = "30s", value_parser = duration, value_name = "TIME")]
    pub head_timeout: Duration,

    /// How long a client may take to send a request body
    #[arg(long, env = "REGISTRY_BODY_TIMEOUT", default_value = "10s", value_parser = duration, value_name = "TIME")]
    pub body_timeout: Duration,

    /// Maximum number of pending long polls; further ones are answered at once
    #[arg(long, env = "REGISTRY_MAX_WAITING", default_value_t = 20_000)]
    pub max_waiting: usize,

    /// Serve only the base contract, without exchanges and long polling, to test a client against such a server
    #[arg(long, env = "REGISTRY_BASE")]
    pub base: bool,

    /// Take the client's address from the last entry of X-Forwarded-For; use only behind a proxy that sets it
    #[arg(long, env = "REGISTRY_TRUST_FORWARDED_FOR")]
    pub trust_forwarded_for: bool,

    /// Times to live.
    #[command(flatten)]
    pub ttl: TtlOptions,

    /// Rate limits.
    #[command(flatten)]
    pub rates: RateOptions,

    /// Log format
    #[arg(long, env = "REGISTRY_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,

    /// Log level: off, error, warn, info, debug or trace
    #[arg(long, env = "REGISTRY_LOG_LEVEL", default_value = "info")]
    pub log_level: LevelFilter,
}

/// Times to live.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Times to live")]
pub struct TtlOptions {
    /// Open rooms
    #[arg(long, env = "REGISTRY_TTL_OPEN", default_value = "180s", value_parser = duration, value_name = "TIME")]
    pub ttl_open: Duration,
    /// Joined rooms
    #[arg(long, env = "REGISTRY_TTL_JOINED", default_value = "300s", value_parser = duration, value_name = "TIME")]
    pub ttl_joined: Duration,
    /// Paired rooms
    #[arg(long, env = "REGISTRY_TTL_PAIRED", default_value = "600s", value_parser = duration, value_name = "TIME")]
    pub ttl_paired: Duration,
    /// Closed rooms, whose codes are not reused before then
    #[arg(long, env = "REGISTRY_TTL_CLOSED", default_value = "15s", value_parser = duration, value_name = "TIME")]
    pub ttl_closed: Duration,
    /// Candidate lists, from the last append
    #[arg(long, env = "REGISTRY_TTL_CANDIDATES", default_value = "300s", value_parser = duration, value_name = "TIME")]
    pub ttl_candidates: Duration,
}

/// Rate limits.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Rate limits")]
pub struct RateOptions {
    /// Enable or disable all rate limits
    #[arg(long, env = "REGISTRY_RATE_LIMITS", default_value = "on", value_name = "on|off", action = ArgAction::Set,
          value_parser = clap::builder::BoolishValueParser::new())]
    pub rate_limits: bool,
    /// Creating rooms, per client
    #[arg(long, env = "REGISTRY_RATE_CREATE", default_value = "5/60s", value_parser = rate, value_name = "RATE")]
    pub rate_create: Rate,
    /// Looking up public room information, per client
    #[arg(long, env = "REGISTRY_RATE_PUBLIC", default_value = "5/60s", value_parser = rate, value_name = "RATE")]
    pub rate_public: Rate,
    /// Joining, per client and also per room
    #[arg(long, env = "REGISTRY_RATE_JOIN", default_value = "10/60s", value_parser = rate, value_name = "RATE")]
    pub rate_join: Rate,
    /// Snapshots, per room
    #[arg(long, env = "REGISTRY_RATE_SNAPSHOT", default_value = "20/10s", value_parser = rate, value_name = "RATE")]
    pub rate_snapshot: Rate,
    /// Exchanges, per room
    #[arg(long, env = "REGISTRY_RATE_EXCHANGE", default_value = "60/10s", value_parser = rate, value_name = "RATE")]
    pub rate_exchange: Rate,
    /// Offers, answers and candidates, per room; an exchange that posts anything counts as one
    #[arg(long, env = "REGISTRY_RATE_SIGNAL", default_value = "40/60s", value_parser = rate, value_name = "RATE")]
    pub rate_signal: Rate,
    /// Offers, answers and candidates over a longer window, per room
    #[arg(long, env = "REGISTRY_RATE_SIGNAL_LONG", default_value = "200/300s", value_parser = rate, value_name = "RATE")]
    pub rate_signal_long: Rate,
}

impl Options {
    /// The configuration of the Registry itself.
    pub fn config(&self) -> Config {
        Config {
            ttl: self.ttl.ttl(),
            rates: self.rates.rate_limits.then(|| self.rates.rates()),
            max_rooms: self.max_rooms,
            max_waiting: self.max_waiting,
            extended: !self.base,
            allowed_origins: self.allowed_origins.clone(),
        }
    }
}

impl TtlOptions {
    fn ttl(&self) -> Ttl {
        Ttl {
            open_ms: millis(self.ttl_open),
            joined_ms: millis(self.ttl_joined),
            paired_ms: millis(self.ttl_paired),
            closed_ms: millis(self.ttl_closed),
            candidates_ms: millis(self.ttl_candidates),
        }
    }
}

impl RateOptions {
    fn rates(&self) -> Rates {
        Rates {
            create: self.rate_create,
            public: self.rate_public,
            join: self.rate_join,
            snapshot: self.rate_snapshot,
            exchange: self.rate_exchange,
            signal: self.rate_signal,
            signal_long: self.rate_signal_long,
            ..Rates::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &[&str]) -> Config {
        Options::try_parse_from([&["registry-server"], args].concat()).unwrap().config()
    }

    #[test]
    fn the_defaults_are_the_base_contract() {
        assert_eq!(parse(&[]), Config::default());
    }

    #[test]
    fn options_override_the_defaults() {
        let config = parse(&["--rate-limits", "off", "--ttl-open", "2s", "--max-rooms", "3", "--allowed-origins", "*"]);
        assert_eq!((config.rates, config.ttl.open_ms, config.max_rooms), (None, 2000, 3));
        assert_eq!(config.allowed_origins, AllowedOrigins::Any);
        let rates = parse(&["--rate-create", "7/1s", "--rate-limits", "on"]).rates.unwrap();
        assert_eq!(rates.create, Rate::new(7, 1000));
    }
}
