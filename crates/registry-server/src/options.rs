mod given;
mod limits;

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use clap::builder::BoolishValueParser;
use registry_core::parse::{origins, some_time};
use registry_core::{AllowedOrigins, Config};
use thiserror::Error;
use tracing::level_filters::LevelFilter;

use crate::LogFormat;
use crate::tls::{Tls, TlsError};
pub use given::Given;
pub use limits::{RateOptions, TtlOptions};

/// A signalling Registry for WebRTC handshakes, with all rooms in memory.
///
/// Every option can also be set by environment variable; an empty one counts as not set. Durations are written like 180,
/// 180s, 500ms, 3m or 1h; rates like 5/60s (at most 5 in any 60 seconds).
#[derive(Clone, Debug, Parser)]
#[command(version)]
pub struct Options {
    /// Address or name to listen on, with or without a port; without, the port is that of the variable PORT, or 8787; port 0
    /// picks a free one
    #[arg(long, env = "REGISTRY_LISTEN", default_value = "127.0.0.1", value_parser = address, value_name = "ADDRESS[:PORT]")]
    pub listen: SocketAddr,

    /// Address and port to listen on for operators: /metrics is then served only there, with /healthz and /readyz
    #[arg(long, env = "REGISTRY_ADMIN_LISTEN", value_parser = full_address, value_name = "ADDRESS:PORT")]
    pub admin_listen: Option<SocketAddr>,

    /// PEM file with the certificate and its chain: serves HTTPS with HTTP/2; read again when it changes
    #[arg(long, env = "REGISTRY_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,

    /// PEM file with the private key of the certificate
    #[arg(long, env = "REGISTRY_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,

    /// Serve HTTPS with a certificate that the server makes for this machine and keeps in this directory, for a try-out:
    /// browsers warn of it
    #[arg(long, env = "REGISTRY_TLS_SELF_SIGNED", value_name = "DIR", conflicts_with = "tls_cert")]
    tls_self_signed: Option<PathBuf>,

    /// Directory of the built page, served at /, except for hidden files and links that lead out of it; without it only the
    /// API is served
    #[arg(long = "static", env = "REGISTRY_STATIC", value_name = "DIR")]
    static_dir: Option<PathBuf>,

    /// Comma-separated list of other origins that may use the API (CORS), or * for all; the server's own origin is
    /// always allowed
    #[arg(long, env = "REGISTRY_ALLOWED_ORIGINS", default_value = "", hide_default_value = true, value_parser = origins)]
    pub allowed_origins: AllowedOrigins,

    /// Comma-separated list of origins that may embed the page in a frame, or * for all; the server's own origin is
    /// always allowed
    #[arg(long, env = "REGISTRY_EMBED_ORIGINS", default_value = "", hide_default_value = true, value_parser = origins)]
    pub embed_origins: AllowedOrigins,

    /// Maximum number of rooms; when there are as many, a new one replaces one of the client that has most, or fails with
    /// 503 if nobody has more than the others. A room takes at most about 200 KiB, usually a tenth of that
    #[arg(long, env = "REGISTRY_MAX_ROOMS", default_value = "10000", value_parser = at_least_one)]
    pub max_rooms: usize,

    /// Maximum number of rooms of one client, those of an IPv6 /48 together; above it, creating a room fails with 429
    #[arg(long, env = "REGISTRY_MAX_ROOMS_PER_CLIENT", default_value = "500", value_parser = at_least_one)]
    pub max_rooms_per_client: usize,

    /// Maximum number of connections, at most what the limit of open files permits; close to it, those of whoever has most
    /// are closed to make way for new ones: the idle ones first, at once, as those that wait for news; otherwise after the
    /// current request, for which there are two seconds
    #[arg(long, env = "REGISTRY_MAX_CONNECTIONS", default_value = "4096", value_parser = connections)]
    pub max_connections: usize,

    /// How long a connection may be idle, or take to send the headers of a request; with HTTP/2 only until the first request,
    /// then as long as the client answers pings
    #[arg(long, env = "REGISTRY_HEAD_TIMEOUT", default_value = "30s", value_parser = some_time, value_name = "TIME")]
    pub head_timeout: Duration,

