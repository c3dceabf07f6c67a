//! `cargo xtask worker`: the Registry as a Cloudflare Worker, built and run on this machine.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::process::{Command, ExitCode};
use std::thread;

use anyhow::{Context, Result};
use clap::Args;

use crate::page::{self, Quality};
use crate::process::{output, say};
use crate::programs::WRANGLER;
use crate::running::{Running, until_interrupted};
use crate::serve::{address, check_address};
use crate::wasm;
use crate::workspace::{lock, remove_dir, workspace};

/// The Worker's folder in the checkout.
pub const FOLDER: &str = "crates/registry-worker";
/// Its package.
pub const PACKAGE: &str = "registry-worker";

/// Arguments of `cargo xtask worker dev`.
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

/// Builds the Worker, and lets wrangler bundle it with the page in `dist` in a dry run of a deployment.
pub fn build() -> Result<()> {
    compile()?;
    let mut dry_run = wrangler()?;
    dry_run.args(["deploy", "--dry-run", "--outdir"]).arg(workspace().target.join("wrangler/bundle"));
    let text = output(&mut dry_run).context("wrangler cannot deploy this")?;
    let size = text.lines().find(|line| line.contains("Total Upload")).unwrap_or("wrangler printed no size");
    say(&format!("Worker: built; {}", size.trim()));
    Ok(())
}

/// Builds the Worker and the page, and runs them under wrangler until Ctrl-C.
pub fn dev(options: &Options) -> Result<ExitCode> {
    let listen = options.listen;
    check_address(listen)?;
    if !options.as_built {
        page::build(Quality::Release)?;
        compile()?;
    }
    let mut dev = wrangler()?;
    dev.args(["dev", "--ip", &listen.ip().to_string(), "--port", &listen.port().to_string()]);
    dev.args(["--inspector-port", "0"]).args(&options.wrangler);
    let (mut running, lines) = Running::with_lines(&mut dev)?;
    thread::spawn(|| {
        lines.for_each(|line| match line.split_once("Ready on ") {
            Some((_, address)) => println!("listening on {address}"),
            None => println!("{line}"),
        });
    });
    until_interrupted(|| running.check("wrangler"))
}

/// Builds the Worker's script and WebAssembly, which `wrangler.toml` refers to. Two of the options of wasm-bindgen let the
/// Worker restart after a trap.
fn compile() -> Result<()> {
    let compiled = wasm::compile(PACKAGE)?;
    let _lock = lock("worker")?;
    let build = workspace().root.join(FOLDER).join("build");
    remove_dir(&build)?;
    let flags = ["--target", "module", "--experimental-reset-state-function", "--force-enable-abort-handler"];
    // Wrangler supports imports of WebAssembly modules, but not this syntax yet.
    wasm::bind(&compiled, &build, "index", &flags, |glue| glue.replace("import source ", "import "))?;
    let wasm = build.join("index_bg.wasm");
    wasm::optimise(&["--enable-exception-handling"], &wasm, &wasm)
}

/// A command of wrangler that does not use the network: no downloads, no telemetry, no check for updates.
fn wrangler() -> Result<Command> {
    let mut wrangler = WRANGLER.installed()?;
    wrangler.current_dir(workspace().root.join(FOLDER));
    wrangler.envs([("CLOUDFLARE_CF_FETCH_ENABLED", "false"), ("WRANGLER_HIDE_BANNER", "true")]);
    wrangler.envs([("WRANGLER_SEND_METRICS", "false"), ("WRANGLER_SEND_ERROR_REPORTS", "false")]);
    let state = workspace().target.join("wrangler");
    wrangler.env("WRANGLER_LOG_PATH", state.join("logs")).env("WRANGLER_REGISTRY_PATH", state.join("registry"));
    Ok(wrangler)
}
