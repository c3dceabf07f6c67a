use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Parser};
use registry::parse::{duration, millis, origins, rate};
use registry::{AllowedOrigins, Config, Rates, Ttl};
use registry_protocol::limits::Rate;
use tracing::level_filters::LevelFilter;

use crate::LogFormat;

/// A signalling Registry for WebRTC handshakes: rooms in memory, one process, one port.
///
/// Every flag can be given as an environment variable too. Times are spelled like 180, 180s, 500ms or 3m, rates like
/// 5/60s: at most 5 in any 60 seconds.
#[derive(Clone, Debug, Parser)]
#[command(version)]
pub struct Options {
    /// Address and port to listen on; port 0 picks a free one
    #[arg(long, env = "REGISTRY_LISTEN", default_value = "127.0.0.1:8787")]
    pub listen: SocketAddr,

    /// Folder with the page to serve at /; without it there is only the API
    #[arg(long = "static", env = "REGISTRY_STATIC", value_name = "DIR")]
    pub static_dir: Option<PathBuf>,

    /// Other origins whose pages may use the API, with commas between them, or * for all; a page that this server
    /// serves itself always may
    #[arg(long, env = "REGISTRY_ALLOWED_ORIGINS", default_value = "", hide_default_value = true, value_parser = origins)]
    pub allowed_origins: AllowedOrigins,

    /// Origins whose pages may show the page in a frame, with commas between them, or * for all; the page's own origin
    /// always may
    #[arg(long, env = "REGISTRY_EMBED_ORIGINS", default_value = "", hide_default_value = true, value_parser = origins)]
    pub embed_origins: AllowedOrigins,

    /// How many rooms there may be at once; above it, new ones are refused with 503. A room takes at most about 200 KiB,
    /// and mostly a tenth of that
    #[arg(long, env = "REGISTRY_MAX_ROOMS", default_value_t = 10_000)]
    pub max_rooms: usize,

    /// How many connections there may be at once; near that, the oldest are ended for new ones: at once if they are idle,
    /// else after the request in progress
    #[arg(long, env = "REGISTRY_MAX_CONNECTIONS", default_value_t = 4096)]
    pub max_connections: usize,

    /// How long a connection may be idle, or take to send a request's head
    #[arg(long, env = "REGISTRY_HEAD_TIMEOUT", default_value = "30s", value_parser = duration, value_name = "TIME")]
    pub head_timeout: Duration,

    /// How long a client may take to send a request's body
    #[arg(long, env = "REGISTRY_BODY_TIMEOUT", default_value = "10s", value_parser = duration, value_name = "TIME")]
    pub body_timeout: Duration,

    /// How many requests may wait for news at once; one more is answered without news
    #[arg(long, env = "REGISTRY_MAX_WAITING", default_value_t = 20_000)]
    pub max_waiting: usize,

    /// Serve the base contract only: no waiting requests, no versions; to try a client against such a server
    #[arg(long, env = "REGISTRY_BASE")]
    pub base: bool,

    /// Take a client's address from the last entry of X-Forwarded-For: only behind a proxy that sets it
    #[arg(long, env = "REGISTRY_TRUST_FORWARDED_FOR")]
    pub trust_forwarded_for: bool,

    /// Times to live.
    #[command(flatten)]
    pub ttl: TtlOptions,

    /// Rate limits.
    #[command(flatten)]
    pub rates: RateOptions,

    /// How logs look
    #[arg(long, env = "REGISTRY_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,

    /// What is logged: off, error, warn, info, debug or trace
    #[arg(long, env = "REGISTRY_LOG_LEVEL", default_value = "info")]
    pub log_level: LevelFilter,
}

/// How long things live.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Times to live")]
pub struct TtlOptions {
    /// An open room
    #[arg(long, env = "REGISTRY_TTL_OPEN", default_value = "180s", value_parser = duration, value_name = "TIME")]
    pub ttl_open: Duration,
    /// A joined room
    #[arg(long, env = "REGISTRY_TTL_JOINED", default_value = "300s", value_parser = duration, value_name = "TIME")]
    pub ttl_joined: Duration,
    /// A paired room
    #[arg(long, env = "REGISTRY_TTL_PAIRED", default_value = "600s", value_parser = duration, value_name = "TIME")]
    pub ttl_paired: Duration,
    /// A closed room
    #[arg(long, env = "REGISTRY_TTL_CLOSED", default_value = "15s", value_parser = duration, value_name = "TIME")]
    pub ttl_closed: Duration,
    /// A list of candidates, from its last append
    #[arg(long, env = "REGISTRY_TTL_CANDIDATES", default_value = "300s", value_parser = duration, value_name = "TIME")]
    pub ttl_candidates: Duration,
}

/// How often things may be asked.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Rate limits")]
pub struct RateOptions {
    /// Switches all rate limits on or off
    #[arg(long, env = "REGISTRY_RATE_LIMITS", default_value = "on", value_name = "on|off", action = ArgAction::Set,
          value_parser = clap::builder::BoolishValueParser::new())]
    pub rate_limits: bool,
    /// Rooms created, per client
    #[arg(long, env = "REGISTRY_RATE_CREATE", default_value = "5/60s", value_parser = rate, value_name = "RATE")]
    pub rate_create: Rate,
    /// Public look-ups, per client
    #[arg(long, env = "REGISTRY_RATE_PUBLIC", default_value = "5/60s", value_parser = rate, value_name = "RATE")]
    pub rate_public: Rate,
    /// Joins, per client and again per room
    #[arg(long, env = "REGISTRY_RATE_JOIN", default_value = "10/60s", value_parser = rate, value_name = "RATE")]
    pub rate_join: Rate,
    /// Snapshots, per room
    #[arg(long, env = "REGISTRY_RATE_SNAPSHOT", default_value = "20/10s", value_parser = rate, value_name = "RATE")]
    pub rate_snapshot: Rate,
    /// Snapshots that may wait for news, per room
    #[arg(long, env = "REGISTRY_RATE_WAIT", default_value = "60/10s", value_parser = rate, value_name = "RATE")]
    pub rate_wait: Rate,
    /// Offers, answers and candidates, per room
    #[arg(long, env = "REGISTRY_RATE_SIGNAL", default_value = "40/60s", value_parser = rate, value_name = "RATE")]
    pub rate_signal: Rate,
    /// The same over a longer time
    #[arg(long, env = "REGISTRY_RATE_SIGNAL_LONG", default_value = "200/300s", value_parser = rate, value_name = "RATE")]
    pub rate_signal_long: Rate,
}

impl Options {
    /// What of the options concerns the Registry itself.
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
            wait: self.rate_wait,
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
    fn what_is_given_is_taken() {
        let config = parse(&["--rate-limits", "off", "--ttl-open", "2s", "--max-rooms", "3", "--allowed-origins", "*"]);
        assert_eq!((config.rates, config.ttl.open_ms, config.max_rooms), (None, 2000, 3));
        assert_eq!(config.allowed_origins, AllowedOrigins::Any);
        let rates = parse(&["--rate-create", "7/1s", "--rate-limits", "on"]).rates.unwrap();
        assert_eq!(rates.create, Rate::new(7, 1000));
    }
}