    /// How long a client may take to send a request body
    #[arg(long, env = "REGISTRY_BODY_TIMEOUT", default_value = "10s", value_parser = some_time, value_name = "TIME")]
    pub body_timeout: Duration,

    /// Memory for the bodies of requests and responses in flight, in MiB; when it is used up, the oldest of whoever has most
    /// give way: a request fails with 503, and a response ends with its connection
    #[arg(long, env = "REGISTRY_BODY_MEMORY", default_value = "64", value_parser = at_least_one, value_name = "MIB")]
    body_memory: usize,

    /// Maximum number of pending long polls, less than the connections; further ones have one of whoever has most answered, or
    /// are answered at once [default: three quarters of the connections]
    #[arg(long, env = "REGISTRY_MAX_WAITING")]
    max_waiting: Option<usize>,

    /// How long to go on after SIGTERM while /readyz says that the server stops, so that a load balancer notices
    #[arg(long, env = "REGISTRY_STOP_DELAY", default_value = "0s", value_parser = time, value_name = "TIME")]
    pub stop_delay: Duration,

    /// Serve only the base contract, without exchanges and long polling, to test a client against such a server
    #[arg(long, env = "REGISTRY_BASE", value_parser = BoolishValueParser::new())]
    pub base: bool,

    /// Number of proxies between the clients and this server: the client's address is that entry of X-Forwarded-For, counted
    /// from the end
    #[arg(long, env = "REGISTRY_TRUSTED_PROXIES", default_value = "0", value_name = "NUMBER")]
    pub trusted_proxies: usize,

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

/// The port if none is given.
const DEFAULT_PORT: u16 = 8787;

/// The first address of a name such as `localhost`, with or without a port.
fn address(text: &str) -> Result<SocketAddr, String> {
    full_address(text).or_else(|expected| {
        let port = match std::env::var("PORT").ok().filter(|port| !port.is_empty()) {
            Some(port) => port.parse().map_err(|_| format!("the variable PORT is not a port: {port}"))?,
            None => DEFAULT_PORT,
        };
        // A number alone would be taken for an address.
        let named = text.parse::<IpAddr>().is_ok() || text.parse::<u64>().is_err();
        let mut addresses = (text, port).to_socket_addrs().ok().filter(|_| named).ok_or_else(|| expected.clone())?;
        addresses.next().ok_or(expected)
    })
}

/// The first address of a name and a port, such as `localhost:8787`.
fn full_address(text: &str) -> Result<SocketAddr, String> {
    let expected = || "expected an address or a name, and a port, such as 127.0.0.1:8787 or localhost:8787".to_owned();
    text.to_socket_addrs().ok().and_then(|mut addresses| addresses.next()).ok_or_else(expected)
}

fn time(text: &str) -> Result<Duration, String> {
    registry_core::parse::duration(text)
}

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| "expected a number of at least 1".to_owned())
}

fn connections(text: &str) -> Result<usize, String> {
    const MOST: usize = 1_000_000;
    at_least_one(text)
        .ok()
        .filter(|number| *number <= MOST)
        .ok_or_else(|| format!("expected a number from 1 to {MOST}"))
}

/// There are so many long polls that they could take all connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "--max-waiting {waiting} must be less than the {connections} connections that are possible, or nobody could be \
     answered while as many wait"
)]
pub struct TooManyWaiting {
    waiting: usize,
    connections: usize,
}

impl Options {
    /// The directory of the built page, if it is served.
    pub fn static_dir(&self) -> Option<PathBuf> {
        self.static_dir.clone()
    }

    /// The certificate, if the server is to serve HTTPS.
    ///
    /// # Errors
    /// [`TlsError`]
    pub(crate) fn tls(&self) -> Result<Option<Tls>, TlsError> {
        match (&self.tls_self_signed, self.tls_cert.clone().zip(self.tls_key.clone())) {
            (Some(dir), _) => Tls::self_signed(dir, self.listen).map(Some),
            (None, Some((cert, key))) => Tls::load(cert, key).map(Some),
            (None, None) => Ok(None),
        }
    }

