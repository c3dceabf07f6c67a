//! `cargo xtask worker`: the Registry as a Cloudflare Worker, built and run on this machine.

use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::page::{self, Quality};
use crate::process::{output, quietly, say};
use crate::programs::WRANGLER;
use crate::running::{Running, until_interrupted};
use crate::serve::{address, check_port};
use crate::wasm;
use crate::workspace::{lock, remove_dir, workspace};

/// The Worker's folder in the checkout.
pub const FOLDER: &str = "crates/registry-worker";
/// Its package.
pub const PACKAGE: &str = "registry-worker";
/// How long wrangler may take until the Worker answers.
const READY: Duration = Duration::from_secs(60);

/// What was asked for.
#[derive(Args)]
pub struct Options {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8788", value_parser = address)]
    listen: SocketAddr,
    /// Run what was built before
    #[arg(long)]
    as_built: bool,
    /// Flags for wrangler
    #[arg(last = true)]
    wrangler: Vec<OsString>,
}

/// Builds the Worker, and has wrangler bundle it and the page, which must be there, as it would to deploy them.
pub fn build() -> Result<()> {
    compile()?;
    let mut dry_run = wrangler()?;
    dry_run.args(["deploy", "--dry-run", "--outdir"]).arg(workspace().target.join("wrangler/bundle"));
    let text = output(&mut dry_run).context("wrangler would not deploy this")?;
    let size = text.lines().find(|line| line.contains("Total Upload")).unwrap_or("wrangler says no size");
    say(&format!("Worker: built; {}", size.trim()));
    Ok(())
}

/// Builds the Worker and the page, and runs them under wrangler until Ctrl-C.
pub fn dev(options: &Options) -> Result<ExitCode> {
    let listen = free_port(options.listen)?;
    if !options.as_built {
        page::build(Quality::Release)?;
        compile()?;
    }
    let mut dev = wrangler()?;
    dev.args(["dev", "--ip", &listen.ip().to_string(), "--port", &listen.port().to_string()]);
    dev.args(["--inspector-port", "0"]).args(&options.wrangler);
    let mut running = Running::start(&mut dev)?;
    let started = Instant::now();
    let mut ready = false;
    until_interrupted(|| {
        running.check("wrangler")?;
        if !ready && answers(listen) {
            ready = true;
            println!("listening on http://{listen}");
        }
        if !ready && started.elapsed() > READY {
            bail!("the Worker does not answer on {listen}; wrangler's messages are above");
        }
        Ok(())
    })
}

/// Makes the Worker's script and WebAssembly, which `wrangler.toml` names. The two further options of wasm-bindgen let the
/// Worker start anew after a trap, which the glue has to catch.
fn compile() -> Result<()> {
    let compiled = wasm::compile(PACKAGE)?;
    let _lock = lock("worker")?;
    let build = workspace().root.join(FOLDER).join("build");
    remove_dir(&build)?;
    let mut bindgen = wasm::bindgen(&compiled, "index", &build)?;
    bindgen.args(["--target", "module", "--experimental-reset-state-function", "--force-enable-abort-handler"]);
    quietly("wasm-bindgen", &mut bindgen)?;
    let glue = build.join("index.js");
    let text = fs::read_to_string(&glue).context("wasm-bindgen made no glue")?;
    // Wrangler knows modules of wasm, but not yet by this name.
    fs::write(&glue, text.replace("import source ", "import "))?;
    let wasm = build.join("index_bg.wasm");
    wasm::optimise(&["--enable-exception-handling"], &wasm, &wasm)
}

/// A wrangler that keeps to this machine: it fetches nothing, reports nothing and looks for no newer version.
fn wrangler() -> Result<Command> {
    let mut wrangler = WRANGLER.installed()?;
    wrangler.current_dir(workspace().root.join(FOLDER));
    wrangler.envs([("CLOUDFLARE_CF_FETCH_ENABLED", "false"), ("WRANGLER_HIDE_BANNER", "true")]);
    wrangler.envs([("WRANGLER_SEND_METRICS", "false"), ("WRANGLER_SEND_ERROR_REPORTS", "false")]);
    let state = workspace().target.join("wrangler");
    wrangler.env("WRANGLER_LOG_PATH", state.join("logs")).env("WRANGLER_REGISTRY_PATH", state.join("registry"));
    Ok(wrangler)
}

/// The address with a port that is free now: wrangler tells nobody which one it took.
fn free_port(listen: SocketAddr) -> Result<SocketAddr> {
    check_port(listen)?;
    match listen.port() {
        0 => Ok(TcpListener::bind(listen)?.local_addr()?),
        _ => Ok(listen),
    }
}

/// Whether the Registry itself answers, not merely the port.
fn answers(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        stream.write_all(b"OPTIONS /rooms HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer.starts_with("HTTP/1.1 204"))
    };
    ask().unwrap_or(false)
}
