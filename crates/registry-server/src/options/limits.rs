//! How long rooms live, and how often something may be asked for.

use std::time::Duration;

use clap::ArgAction;
use clap::builder::BoolishValueParser;
use registry_core::parse::{millis, rate, some_time};
use registry_core::{ClientRates, RoomRates, Ttl};
use registry_protocol::limits::Rate;

/// Times to live.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Times to live")]
pub struct TtlOptions {
    /// Open rooms
    #[arg(long, env = "REGISTRY_TTL_OPEN", default_value = "180s", value_parser = some_time, value_name = "TIME")]
    pub ttl_open: Duration,
    /// Joined rooms
    #[arg(long, env = "REGISTRY_TTL_JOINED", default_value = "300s", value_parser = some_time, value_name = "TIME")]
    pub ttl_joined: Duration,
    /// Paired rooms
    #[arg(long, env = "REGISTRY_TTL_PAIRED", default_value = "600s", value_parser = some_time, value_name = "TIME")]
    pub ttl_paired: Duration,
    /// Closed rooms, whose codes are not reused before then
    #[arg(long, env = "REGISTRY_TTL_CLOSED", default_value = "15s", value_parser = some_time, value_name = "TIME")]
    pub ttl_closed: Duration,
    /// Candidate lists, from the last append
    #[arg(long, env = "REGISTRY_TTL_CANDIDATES", default_value = "300s", value_parser = some_time, value_name = "TIME")]
    pub ttl_candidates: Duration,
    /// Any room, from its creation: however often it is renewed, it does not outlive this
    #[arg(long, env = "REGISTRY_TTL_ROOM", default_value = "24h", value_parser = some_time, value_name = "TIME")]
    pub ttl_room: Duration,
}

/// Rate limits.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Rate limits")]
pub struct RateOptions {
    /// Enable or disable all rate limits, per client and per room; join codes are protected from being guessed all the same
    #[arg(long, env = "REGISTRY_RATE_LIMITS", default_value = "on", value_name = "on|off", action = ArgAction::Set,
          value_parser = BoolishValueParser::new())]
    pub rate_limits: bool,
    /// Enable or disable the limits per client alone: those for creating rooms, looking them up, joining, and wrong tokens
    #[arg(long, env = "REGISTRY_CLIENT_LIMITS", default_value = "on", value_name = "on|off", action = ArgAction::Set,
          value_parser = BoolishValueParser::new())]
    pub client_limits: bool,
    /// How many people share an address, such as a school or an office: multiplies the limits per client
    #[arg(long, env = "REGISTRY_PEOPLE_PER_ADDRESS", default_value = "1", value_name = "NUMBER",
          value_parser = clap::value_parser!(u32).range(1..))]
    pub people_per_address: u32,
    /// Creating rooms, per client
    #[arg(long, env = "REGISTRY_RATE_CREATE", default_value = "5/60s", value_parser = rate, value_name = "RATE")]
    pub rate_create: Rate,
    /// Looking up public room information, per client
    #[arg(long, env = "REGISTRY_RATE_PUBLIC", default_value = "5/60s", value_parser = rate, value_name = "RATE")]
    pub rate_public: Rate,
    /// Joining, per client; with --base also per room
    #[arg(long, env = "REGISTRY_RATE_JOIN", default_value = "10/60s", value_parser = rate, value_name = "RATE")]
    pub rate_join: Rate,
    /// Calls with a token that is not valid for the room, per client
    #[arg(long, env = "REGISTRY_RATE_UNAUTHORIZED", default_value = "60/60s", value_parser = rate, value_name = "RATE")]
    pub rate_unauthorized: Rate,
    /// Snapshots, per room
    #[arg(long, env = "REGISTRY_RATE_SNAPSHOT", default_value = "20/10s", value_parser = rate, value_name = "RATE")]
    pub rate_snapshot: Rate,
    /// Lists of candidates that are read, per room
    #[arg(long, env = "REGISTRY_RATE_CANDIDATES", default_value = "100/10s", value_parser = rate, value_name = "RATE")]
    pub rate_candidates: Rate,
    /// Exchanges, per room
    #[arg(long, env = "REGISTRY_RATE_EXCHANGE", default_value = "60/10s", value_parser = rate, value_name = "RATE")]
    pub rate_exchange: Rate,
    /// Offers, answers and candidates, per room, by single calls; exchanges have a limit of their own
    #[arg(long, env = "REGISTRY_RATE_SIGNAL", default_value = "40/60s", value_parser = rate, value_name = "RATE")]
    pub rate_signal: Rate,
    /// Offers, answers and candidates over a longer window, per room
    #[arg(long, env = "REGISTRY_RATE_SIGNAL_LONG", default_value = "200/300s", value_parser = rate, value_name = "RATE")]
    pub rate_signal_long: Rate,
}

impl TtlOptions {
    pub(super) fn ttl(&self) -> Ttl {
        Ttl {
            open_ms: millis(self.ttl_open),
            joined_ms: millis(self.ttl_joined),
            paired_ms: millis(self.ttl_paired),
            closed_ms: millis(self.ttl_closed),
            candidates_ms: millis(self.ttl_candidates),
            room_ms: millis(self.ttl_room),
        }
    }
}

impl RateOptions {
    pub(super) fn client_rates(&self) -> ClientRates {
        ClientRates {
            create: self.rate_create,
            public: self.rate_public,
            join: self.rate_join,
            unauthorized: self.rate_unauthorized,
        }
        .for_people(self.people_per_address)
    }

    pub(super) fn room_rates(&self) -> RoomRates {
        RoomRates {
            join: self.rate_join,
            snapshot: self.rate_snapshot,
            candidates: self.rate_candidates,
            exchange: self.rate_exchange,
            signal: self.rate_signal,
            signal_long: self.rate_signal_long,
        }
    }
}
