//! `cargo xtask serve`: the page and the Registry on one port.

use std::env;
use std::ffi::OsString;
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, bail};
use clap::Args;
use walkdir::WalkDir;

use crate::page::{self, Quality};
use crate::part::Need;
use crate::process::{quietly, say};
use crate::programs::{CARGO, OPENER, SERVER, XTASK};
use crate::running::{Running, interrupted};
use crate::setup::Tools;
use crate::workspace::Workspace;

/// What was asked for.
#[derive(Args)]
pub struct Options {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8787", value_parser = address)]
    pub listen: SocketAddr,
    /// Rebuild whatever changes
    #[arg(long)]
    pub dev: bool,
    /// Show the page in a browser
    #[arg(long)]
    pub open: bool,
    /// Flags for the server
    #[arg(last = true)]
    pub server: Vec<OsString>,
}

const POLL: Duration = Duration::from_millis(300);
/// What the server is made of.
const SERVER_INPUT: [&str; 4] = ["Cargo.toml", "crates/registry", "crates/registry-server", "crates/protocol"];

/// Sets up, builds, and serves until Ctrl-C.
pub fn run(tools: &Tools<'_>, options: &Options) -> Result<ExitCode> {
    check_port(options.listen)?;
    let quality = if options.dev { Quality::Dev } else { Quality::Release };
    let server = build(tools, quality)?;
    let mut serve = SERVER.at(&server);
    serve.args(["--listen", &options.listen.to_string(), "--static"]).arg(&tools.workspace.dist).args(&options.server);
    announce(options)?;
    match options.dev {
        true => develop(tools, &mut serve),
        false => become_server(serve),
    }
}

/// The server's binary, built with the given cargo profile.
pub fn build_server(workspace: &Workspace, quality: Quality) -> Result<PathBuf> {
    let mut cargo = CARGO.command();
    cargo.args(["build", "--package", "registry-server", "--bin", "registry-server"]).current_dir(&workspace.root);
    let folder = match quality {
        Quality::Release => {
            cargo.arg("--release");
            "release"
        }
        Quality::Dev => "debug",
    };
    quietly("compiling the Registry", &mut cargo)?;
    Ok(workspace.target.join(folder).join(SERVER.file_name()))
}

/// The server and the page at the same time. The page is compiled as soon as there is a compiler, while the other tools are
/// still being installed.
fn build(tools: &Tools<'_>, quality: Quality) -> Result<PathBuf> {
    thread::scope(|scope| {
        let server = scope.spawn(|| build_server(tools.workspace, quality));
        tools.prepare(scope, [Need::Page]);
        page::compile(tools, quality)?;
        page::build(tools, quality)?;
        server.join().map_err(|_| anyhow::anyhow!("building the server panicked; its message is above"))?
    })
}

/// An address as it is written: `localhost:8787`, `0.0.0.0:80`.
pub fn address(text: &str) -> Result<SocketAddr> {
    text.to_socket_addrs()?.next().context("no such address")
}

/// Fails before the minutes of a first build when the port is taken.
pub fn check_port(listen: SocketAddr) -> Result<()> {
    match TcpListener::bind(listen) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => bail!(
            "port {} is taken: stop what listens on it, or choose another with --listen {}:PORT (0 picks a free one)",
            listen.port(),
            listen.ip()
        ),
        Err(error) => Err(error).with_context(|| format!("cannot listen on {listen}; choose another with --listen")),
    }
}

fn announce(options: &Options) -> Result<()> {
    if options.listen.port() == 0 {
        say("the server prints its address; Ctrl-C stops it");
        return Ok(());
    }
    say(&format!("open http://{} in two browser windows; Ctrl-C stops", options.listen));
    if options.open {
        XTASK.at(env::current_exe()?).args(["open-when-ready", &options.listen.to_string()]).spawn()?;
    }
    Ok(())
}

/// Waits for the server and shows the page in the person's browser. A process of its own: `serve` becomes the server.
pub fn open_when_ready(address: SocketAddr) -> Result<()> {
    let started = Instant::now();
    while TcpStream::connect(address).is_err() {
        if started.elapsed() > Duration::from_secs(20) {
            bail!("the server did not come up");
        }
        thread::sleep(POLL);
    }
    let opener = OPENER.find().context("no program to open a browser with; open the address by hand")?;
    OPENER.at(opener).arg(format!("http://{address}")).status().context("the browser did not open")?;
    Ok(())
}

/// Replaces this process by the server, so that signals reach it and nothing else is left to stop.
#[cfg(unix)]
fn become_server(mut serve: Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(serve.exec()).context("cannot start the server")
}

#[cfg(not(unix))]
fn become_server(mut serve: Command) -> Result<ExitCode> {
    let status = serve.status().context("cannot start the server")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs the server, has Trunk rebuild the page when its sources change, and does the same for the server. Rooms do not
/// outlive the server.
fn develop(tools: &Tools<'_>, serve: &mut Command) -> Result<ExitCode> {
    let interrupted = interrupted()?;
    let mut watch = page::trunk(tools)?;
    let mut watch = Running::start(watch.args(["watch", "--offline"]))?;
    let mut server = Running::start(serve)?;
    let mut built_from = last_change(tools.workspace);
    while !interrupted.load(Ordering::SeqCst) {
        if let Some(status) = server.ended()? {
            bail!("the server ended by itself ({status}); its message is above");
        }
        if let Some(status) = watch.ended()? {
            bail!("Trunk ended by itself ({status}); its message is above");
        }
        let now = last_change(tools.workspace);
        if now != built_from {
            built_from = now;
            match build_server(tools.workspace, Quality::Dev) {
                Ok(_) => {
                    server.stop();
                    server = Running::start(serve)?;
                    say("Registry: restarted; its rooms are gone");
                }
                Err(error) => say(&format!("{error:#}")),
            }
        }
        thread::sleep(POLL);
    }
    Ok(ExitCode::SUCCESS)
}

/// When the server's sources were last written. A file that vanishes while we look counts as not there.
fn last_change(workspace: &Workspace) -> Option<SystemTime> {
    let files = SERVER_INPUT.iter().flat_map(|path| WalkDir::new(workspace.root.join(path))).flatten();
    files.filter_map(|file| file.metadata().ok()?.modified().ok()).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_reported_with_what_to_do() {
        let holder = TcpListener::bind("127.0.0.1:0").unwrap();
        let error = check_port(holder.local_addr().unwrap()).unwrap_err().to_string();
        assert!(error.contains("is taken") && error.contains("--listen"), "{error}");
        assert!(check_port("127.0.0.1:0".parse().unwrap()).is_ok());
    }
}
