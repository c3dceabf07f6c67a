//! `cargo xtask serve`: the page and the Registry on one port.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, fs, io};

use anyhow::{Context, Result, bail};

use crate::hash;
use crate::page::{self, Quality, Tools};
use crate::process::{say, silently};
use crate::programs::{CARGO, OPENER, SERVER, XTASK};
use crate::running::Running;
use crate::setup;
use crate::workspace::Workspace;

/// What was asked for.
pub struct Options {
    /// Where the Registry listens.
    pub listen: SocketAddr,
    /// Rebuild whatever changes.
    pub dev: bool,
    /// Show the page in the person's browser.
    pub open: bool,
    /// Further flags for the server.
    pub server: Vec<std::ffi::OsString>,
}

const POLL: Duration = Duration::from_millis(300);
const PAGE_INPUT: [&str; 8] =
    ["src", "static", "index.html", "Trunk.toml", "Cargo.toml", "crates/client", "crates/js", "crates/protocol"];
const SERVER_INPUT: [&str; 4] = ["Cargo.toml", "crates/registry-core", "crates/registry-server", "crates/protocol"];

/// Sets up, builds, and serves until Ctrl-C.
pub fn run(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    check_port(options.listen)?;
    let quality = if options.dev { Quality::Dev } else { Quality::Release };
    let (tools, server) = build(workspace, quality)?;
    let mut serve = SERVER.at(&server);
    serve.args(["--listen", &options.listen.to_string(), "--static"]).arg(&workspace.dist).args(&options.server);
    announce(options)?;
    match options.dev {
        true => develop(workspace, &tools, &mut serve),
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
    silently("compiling the Registry", &mut cargo)?;
    Ok(workspace.target.join(folder).join(format!("registry-server{}", env::consts::EXE_SUFFIX)))
}

/// The server and the page at the same time; the page's compiler starts as soon as its toolchain is there.
fn build(workspace: &Workspace, quality: Quality) -> Result<(Tools, PathBuf)> {
    thread::scope(|scope| {
        let server = scope.spawn(|| build_server(workspace, quality));
        let tools = setup::page_tools(workspace, |toolchain| page::compile(workspace, toolchain, quality).map(drop));
        let server = setup::join(server);
        let tools = tools?;
        page::build(workspace, &tools, quality)?;
        Ok((tools, server?))
    })
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

/// Runs the server and rebuilds page and server when their sources change. Rooms do not outlive the server.
fn develop(workspace: &Workspace, tools: &Tools, serve: &mut Command) -> Result<ExitCode> {
    let stopping = Arc::new(AtomicBool::new(false));
    let stop = stopping.clone();
    ctrlc::set_handler(move || stop.store(true, Ordering::SeqCst)).context("cannot listen for Ctrl-C")?;
    let mut server = Running::start(serve)?;
    let (mut page, mut binary) = (state_of(workspace, &PAGE_INPUT), state_of(workspace, &SERVER_INPUT));
    while !stopping.load(Ordering::SeqCst) {
        if let Some(status) = server.ended()? {
            bail!("the server ended by itself ({status}); its message is above");
        }
        if changed(&mut page, state_of(workspace, &PAGE_INPUT)) {
            report(page::build(workspace, tools, Quality::Dev), "page: rebuilt; reload it");
        }
        if changed(&mut binary, state_of(workspace, &SERVER_INPUT)) {
            let built = build_server(workspace, Quality::Dev).and_then(|_| {
                server.stop();
                server = Running::start(serve)?;
                Ok(())
            });
            report(built, "Registry: restarted; its rooms are gone");
        }
        thread::sleep(POLL);
    }
    server.stop();
    Ok(ExitCode::SUCCESS)
}

fn report(result: Result<()>, success: &str) {
    match result {
        Ok(()) => say(success),
        Err(error) => say(&format!("{error:#}")),
    }
}

fn changed(known: &mut String, now: String) -> bool {
    let changed = *known != now;
    *known = now;
    changed
}

/// Changes when a file is added, removed or written. A file that vanishes while we look counts as not there.
fn state_of(workspace: &Workspace, paths: &[&str]) -> String {
    let files = paths.iter().flat_map(|path| page::files_below(&workspace.root.join(path)).unwrap_or_default());
    let times = files.map(|file| {
        let time = fs::metadata(&file).and_then(|data| data.modified()).ok();
        format!("{} {time:?}", file.display())
    });
    hash::hex(times.collect::<Vec<_>>().join("\n").as_bytes())
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

    #[test]
    fn a_change_is_seen_once() {
        let mut known = "a".to_owned();
        assert!(changed(&mut known, "b".to_owned()));
        assert!(!changed(&mut known, "b".to_owned()));
    }
}
