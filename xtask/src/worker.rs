//! `cargo xtask worker`: the Registry as a Cloudflare Worker, built and run on this machine.

use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::hash;
use crate::headers;
use crate::page::{self, Quality, Tools, files_below};
use crate::process::{output, say, silently};
use crate::programs::{WASM_BINDGEN, WRANGLER};
use crate::running::Running;
use crate::serve::check_port;
use crate::setup;
use crate::shrink;
use crate::toolchain::TARGET;
use crate::tools::Npm;
use crate::workspace::{Workspace, remove_dir};

/// The Worker's folder in the checkout.
pub const FOLDER: &str = "crates/registry-worker";
/// Its package.
pub const PACKAGE: &str = "registry-worker";
/// How it is compiled: small, with the usual standard library. A profile of its own keeps cargo from compiling everything
/// anew each time the page, which has another library, was compiled in between.
const PROFILE: &str = "worker";
/// How long wrangler may take until the Worker answers.
const READY: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(100);

/// What was asked for.
pub struct Options {
    /// Where the Worker listens.
    pub listen: SocketAddr,
    /// Further flags for wrangler.
    pub wrangler: Vec<OsString>,
}

/// Builds the Worker with its page, and has wrangler bundle them as it would to deploy them.
pub fn build(workspace: &Workspace) -> Result<()> {
    let npm = assemble(workspace)?;
    let bundle = bundle_folder(workspace);
    let mut dry_run = wrangler(workspace, &npm);
    dry_run.args(["deploy", "--dry-run", "--outdir"]).arg(&bundle);
    let text = output(&mut dry_run).context("wrangler would not deploy this")?;
    let size = text.lines().find(|line| line.contains("Total Upload")).unwrap_or("wrangler says no size");
    say(&format!("Worker: built; {}", size.trim()));
    Ok(())
}

/// Builds the Worker and runs it under wrangler until Ctrl-C.
pub fn dev(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    let listen = free_port(options.listen)?;
    let npm = assemble(workspace)?;
    let stopping = Arc::new(AtomicBool::new(false));
    let stop = stopping.clone();
    ctrlc::set_handler(move || stop.store(true, Ordering::SeqCst)).context("cannot listen for Ctrl-C")?;
    let mut dev = wrangler(workspace, &npm);
    dev.args(["dev", "--ip", &listen.ip().to_string(), "--port", &listen.port().to_string()]);
    dev.args(["--inspector-port", "0"]).args(&options.wrangler);
    let mut running = Running::start(&mut dev)?;
    let started = Instant::now();
    let mut ready = false;
    while !stopping.load(Ordering::SeqCst) {
        if let Some(status) = running.ended()? {
            bail!("wrangler ended by itself ({status}); its message is above");
        }
        if !ready && answers(listen) {
            ready = true;
            println!("listening on http://{listen}");
        }
        if !ready && started.elapsed() > READY {
            bail!("the Worker does not answer on {listen}; wrangler's messages are above");
        }
        thread::sleep(POLL);
    }
    running.stop();
    Ok(ExitCode::SUCCESS)
}

/// Everything that wrangler takes: the Worker's script and wasm, and the page with its headers.
fn assemble(workspace: &Workspace) -> Result<Npm> {
    let (tools, npm) = setup::worker_tools(workspace)?;
    page::build(workspace, &tools, Quality::Release)?;
    let mut cargo = tools.toolchain.cargo(workspace, "build");
    silently("compiling the Worker", cargo.args(["--package", PACKAGE, "--lib", "--profile", PROFILE]))?;
    let _lock = workspace.lock("worker")?;
    let build = workspace.root.join(FOLDER).join("build");
    let compiled = workspace.wasm_target.join(TARGET).join(PROFILE).join("registry_worker.wasm");
    let identity = hash::hex(&fs::read(&compiled).context("cargo made no Worker")?);
    let stamp = build.join("stamp");
    if !fs::read_to_string(&stamp).is_ok_and(|old| old == identity) {
        remove_dir(&build)?;
        bind(workspace, &tools, &compiled, &build)?;
        fs::write(stamp, identity)?;
    }
    copy_page(workspace, &build.join("page"))?;
    Ok(npm)
}

/// Runs wasm-bindgen and wasm-opt. The two further options let the Worker start anew after a trap, which the glue has to
/// catch.
fn bind(workspace: &Workspace, tools: &Tools, compiled: &Path, build: &Path) -> Result<()> {
    let mut bindgen = WASM_BINDGEN.at(&tools.bindgen.bindgen);
    bindgen.args(["--target", "module", "--no-typescript", "--out-name", "index", "--out-dir"]).arg(build);
    bindgen.args(["--experimental-reset-state-function", "--force-enable-abort-handler"]).arg(compiled);
    silently("wasm-bindgen", &mut bindgen)?;
    let glue = build.join("index.js");
    let text = fs::read_to_string(&glue).context("wasm-bindgen made no glue")?;
    // Wrangler knows modules of wasm, but not yet by this name.
    fs::write(&glue, text.replace("import source ", "import "))?;
    let wasm = build.join("index_bg.wasm");
    shrink::shrink(workspace, tools, &["--enable-exception-handling"], &wasm, &wasm)
}

/// The page as the platform wants it: it compresses by itself, and is told which headers to add.
fn copy_page(workspace: &Workspace, folder: &Path) -> Result<()> {
    remove_dir(folder)?;
    for file in files_below(&workspace.dist)? {
        let packed = file.extension().is_some_and(|ending| ending == "br" || ending == "gz");
        let target = folder.join(file.strip_prefix(&workspace.dist)?);
        if let (false, Some(parent)) = (packed, target.parent()) {
            fs::create_dir_all(parent)?;
            fs::copy(&file, &target).with_context(|| format!("cannot copy {}", file.display()))?;
        }
    }
    fs::write(folder.join("_headers"), headers::of(folder)?).context("cannot write the page's headers")
}

/// A wrangler that keeps to this machine: it fetches nothing, reports nothing and looks for no newer version.
fn wrangler(workspace: &Workspace, npm: &Npm) -> Command {
    let mut wrangler = npm.program(&WRANGLER);
    wrangler.current_dir(workspace.root.join(FOLDER));
    wrangler.envs([("CLOUDFLARE_CF_FETCH_ENABLED", "false"), ("WRANGLER_HIDE_BANNER", "true")]);
    wrangler.envs([("WRANGLER_SEND_METRICS", "false"), ("WRANGLER_SEND_ERROR_REPORTS", "false")]);
    let state = workspace.target.join("wrangler");
    wrangler.env("WRANGLER_LOG_PATH", state.join("logs")).env("WRANGLER_REGISTRY_PATH", state.join("registry"));
    wrangler
}

fn bundle_folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("wrangler/bundle")
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