    pub(crate) fn body_memory_bytes(&self) -> u64 {
        (self.body_memory as u64).saturating_mul(1024 * 1024)
    }

    /// The configuration of the Registry itself, on a server with this many connections.
    ///
    /// # Errors
    /// [`TooManyWaiting`]
    pub fn config(&self, max_connections: usize) -> Result<Config, TooManyWaiting> {
        let max_waiting = self.max_waiting.unwrap_or(max_connections * 3 / 4);
        if max_waiting >= max_connections {
            return Err(TooManyWaiting { waiting: max_waiting, connections: max_connections });
        }
        let rates = &self.rates;
        Ok(Config {
            ttl: self.ttl.ttl(),
            client_rates: (rates.rate_limits && rates.client_limits).then(|| rates.client_rates()),
            room_rates: rates.rate_limits.then(|| rates.room_rates()),
            max_rooms: self.max_rooms,
            max_rooms_per_client: self.max_rooms_per_client,
            max_waiting,
            extended: !self.base,
            allowed_origins: self.allowed_origins.clone(),
            ..Config::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use registry_core::RoomRates;
    use registry_protocol::limits::Rate;

    use super::*;

    fn options(args: &[&str]) -> Result<Options, clap::Error> {
        Options::try_parse_from([&["registry-server"], args].concat())
    }

    fn parse(args: &[&str]) -> Config {
        options(args).unwrap().config(4096).unwrap()
    }

    #[test]
    fn the_defaults_are_the_base_contract() {
        assert_eq!(parse(&["--max-waiting", "2000"]), Config { max_waiting: 2000, ..Config::default() });
        assert_eq!(parse(&[]).max_waiting, 3072);
    }

    #[test]
    fn options_override_the_defaults() {
        let config = parse(&["--rate-limits", "off", "--ttl-open", "2s", "--max-rooms", "3", "--allowed-origins", "*"]);
        assert_eq!((config.client_rates, config.room_rates), (None, None));
        assert_eq!((config.ttl.open_ms, config.max_rooms), (2000, 3));
        assert_eq!(config.allowed_origins, AllowedOrigins::Any);
        let rates = parse(&["--rate-create", "7/1s", "--people-per-address", "30"]).client_rates.unwrap();
        assert_eq!((rates.create, rates.join), (Rate::new(210, 1000), Rate::new(300, 60_000)));
        let config = parse(&["--client-limits", "off"]);
        assert_eq!((config.client_rates, config.room_rates), (None, Some(RoomRates::default())));
    }

    #[test]
    fn long_polls_cannot_take_all_connections() {
        let refused = options(&["--max-waiting", "4096"]).unwrap().config(4096).unwrap_err();
        assert!(refused.to_string().contains("--max-waiting 4096"));
        assert_eq!(options(&["--max-waiting", "4095"]).unwrap().config(4096).unwrap().max_waiting, 4095);
        assert_eq!(options(&[]).unwrap().config(1).unwrap().max_waiting, 0);
    }

    #[test]
    fn values_are_taken_as_people_write_them() {
        assert!(options(&["--listen", "localhost:8787"]).unwrap().listen.ip().is_loopback());
        assert_eq!(options(&["--listen", "0.0.0.0"]).unwrap().listen.to_string(), "0.0.0.0:8787");
        assert_eq!(options(&["--listen", "::1"]).unwrap().listen.to_string(), "[::1]:8787");
        assert_eq!(parse(&["--ttl-open", "1h"]).ttl.open_ms, 3_600_000);
        for args in [
            ["--ttl-open", "0"],
            ["--max-rooms", "0"],
            ["--max-connections", "0"],
            ["--max-connections", "18446744073709551615"],
            ["--body-timeout", "0s"],
            ["--head-timeout", "1000000000000h"],
            ["--ttl-open", "9000h"],
            ["--listen", "8787"],
            ["--tls-cert", "cert.pem"],
            ["--people-per-address", "0"],
        ] {
            assert!(options(&args).is_err(), "{args:?}");
        }
    }
}
