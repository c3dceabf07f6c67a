//! `cargo xtask serve`: the page and the Registry on one port.

use std::env;
use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, ToSocketAddrs, UdpSocket};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;

use anyhow::{Context, Result, anyhow};
use clap::Args;

use crate::page::{self, Quality};
use crate::process::{say, step};
use crate::programs::SERVER;
use crate::running::{Running, until_interrupted};
use crate::workspace::{cargo, last_change, workspace};

/// Arguments of `cargo xtask serve`.
#[derive(Args)]
pub struct Options {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8787", value_parser = address)]
    listen: SocketAddr,
    /// Rebuild whatever changes
    #[arg(long)]
    dev: bool,
    /// Serve HTTPS, with a certificate made for this machine, so that other devices get a secure context; browsers warn of it
    #[arg(long)]
    tls: bool,
    /// Flags for the server
    #[arg(last = true)]
    server: Vec<OsString>,
}

impl Options {
    /// Whether the limits per address are to be off: the server is for one person at this machine, who would soon meet them,
    /// and has said nothing about them.
    fn lifts_client_limits(&self) -> bool {
        let said = CLIENT_LIMITS.iter().any(|name| {
            let flag = format!("--{name}");
            let variable = format!("REGISTRY_{}", name.to_uppercase().replace('-', "_"));
            let given = |argument: &OsString| argument.to_string_lossy().split('=').next() == Some(&flag);
            // The server takes an empty variable for none.
            self.server.iter().any(given) || env::var_os(variable).is_some_and(|value| !value.is_empty())
        });
        self.listen.ip().is_loopback() && !said
    }

    /// Where a browser finds the page; if the server listens on all addresses, that of this machine on its network.
    fn origin(&self) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        let port = self.listen.port();
        match self.listen.ip() {
            ip if !ip.is_unspecified() => format!("{scheme}://{}", self.listen),
            _ => match network_address() {
                Some(ip) => format!("{scheme}://{}", SocketAddr::new(ip, port)),
                None => format!("{scheme}://localhost:{port}"),
            },
        }
    }
}

/// The settings of the server about limits per address. With proxies, others than this machine's user can be calling.
const CLIENT_LIMITS: [&str; 8] = [
    "client-limits",
    "rate-limits",
    "rate-create",
    "rate-public",
    "rate-join",
    "rate-unauthorized",
    "people-per-address",
    "trusted-proxies",
];

/// This machine's address on its network. Nothing is sent: connecting a UDP socket only looks up the route.
fn network_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

/// The sources of the server.
const SERVER_INPUT: [&str; 4] = ["Cargo.toml", "crates/registry-core", "crates/registry-server", "crates/protocol"];

/// Builds everything, and serves it until Ctrl-C. With `--dev`, Trunk rebuilds the page when its sources change, and the server
/// is rebuilt and restarted when its own sources change.
pub fn run(options: &Options) -> Result<ExitCode> {
    check_address(options.listen)?;
    let quality = if options.dev { Quality::Dev } else { Quality::Release };
    let mut serve = SERVER.at(build(quality)?);
    serve.args(["--listen", &options.listen.to_string(), "--static"]).arg(&workspace().dist);
    if options.tls {
        serve.arg("--tls-self-signed").arg(workspace().target.join("tls"));
    }
    let lifted = options.lifts_client_limits();
    if lifted {
        serve.args(["--client-limits", "off"]);
    }
    serve.args(&options.server);
    let mut server = Running::start(&mut serve)?;
    let mut watch = options.dev.then(|| Running::start(page::trunk()?.args(["watch", "--offline"]))).transpose()?;
    if options.listen.port() != 0 {
        say(&format!("open {} in two browser windows; Ctrl-C stops", options.origin()));
    }
    if lifted {
        say("limits per address are off, since only this machine can connect; -- --client-limits on enables them");
    }
    let mut built_from = last_change(&SERVER_INPUT);
    until_interrupted(|| {
        server.check("the server")?;
        let Some(watch) = &mut watch else { return Ok(()) };
        watch.check("Trunk")?;
        if built_from != last_change(&SERVER_INPUT) {
            built_from = last_change(&SERVER_INPUT);
            match build_server(Quality::Dev) {
                Ok(_) => {
                    server.stop();
                    server = Running::start(&mut serve)?;
                    say("the Registry was restarted; its rooms are gone");
                }
                Err(error) => say(&format!("{error:#}")),
            }
        }
        Ok(())
    })
}

/// Builds the server and the page at the same time. The page is compiled as soon as the compiler is ready, while other tools
/// are still being installed. The result is the path of the server.
fn build(quality: Quality) -> Result<PathBuf> {
    thread::scope(|scope| {
        let server = scope.spawn(|| build_server(quality));
        scope.spawn(page::set_up);
        page::compile(quality)?;
        page::build(quality)?;
        server.join().map_err(|_| anyhow!("building the server panicked; its message is above"))?
    })
}

/// Builds the server. The result is its path.
pub fn build_server(quality: Quality) -> Result<PathBuf> {
    let (profile, folder) = if quality == Quality::Release { ("release", "release") } else { ("dev", "debug") };
    let package = ["--package", "registry-server", "--bin", "registry-server", "--profile", profile];
    step("compiling the Registry", cargo("build").args(package))?;
    Ok(workspace().target.join(folder).join(SERVER.file_name()))
}

/// Parses an address such as `localhost:8787` or `0.0.0.0:80`.
pub fn address(text: &str) -> Result<SocketAddr> {
    text.to_socket_addrs()?.next().context("no such address")
}

/// Checks that the address can be listened on, before a build that may take minutes.
pub fn check_address(listen: SocketAddr) -> Result<()> {
    let hint = || format!("cannot listen on {listen}; choose another address with --listen");
    TcpListener::bind(listen).map(drop).with_context(hint)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Program {
        #[command(flatten)]
        options: Options,
    }

    fn lifts(args: &[&str]) -> bool {
        Program::parse_from([&["serve"], args].concat()).options.lifts_client_limits()
    }

    #[test]
    fn limits_per_address_are_lifted_only_for_this_machine_and_if_nothing_is_said_of_them() {
        assert!(lifts(&[]) && lifts(&["--", "--ttl-open", "2s"]));
        assert!(!lifts(&["--listen", "0.0.0.0:8787"]));
        for name in CLIENT_LIMITS {
            assert!(!lifts(&["--", &format!("--{name}"), "1"]) && !lifts(&["--", &format!("--{name}=1")]), "{name}");
        }
    }
}
